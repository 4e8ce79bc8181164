// The extents of a tensor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace systol {

/// Outermost dimension first; no dimension is one value.
using Shape = std::vector<std::int64_t>;

/// Of an image: [rows][columns][channels].
inline constexpr std::size_t kImageRank = 3;

/// The number of values; extents are at least 1 and their product fits (the importers see to it).
std::uint64_t elements(const Shape& shape);

/// Where value `index` of the shape is, row-major: "[2, 0, 5]".
std::string place_text(const Shape& shape, std::size_t index);

/// "[1, 28, 28]"
std::string to_string(const Shape& shape);

}  // namespace systol
