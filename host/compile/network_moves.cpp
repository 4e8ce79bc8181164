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
  step.run(rescaled_copy(step, input), box,
           step.flows(input) ? std::vector{input} : std::vector<std::size_t>{});
}

}  // namespace

void lower_move(NetworkStep& step, const Concat& concat) {
  const auto axis = static_cast<std::size_t>(concat.axis);
  std::uint64_t before = 0;  // indices of the inputs that are done
  for (std::size_t input = 0; input < step.node().inputs.size(); ++input) {
    const Shape& shape = step.input(input).shape;
    if (shape[axis] == 0) {
      continue;  // no part of the output is made from it
    }
    Box box = step.over_output();
    BoxAxis& along = box.axes[axis + 1];
    box.destination += before * static_cast<std::uint64_t>(along.destination);
    along.extent = static_cast<std::uint64_t>(shape[axis]);
    before += along.extent;
    move(step, input, box, step.operand(input));
  }
}

void lower_move(NetworkStep& step, const Slice& slice) {
  Operand view = step.input(0);
  for (std::size_t i = 0; i < slice.starts.size(); ++i) {
    const std::int64_t first =
        slice.starts[i] + static_cast<std::int64_t>(step.frame().part[i].first) * slice.steps[i] -
        static_cast<std::int64_t>(view.first(i));
    view.address += static_cast<std::uint64_t>(first * view.strides[i + 1]);
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
  Operand view = step.input(0);
  const Shape& whole = step.graph().shape(step.node().inputs[0]);
  Box box = step.over_output();
  for (std::size_t i = 0; i < view.shape.size(); ++i) {
    const Span& output = step.frame().part[i];
    const Span span = placed(pad, i, static_cast<std::uint64_t>(whole[i]), output);
    if (span.count() == 0) {
      return;
    }
    view.address += (span.first - view.first(i)) * view.stride(i + 1);
    BoxAxis& axis = box.axes[i + 1];
    const std::int64_t to = static_cast<std::int64_t>(span.first) * (pad.between[i] + 1) +
                            pad.before[i] - static_cast<std::int64_t>(output.first);
    box.destination += static_cast<std::uint64_t>(to * axis.destination);
    axis.extent = span.count();
    axis.destination *= pad.between[i] + 1;
  }
  move(step, 0, box, view);
}

/// Each axis becomes two: the input's values, and their copies; of a part with one index there are
/// none.
void lower_move(NetworkStep& step, const Repeat& repeat) {
  const Box output = step.over_output();
  const Operand& input = step.input(0);
  Box box = output;
  Operand view = input;
  view.strides = {input.strides[0]};
  box.axes = {output.axes[0]};
  for (std::size_t i = 0; i < repeat.factors.size(); ++i) {
    BoxAxis axis = output.axes[i + 1];
    const auto factor =
        axis.extent == 1 ? std::uint64_t{1} : static_cast<std::uint64_t>(repeat.factors[i]);
    BoxAxis copies{factor, 0, 0, axis.destination};
    axis.extent /= factor;
    axis.destination *= static_cast<std::int64_t>(factor);
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
