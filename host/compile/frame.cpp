#include "host/compile/frame.h"

#include <algorithm>
#include <iterator>

#include "host/compile/regions.h"
#include "host/compile/sign_tensors.h"

namespace systol {

Shape frame_shape(const Shape& shape) {
  if (shape.size() == kImageRank) {
    return shape;
  }
  const std::int64_t last = shape.empty() ? 1 : shape.back();
  return {static_cast<std::int64_t>(elements(shape)) / last, last};
}

bool works_on_rows(const Graph& graph, const Step& step) {
  const Operation& operation = graph.nodes[step.node].operation;
  const bool rows =
      std::holds_alternative<Map>(operation) || std::holds_alternative<Softmax>(operation) ||
      std::holds_alternative<Mean>(operation) || std::holds_alternative<Normalise>(operation);
  return rows || (step.kind == StepKind::Matrix && std::holds_alternative<MatMul>(operation));
}

Operand resident_operand(const Group& group, TensorId tensor, const Shape& shape) {
  const Layout& layout = group.layout(tensor);
  Operand operand;
  operand.item = group.item(tensor);
  operand.address = group.residence.address(operand.item) + layout.first();
  operand.strides = {static_cast<std::int64_t>(layout.bytes())};
  const PackedRows rows = group.plan.packed(tensor);
  for (const std::uint64_t stride :
       layout.strides(rows ? packed(shape, rows, group.plan.config) : shape)) {
    operand.strides.push_back(static_cast<std::int64_t>(stride));
  }
  operand.shape = shape;
  return operand;
}

void set_part(Operand& operand, const TensorPart& part) {
  operand.shape = shape_of(part);
  operand.firsts.clear();
  std::ranges::transform(part, std::back_inserter(operand.firsts), &Span::first);
}

Operand part_of(Operand operand, const TensorPart& part) {
  for (std::size_t axis = 0; axis < part.size(); ++axis) {
    operand.address += part[axis].first * operand.stride(axis + 1);
  }
  set_part(operand, part);
  return operand;
}

std::uint64_t Frame::output_extent(std::size_t axis) const {
  return static_cast<std::uint64_t>(seen_shape(graph(), step(), node().output)[axis]);
}

std::uint64_t Frame::first_value() const {
  const Shape shape = seen_shape(graph(), step(), node().output);
  std::uint64_t value = 0;
  for (std::size_t axis = 0; axis < part.size(); ++axis) {
    value += part[axis].first * values_of_index(shape, axis);
  }
  return value;
}

void lower_frame(const Frame& frame, TileLowering& tiles, std::uint32_t block_rows) {
  const StepKind kind = frame.step().kind;
  if (kind == StepKind::Matrix || kind == StepKind::Product) {
    lower_matrix(frame, tiles, block_rows);
  } else {
    lower_on_vector_unit(frame);
  }
}

}  // namespace systol
