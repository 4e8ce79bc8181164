// A step's work on some rows of its output: all of them, or a band that fits the buffer.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "host/compile/box.h"
#include "host/compile/network.h"

namespace systol {

/// Values of a tensor in the buffer, from one index of its first axis on.
struct Operand {
  std::size_t item = 0;
  std::uint64_t address = 0;  ///< of the first value, of the first sample
  /// Bytes from one value to the next along each axis, the first of which counts samples.
  std::vector<std::int64_t> strides;
  Shape shape;                 ///< of what is there, of a sample
  std::uint64_t first = 0;     ///< where that begins along the tensor's first axis
  bool single_pixels = false;  ///< of an image that a stride goes over: only those that are read
  bool whole = true;  ///< whether its values count from the tensor's first one for `residence`

  std::uint64_t stride(std::size_t axis) const { return static_cast<std::uint64_t>(strides[axis]); }
};

/// Rows [first, end) along the output's first axis.
struct Frame {
  const Group& group;
  std::size_t index;  ///< of the step
  std::uint64_t first = 0;
  std::uint64_t end = 0;
  std::vector<Operand> inputs;  ///< by the node's inputs; of constants only the shape
  Operand output;
  std::optional<Operand> residual;  ///< what is added to the sums, in the output's shape
  /// Column tiles [first_tile, end_tile) of the step's weights: the output has no other columns.
  std::uint32_t first_tile = 0;
  std::uint32_t end_tile = UINT32_MAX;

  const Step& step() const { return group.plan.steps[index]; }
  const Graph& graph() const { return *group.plan.graph; }
  const Node& node() const { return graph().nodes[step().node]; }
  /// The node's integers; null for time and traffic only.
  template <class Quantised>
  const Quantised* quantised() const {
    return group.plan.quantised == nullptr
               ? nullptr
               : std::get_if<Quantised>(&group.plan.quantised->nodes[step().node]);
  }
  /// Rows of N values that a sample of the output has here.
  std::uint64_t rows() const { return elements(output.shape) / step().outputs; }
  /// The number of the first of them among all samples' rows.
  isa::Origin origin(std::uint64_t row = 0) const {
    return group.origin(index, output_row() + row);
  }
  std::uint64_t output_row() const {
    return first * (elements(output.shape) / static_cast<std::uint64_t>(output.shape[0])) /
           step().outputs;
  }
};

/// A shape as frames see it: images as they are, all else as rows of the last extent.
Shape frame_shape(const Shape& shape);
/// Whether the node sees all its tensors by frame_shape.
bool works_on_rows(const Graph& graph, const Step& step);

/// A stored tensor, which lies in the buffer whole, seen in `shape`.
Operand resident_operand(const Group& group, TensorId tensor, const Shape& shape);
/// From index `first` of its first axis on, `count` of them.
Operand part_of(Operand operand, std::uint64_t first, std::uint64_t count);

/// Appends the frame's commands.
void lower_frame(const Frame& frame, TileLowering& tiles, std::uint32_t block_rows);

}  // namespace systol
