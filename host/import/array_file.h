// Arrays of numbers in files that say their type and shape first: IDX and .npy.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "host/graph/shape.h"
#include "host/import/byte_reader.h"
#include "host/import/number_type.h"

namespace systol {

struct ArrayHeader {
  std::string_view kind;  ///< "IDX" or ".npy", for errors
  NumberFormat format;
  Shape shape;  ///< of the whole array, outermost dimension first
};

/// Throws InputError for an extent of 0, and for more bytes than a file can have.
void check_extents(const ByteReader& reader, const ArrayHeader& header);

/// The first `kept` numbers of the array's body, which follows its header. Memory grows with what
/// is there and not with what the header says. Throws InputError where more or fewer bytes follow
/// than it says.
std::vector<double> read_numbers(ByteReader& reader, const ArrayHeader& header, std::size_t kept);

/// The same as float32. Throws InputError for a number that is none there, with its place.
std::vector<float> read_floats(ByteReader& reader, const ArrayHeader& header, std::size_t kept);

}  // namespace systol
