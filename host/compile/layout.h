// How a tensor lies in the unified buffer: an image may have borders around it.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "host/compile/steps.h"
#include "host/graph/graph.h"

namespace systol {

/// A sample's values [rows][columns][channels], row-major, with borders of whole pixels; what is no
/// image is one row without borders.
struct Layout {
  std::uint64_t rows = 1;
  std::uint64_t columns = 1;
  std::uint64_t channels = 1;
  std::array<std::uint64_t, 2> before{};  ///< border rows and columns
  std::array<std::uint64_t, 2> after{};

  bool bordered() const { return before != after || before[0] != 0 || before[1] != 0; }
  std::uint64_t row_bytes() const { return (before[1] + columns + after[1]) * channels; }
  std::uint64_t bytes() const { return (before[0] + rows + after[0]) * row_bytes(); }
  /// Of the first value.
  std::uint64_t first() const { return before[0] * row_bytes() + before[1] * channels; }
  /// Values without borders.
  std::uint64_t values() const { return rows * columns * channels; }
  /// Bytes from one value to the next along each axis of a tensor of this shape.
  std::vector<std::uint64_t> strides(const Shape& shape) const;
  bool operator==(const Layout&) const = default;
};

/// Without borders.
Layout dense_layout(const Shape& shape);

/// A layout for each tensor that is stored, by TensorId: with the borders that the convolutions
/// need that read it, if all that read or compute it see the same image.
std::vector<Layout> layouts_of(const Graph& graph, const Steps& steps);

/// The borders that a convolution needs of its input.
Layout bordered_layout(const Shape& image, const Window& window);
/// An image that lies as `tensor` says as a convolution reads it: where it has no borders, a copy
/// that does.
Layout read_layout(const Layout& tensor, const Shape& image, const Window& window);

}  // namespace systol
