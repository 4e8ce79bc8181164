// Arrays as NumPy's .npy files.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "host/graph/shape.h"

namespace systol {

/// The header of version 1.0, after which the numbers follow in C order. `type` is NumPy's dtype of
/// little endian numbers, such as "<f4" or "|i1".
std::string npy_header(std::string_view type, const Shape& shape);

/// float32.
std::string npy_text(std::span<const float> values, const Shape& shape);

/// The bytes of int8 values, to follow their header.
std::string_view bytes_of(std::span<const std::int8_t> values);

/// A sample's shape with the number of samples before it.
Shape with_samples(std::uint64_t samples, const Shape& shape);

}  // namespace systol
