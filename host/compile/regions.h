// What of its inputs a step needs for some of its output: indices of the tensors' first axes.
#pragma once

#include <cstdint>

#include "host/compile/frame.h"

namespace systol {

/// Indices of a tensor's first axis, and how many of its borders before and after belong to them.
struct Region {
  std::uint64_t first = 0;
  std::uint64_t end = 0;
  std::uint64_t top = 0;
  std::uint64_t bottom = 0;
};

/// The indices of a padded tensor's first axis, of `extent`, that come to lie in [first, end) of
/// the output's; the same index twice where there are none.
Region rows_placed(const Pad& pad, std::uint64_t extent, std::uint64_t first, std::uint64_t end);

/// What of the node's input `input` the output's indices [first, end) are made from.
Region region_read(const Graph& graph, const Step& step, std::size_t input, std::uint64_t first,
                   std::uint64_t end);

/// How a region of the input lies in the buffer: with the columns' borders that the step needs.
Layout region_layout(const Graph& graph, const Step& step, std::size_t input, const Layout& tensor,
                     const Region& region);

/// Whether the step reads single pixels, some way apart, of an image without borders.
bool reads_single_pixels(const Graph& graph, const Step& step);
/// How those of a region lie in the buffer when no others are loaded.
Layout pixels_layout(const Graph& graph, const Step& step, const Region& region);

/// A tensor's shape as the step's frames see it.
Shape seen_shape(const Graph& graph, const Step& step, TensorId tensor);

/// Whether the step can be done a few indices of its output's first axis at a time.
bool can_be_cut(const Graph& graph, const Step& step);
/// The extent of that axis.
std::uint64_t first_extent(const Graph& graph, const Step& step);

/// Values of a whole tensor that the frame reads of an input, or more; and that it writes.
ValueSpan values_read(const Frame& frame, std::size_t input);
ValueSpan values_written(const Frame& frame);

}  // namespace systol
