// NumPy's .npy format, versions 1 to 3.
#pragma once

#include "host/import/array_file.h"

namespace systol {

bool is_npy(std::string_view start);

/// The header. Throws InputError for one that is none, and for arrays that are in Fortran order or
/// whose elements are no plain numbers.
ArrayHeader read_npy_header(ByteReader& reader);

}  // namespace systol
