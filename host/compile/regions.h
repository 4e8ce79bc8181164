// What of its inputs a step needs for some of its output: indices of the tensors' axes.
#pragma once

#include <cstdint>

#include "host/compile/frame.h"

namespace systol {

/// Indices of an axis, and how many of its borders before and after belong to them.
struct Reach : Span {
  std::uint64_t before = 0;
  std::uint64_t after = 0;
  bool operator==(const Reach&) const = default;
};
/// By a tensor's axes.
using Region = std::vector<Reach>;

/// No values of the tensor.
bool is_empty(const Region& region);
TensorPart part_of(const Region& region);

/// The indices of a padded tensor's axis, of `extent`, that come to lie among those of the
/// output's; the same index twice where there are none.
Span placed(const Pad& pad, std::size_t axis, std::uint64_t extent, const Span& output);

/// What of the node's input `input` a part of the output is made from, or more.
Region region_read(const Graph& graph, const Step& step, std::size_t input,
                   const TensorPart& output);

/// Of a product's second operand, the axis whose indices are the output's columns.
std::size_t columns_axis(const Node& product, const Shape& second);

/// How a region of the input lies in the buffer: with the columns' borders that the step needs.
Layout region_layout(const Graph& graph, const Step& step, std::size_t input, const Layout& tensor,
                     const Region& region);

/// Whether the step reads single pixels, some way apart, of an image without borders.
bool reads_single_pixels(const Graph& graph, const Step& step);
/// How those of a region lie in the buffer when no others are loaded.
Layout pixels_layout(const Graph& graph, const Step& step, const Region& region);

/// A tensor's shape as the step's frames see it.
Shape seen_shape(const Graph& graph, const Step& step, TensorId tensor);

/// Whether a few indices of the output's first axis need a few of the inputs', so that bands of
/// them let a step begin before the one before it ends.
bool can_be_cut(const Graph& graph, const Step& step);
/// Along how many of its output's axes, from the first on, the step can be cut at all.
std::size_t axes_to_cut(const Graph& graph, const Step& step);
/// Along an axis bands begin at its multiples, or each has one index.
std::uint64_t indices_together(const Graph& graph, const Step& step, std::size_t axis);
/// The extent of that axis.
std::uint64_t first_extent(const Graph& graph, const Step& step);

/// Values of a whole tensor that the frame reads of an input, or more; and that it writes.
ValueSpan values_read(const Frame& frame, std::size_t input);
ValueSpan values_written(const Frame& frame);

}  // namespace systol
