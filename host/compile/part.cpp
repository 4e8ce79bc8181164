#include "host/compile/part.h"

#include <algorithm>

namespace systol {

TensorPart whole_part(const Shape& shape) {
  TensorPart part;
  for (const std::int64_t extent : shape) {
    part.push_back({0, static_cast<std::uint64_t>(extent)});
  }
  return part;
}

Shape shape_of(const TensorPart& part) {
  Shape shape;
  for (const Span& span : part) {
    shape.push_back(static_cast<std::int64_t>(span.count()));
  }
  return shape;
}

std::uint64_t values_of_index(const Shape& shape, std::size_t axis) {
  std::uint64_t values = 1;
  for (std::size_t i = axis + 1; i < shape.size(); ++i) {
    values *= static_cast<std::uint64_t>(shape[i]);
  }
  return values;
}

std::uint64_t parts_of(const Shape& shape, const BandCut& cut) {
  const auto extent = static_cast<std::uint64_t>(shape[cut.axis]);
  const std::uint64_t rows = elements(shape) / (values_of_index(shape, cut.axis) * extent);
  return rows * ((extent + cut.extent - 1) / cut.extent);
}

void for_each_band(const Shape& shape, const BandCut& cut,
                   const std::function<void(const TensorPart&)>& action) {
  const auto extent = static_cast<std::uint64_t>(shape[cut.axis]);
  const std::uint64_t rows = elements(shape) / (values_of_index(shape, cut.axis) * extent);
  TensorPart part = whole_part(shape);
  for (std::uint64_t row = 0; row < rows; ++row) {
    std::uint64_t rest = row;
    for (std::size_t axis = cut.axis; axis-- > 0;) {
      const auto of_axis = static_cast<std::uint64_t>(shape[axis]);
      part[axis] = {rest % of_axis, rest % of_axis + 1};
      rest /= of_axis;
    }
    for (std::uint64_t first = 0; first < extent; first += cut.extent) {
      part[cut.axis] = {first, std::min(extent, first + cut.extent)};
      action(part);
    }
  }
}

}  // namespace systol
