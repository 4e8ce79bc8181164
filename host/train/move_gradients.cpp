// Gradients of operations that move values: each goes back to where it came from.
#include <algorithm>

#include "host/train/gradient_rules.h"

namespace systol {

TensorId GradientRules::operator()(const Reshape&) {
  return add("", Reshape{shape()}, {gradient_});
}

TensorId GradientRules::operator()(const Transpose& transpose) {
  Shape inverse(transpose.permutation.size());
  for (std::size_t i = 0; i < inverse.size(); ++i) {
    inverse[static_cast<std::size_t>(transpose.permutation[i])] = static_cast<std::int64_t>(i);
  }
  return add("", Transpose{inverse}, {gradient_});
}

TensorId GradientRules::operator()(const Slice& slice) {
  Pad pad;
  for (std::size_t i = 0; i < slice.starts.size(); ++i) {
    const std::int64_t step = slice.sizes[i] == 1 ? 1 : slice.steps[i];
    if (step < 1) {
      fail();
    }
    pad.before.push_back(slice.starts[i]);
    pad.between.push_back(step - 1);
    pad.after.push_back(shape()[i] - slice.starts[i] - (slice.sizes[i] - 1) * step - 1);
  }
  return add("", pad, {gradient_});
}

TensorId GradientRules::operator()(const Concat& concat) {
  const auto axis = static_cast<std::size_t>(concat.axis);
  Shape starts(shape().size());
  for (std::size_t i = 0; i < input_; ++i) {
    starts[axis] += shape(node_.inputs[i])[axis];
  }
  const Shape steps(starts.size(), 1);
  return add("", Slice{starts, shape(), steps}, {gradient_});
}

TensorId GradientRules::operator()(const Pad& pad) {
  Slice slice{pad.before, shape(), pad.between};
  for (std::int64_t& step : slice.steps) {
    ++step;
  }
  return add("", slice, {gradient_});
}

/// Values that stand beside each other are copies of one.
TensorId GradientRules::operator()(const Repeat& repeat) {
  const Shape result = shape();
  TensorId sum = gradient_;
  for (std::size_t axis = 0; axis < repeat.factors.size(); ++axis) {
    if (repeat.factors[axis] == 1) {
      continue;
    }
    Shape split = shape(sum);
    split[axis] = result[axis];
    split.insert(split.begin() + static_cast<std::ptrdiff_t>(axis) + 1, repeat.factors[axis]);
    Shape one = split;
    one[axis + 1] = 1;
    const TensorId total = summed(add("copies", Reshape{split}, {sum}), one);
    Shape joined = shape(sum);
    joined[axis] = result[axis];
    sum = add("", Reshape{joined}, {total});
  }
  return sum;
}

}  // namespace systol
