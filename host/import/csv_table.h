// Samples and labels from tables as text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "host/import/byte_reader.h"
#include "host/import/sample_file.h"

namespace systol {

/// A sample a row; a header is passed over. Throws InputError, with line and column, for what is no
/// number, and for a row of another length than the first.
SampleFile read_csv_samples(ByteReader& reader, std::size_t most);

/// A whole number a row; a header is passed over. Throws InputError, with line and column, for
/// anything else.
std::vector<std::uint32_t> read_csv_labels(ByteReader& reader);

}  // namespace systol
