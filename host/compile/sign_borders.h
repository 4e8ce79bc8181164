// Places of a convolution's output whose windows reach the same way into the borders of its input.
#pragma once

#include <cstdint>
#include <vector>

#include "host/graph/graph.h"

namespace systol {

/// Along an axis: places [first, first + count), whose windows have the kernel's places
/// [begin, end) in the image and the others in its borders.
struct BorderSpan {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::int64_t begin = 0;
  std::int64_t end = 0;
  bool operator==(const BorderSpan&) const = default;
};

/// A rectangle of an output image.
struct BorderPlaces {
  BorderSpan y;
  BorderSpan x;
};

/// All places of the output of a convolution along an axis, in order.
std::vector<BorderSpan> border_spans(const Window& window, std::size_t axis, std::int64_t image,
                                     std::int64_t kernel);

/// All places of a convolution's output, spans of y outermost. One of all where no window reaches
/// into a border.
std::vector<BorderPlaces> border_places(const Graph& graph, const Node& node);

}  // namespace systol
