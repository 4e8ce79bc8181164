// A part of a tensor: some indices of each of its axes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "host/graph/shape.h"

namespace systol {

/// Indices [first, end) of an axis.
struct Span {
  std::uint64_t first = 0;
  std::uint64_t end = 0;
  std::uint64_t count() const { return end - first; }
  bool operator==(const Span&) const = default;
};

/// By the axes of a tensor's shape.
using TensorPart = std::vector<Span>;

TensorPart whole_part(const Shape& shape);
/// How many of each axis.
Shape shape_of(const TensorPart& part);

/// How a tensor is cut into parts whose values follow each other: `extent` indices of one axis, of
/// those before it one, of those after it all.
struct BandCut {
  std::size_t axis = 0;
  std::uint64_t extent = 0;
  bool operator==(const BandCut&) const = default;
};

/// Values of a tensor of this shape for each index of an axis, all axes after it.
std::uint64_t values_of_index(const Shape& shape, std::size_t axis);
/// How many parts there are.
std::uint64_t parts_of(const Shape& shape, const BandCut& cut);
/// Calls `action` for each of them, in the order of their values.
void for_each_band(const Shape& shape, const BandCut& cut,
                   const std::function<void(const TensorPart&)>& action);

}  // namespace systol
