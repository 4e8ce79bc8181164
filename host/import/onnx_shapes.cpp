#include "host/import/onnx_shapes.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace systol::onnx_import {
namespace {

std::int64_t product(const Shape& shape, std::size_t from, std::size_t to) {
  std::int64_t result = 1;
  for (std::size_t axis = from; axis < to; ++axis) {
    result *= shape[axis];
  }
  return result;
}

/// The first value, how many there are, and the step, along an axis of `extent`.
void slice_axis(std::int64_t extent, std::int64_t start, std::int64_t end, std::int64_t step,
                std::int64_t& first, std::int64_t& size) {
  const bool down = step < 0;
  const std::int64_t low = down ? -1 : 0;
  const std::int64_t high = down ? extent - 1 : extent;
  start = std::clamp(start < 0 ? start + extent : start, std::int64_t{0}, high);
  end = std::clamp(end < 0 ? end + extent : end, low, high);
  const std::int64_t way = down ? start - end : end - start;
  const std::int64_t length = down ? -step : step;
  first = start;
  size = way <= 0 ? 0 : (way + length - 1) / length;
}

}  // namespace

Shape reshaped(const Node& node, const Shape& shape, const Integers& target) {
  const auto refuse = [&] {
    node.fail(fmt::format("its target {} does not fit an input of shape {}", to_string(target),
                          to_string(shape)));
  };
  if (std::ranges::count(target, -1) > 1) {
    node.fail("its target has more than one -1");
  }
  const bool keep = node.integer_attribute("allowzero", 0) == 0;
  const std::int64_t count =
      std::ranges::find(shape, 0) == shape.end() ? element_count(shape, node.place()) : 0;
  Shape result = target;
  std::int64_t fixed = 1;
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (result[i] == 0 && keep) {
      if (i >= shape.size()) {
        refuse();
      }
      result[i] = shape[i];
    }
    if (result[i] < -1 || result[i] > kMaxElements || (result[i] != 0 && fixed > kMaxElements)) {
      refuse();
    }
    fixed *= result[i] == -1 ? 1 : result[i];
  }
  const auto open = std::ranges::find(result, -1);
  if (open != result.end()) {
    if (fixed == 0 || count % fixed != 0) {
      refuse();
    }
    *open = count / fixed;
  } else if (fixed != count) {
    refuse();
  }
  return result;
}

Shape flattened(const Node& node, const Shape& shape) {
  const std::int64_t axis = node.integer_attribute("axis", 1);
  const std::size_t at = axis == static_cast<std::int64_t>(shape.size())
                             ? shape.size()
                             : node.axis(axis, shape.size());
  return {product(shape, 0, at), product(shape, at, shape.size())};
}

std::vector<std::size_t> squeezed_axes(const Node& node, const Shape& shape,
                                       const std::optional<Integers>& axes) {
  std::vector<std::size_t> result;
  for (std::size_t axis = 0; !axes && axis < shape.size(); ++axis) {
    if (shape[axis] == 1) {
      result.push_back(axis);
    }
  }
  for (const std::int64_t named : axes.value_or(Integers{})) {
    result.push_back(node.axis(named, shape.size()));
    if (shape[result.back()] != 1) {
      node.fail(fmt::format("axis {} of shape {} is not of extent 1", named, to_string(shape)));
    }
  }
  std::ranges::sort(result);
  return result;
}

std::vector<std::size_t> unsqueezed_axes(const Node& node, std::size_t rank, const Integers& axes) {
  std::vector<std::size_t> result;
  for (const std::int64_t axis : axes) {
    result.push_back(node.axis(axis, rank + axes.size()));
  }
  std::ranges::sort(result);
  if (std::ranges::adjacent_find(result) != result.end()) {
    node.fail("it names an axis twice");
  }
  return result;
}

std::vector<std::size_t> transposed_axes(const Node& node, std::size_t rank) {
  Integers turned(rank);
  std::iota(turned.rbegin(), turned.rend(), 0);
  std::vector<std::size_t> result;
  for (const std::int64_t axis : node.integers_attribute("perm", turned)) {
    result.push_back(node.axis(axis, rank));
    if (std::ranges::count(result, result.back()) > 1) {
      node.fail("its permutation does not name each axis once");
    }
  }
  if (result.size() != rank) {
    node.fail(fmt::format("its permutation has {} axes, its input {}", result.size(), rank));
  }
  return result;
}

Slice sliced(const Node& node, const Shape& shape, const Integers& starts, const Integers& ends,
             const std::optional<Integers>& axes, const std::optional<Integers>& steps) {
  if (ends.size() != starts.size() || (axes && axes->size() != starts.size()) ||
      (steps && steps->size() != starts.size()) || starts.size() > shape.size()) {
    node.fail("its starts, ends, axes and steps are not of one length");
  }
  Slice slice{Integers(shape.size(), 0), shape, Integers(shape.size(), 1)};
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const std::size_t axis =
        node.axis(axes ? (*axes)[i] : static_cast<std::int64_t>(i), shape.size());
    const std::int64_t step =
        std::clamp(steps ? (*steps)[i] : 1, -2 * kMaxElements, 2 * kMaxElements);
    if (step == 0) {
      node.fail("a step of 0");
    }
    slice.steps[axis] = step;
    slice_axis(shape[axis], starts[i], ends[i], step, slice.starts[axis], slice.sizes[axis]);
  }
  return slice;
}

Shape broadcast(const Node& node, const Shape& a, const Shape& b) {
  Shape result(std::max(a.size(), b.size()), 1);
  for (std::size_t i = 1; i <= result.size(); ++i) {  // from the last axis on
    const std::int64_t left = i <= a.size() ? a[a.size() - i] : 1;
    const std::int64_t right = i <= b.size() ? b[b.size() - i] : 1;
    if (left != right && left != 1 && right != 1) {
      node.fail(fmt::format("shapes {} and {} do not fit each other", to_string(a), to_string(b)));
    }
    result[result.size() - i] = left == 1 ? right : left;
  }
  return result;
}

onnx::TensorProto constant_of(const Node& node) {
  onnx::TensorProto tensor;
  if (const auto* value = node.attribute("value"); value != nullptr && value->has_t()) {
    tensor = value->t();
  } else if (const auto* number = node.attribute("value_float"); number != nullptr) {
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    tensor.add_float_data(number->f());
  } else if (const auto* numbers = node.attribute("value_floats"); numbers != nullptr) {
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    tensor.add_dims(numbers->floats_size());
    *tensor.mutable_float_data() = numbers->floats();
  } else if (const auto* integer = node.attribute("value_int"); integer != nullptr) {
    tensor.set_data_type(onnx::TensorProto::INT64);
    tensor.add_int64_data(integer->i());
  } else if (const auto* integers = node.attribute("value_ints"); integers != nullptr) {
    tensor.set_data_type(onnx::TensorProto::INT64);
    tensor.add_dims(integers->ints_size());
    *tensor.mutable_int64_data() = integers->ints();
  } else {
    node.fail("its value is neither a tensor nor numbers");
  }
  return tensor;
}

}  // namespace systol::onnx_import
