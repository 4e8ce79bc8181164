// A step's work on a part of its output: all of it, or a band that fits the buffer.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "host/compile/box.h"
#include "host/compile/network.h"
#include "host/compile/part.h"

namespace systol {

/// A part of a tensor in the buffer.
struct Operand {
  std::size_t item = 0;
  std::uint64_t address = 0;  ///< of the part's first value, of the first sample
  /// Bytes from one value to the next along each axis, the first of which counts samples.
  std::vector<std::int64_t> strides;
  Shape shape;                        ///< of what is there, of a sample
  std::vector<std::uint64_t> firsts;  ///< where that begins along the tensor's axes; or empty: 0
  bool single_pixels = false;  ///< of an image that a stride goes over: only those that are read
  bool whole = true;  ///< whether its values count from the tensor's first one for `residence`

  std::uint64_t first(std::size_t axis) const { return firsts.empty() ? 0 : firsts[axis]; }
  std::uint64_t stride(std::size_t axis) const { return static_cast<std::uint64_t>(strides[axis]); }
};

/// A part of the output whose values follow each other.
struct Frame {
  const Group& group;
  std::size_t index;            ///< of the step
  TensorPart part;              ///< by the axes of the output as frames see it
  std::vector<Operand> inputs;  ///< by the node's inputs; of constants only the part
  Operand output;
  std::optional<Operand> residual;  ///< what is added to the sums, in the output's shape
  /// Column tiles [first_tile, end_tile) of the step's weights: the output has no other columns.
  std::uint32_t first_tile = 0;
  std::uint32_t end_tile = UINT32_MAX;
  /// Of a softmax whose rows come in parts, the pass that goes over this one.
  std::optional<isa::SoftmaxPass> pass = {};

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
  /// Of the whole output.
  std::uint64_t output_extent(std::size_t axis) const;
  /// Rows of N values that a sample of the output has here.
  std::uint64_t rows() const { return elements(output.shape) / step().outputs; }
  /// The number of the first of them among all samples' rows.
  isa::Origin origin(std::uint64_t row = 0) const {
    return group.origin(index, output_row() + row, part.back().first);
  }
  std::uint64_t output_row() const { return first_value() / step().outputs; }
  /// The number of its first value among those of a sample's output.
  std::uint64_t first_value() const;
};

/// A shape as frames see it: images as they are, all else as rows of the last extent.
Shape frame_shape(const Shape& shape);
/// Whether the node sees all its tensors by frame_shape.
bool works_on_rows(const Graph& graph, const Step& step);

/// A stored tensor, which lies in the buffer whole, seen in `shape`.
Operand resident_operand(const Group& group, TensorId tensor, const Shape& shape);
/// What of its tensor an operand has.
void set_part(Operand& operand, const TensorPart& part);
/// The part of an operand that is whole.
Operand part_of(Operand operand, const TensorPart& part);

/// Appends the frame's commands.
void lower_frame(const Frame& frame, TileLowering& tiles, std::uint32_t block_rows);

}  // namespace systol
