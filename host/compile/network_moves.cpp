#include "host/compile/network_moves.h"

#include "host/compile/regions.h"

namespace systol {
namespace {

/// From the scale of input `input` to the output's.
isa::Vector rescaled_copy(const NetworkStep& step, std::size_t input) {
  isa::Vector vector = step.command(isa::LaneOperation::Copy);
  vector.a_zero_point = step.quantisation_of(input).zero_point;
  vector.zero_point = vector.a_zero_point;
  if (const auto* quantised = step.frame().quantised<QuantMove>()) {
    NetworkStep::requantise(vector, quantised->rescales[input], {quantised->zero_point, -128, 127});
  }
  return vector;
}

/// Moves all values of `box`, whose axes of the destination are set, from `view`.
void move(NetworkStep& step, std::size_t input, Box box, const Operand& view) {
  box.a = view.address;
  box.b_bytes = 0;
  NetworkStep::add_operand(box, &BoxAxis::a, view.strides);
  const bool constant = step.graph().constant(step.node().inputs[input]) != nullptr;
  step.run(rescaled_copy(step, input), box,
           constant ? std::vector<std::size_t>{} : std::vector{input});
}

}  // namespace

void lower_move(NetworkStep& step, const Concat& concat) {
  const auto axis = static_cast<std::size_t>(concat.axis) + 1;
  std::uint64_t before = 0;
  for (std::size_t input = 0; input < step.node().inputs.size(); ++input) {
    const Shape& shape = step.input(input).shape;
    Box box = step.over_output();
    box.destination += before * static_cast<std::uint64_t>(box.axes[axis].destination);
    box.axes[axis].extent = static_cast<std::uint64_t>(shape[axis - 1]);
    before += box.axes[axis].extent;
    move(step, input, box, step.operand(input));
  }
}

void lower_move(NetworkStep& step, const Slice& slice) {
  Operand view = step.input(0);
  for (std::size_t i = 0; i < slice.starts.size(); ++i) {
    const std::int64_t before =
        i == 0 ? static_cast<std::int64_t>(step.frame().first) * slice.steps[0] -
                     static_cast<std::int64_t>(view.first)
               : 0;
    view.address += static_cast<std::uint64_t>((slice.starts[i] + before) * view.strides[i + 1]);
    view.strides[i + 1] *= slice.steps[i];
  }
  move(step, 0, step.over_output(), view);
}

void lower_move(NetworkStep& step, const Transpose& transpose) {
  const Operand& input = step.input(0);
  Operand view = input;
  for (std::size_t i = 0; i < transpose.permutation.size(); ++i) {
    view.strides[i + 1] = input.strides[static_cast<std::size_t>(transpose.permutation[i]) + 1];
  }
  move(step, 0, step.over_output(), view);
}

/// Everything is filled, then the values are put in their places.
void lower_move(NetworkStep& step, const Pad& pad) {
  isa::Vector fill = step.command(isa::LaneOperation::Fill);
  if (const auto* quantised = step.frame().quantised<QuantMove>()) {
    fill.zero_point = quantised->padding;
  }
  Box all = step.over_output();
  all.a_bytes = 0;
  all.b_bytes = 0;
  step.run(fill, all, {});
  const Frame& frame = step.frame();
  Operand view = step.input(0);
  const Shape& whole = step.graph().shape(step.node().inputs[0]);
  const Region rows =
      rows_placed(pad, static_cast<std::uint64_t>(whole[0]), frame.first, frame.end);
  if (rows.first == rows.end) {
    return;
  }
  view.address += (rows.first - view.first) * view.stride(1);
  view.shape[0] = static_cast<std::int64_t>(rows.end - rows.first);
  Box box = step.over_output();
  box.destination +=
      static_cast<std::uint64_t>(static_cast<std::int64_t>(rows.first) * (pad.between[0] + 1) -
                                 static_cast<std::int64_t>(frame.first)) *
      static_cast<std::uint64_t>(box.axes[1].destination);
  for (std::size_t i = 0; i < view.shape.size(); ++i) {
    BoxAxis& axis = box.axes[i + 1];
    box.destination += static_cast<std::uint64_t>(pad.before[i] * axis.destination);
    axis.extent = static_cast<std::uint64_t>(view.shape[i]);
    axis.destination *= pad.between[i] + 1;
  }
  move(step, 0, box, view);
}

/// Each axis becomes two: the input's values, and their copies.
void lower_move(NetworkStep& step, const Repeat& repeat) {
  const Box output = step.over_output();
  const Operand& input = step.input(0);
  Box box = output;
  Operand view = input;
  view.strides = {input.strides[0]};
  box.axes = {output.axes[0]};
  for (std::size_t i = 0; i < repeat.factors.size(); ++i) {
    const auto factor = static_cast<std::uint64_t>(repeat.factors[i]);
    BoxAxis axis = output.axes[i + 1];
    BoxAxis copies{factor, 0, 0, axis.destination};
    axis.extent /= factor;
    axis.destination *= repeat.factors[i];
    box.axes.push_back(axis);
    view.strides.push_back(input.strides[i + 1]);
    if (factor > 1) {
      box.axes.push_back(copies);
      view.strides.push_back(0);
    }
  }
  move(step, 0, box, view);
}

}  // namespace systol
