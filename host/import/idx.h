// The IDX format, the one MNIST comes in.
#pragma once

#include "host/import/array_file.h"

namespace systol {

/// Whether a file that begins with these bytes can be IDX: with two zero bytes.
bool is_idx(std::string_view start);

/// The header: two zero bytes, the type, the number of dimensions, each dimension in 32 bits with
/// the most significant byte first. Throws InputError for one that is none.
ArrayHeader read_idx_header(ByteReader& reader);

}  // namespace systol
