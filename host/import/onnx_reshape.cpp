// Reshape, Flatten, Squeeze and Unsqueeze, by which nothing moves, and Shape.
#include <fmt/format.h>

#include <algorithm>

#include "host/import/onnx_handlers.h"

namespace systol::onnx_import {
namespace {

/// A target with the batch that the model fixes, for one sample.
Integers target_of_sample(const Lowering& lowering, const Activation& value, Integers target) {
  const std::int64_t batch = lowering.batch().value_or(1);
  if (batch <= 1) {
    return target;
  }
  if (value.batch && *value.batch < target.size() && target[*value.batch] == batch) {
    target[*value.batch] = 1;
    return target;
  }
  std::int64_t count = 1;
  for (const std::int64_t extent : target) {
    if (extent < 1 || extent > kMaxElements / count) {
      return target;
    }
    count *= extent;
  }
  const auto merged =
      std::ranges::find_if(target, [&](std::int64_t extent) { return extent % batch == 0; });
  if (count != static_cast<std::int64_t>(elements(value.shape)) && merged != target.end()) {
    *merged /= batch;
  }
  return target;
}

/// The axis of extent 1 with as many values outside it as the batch has outside it now.
std::optional<std::size_t> batch_after(const Activation& value, const Shape& shape) {
  if (!value.batch) {
    return std::nullopt;
  }
  std::int64_t outside = 1;
  for (std::size_t axis = 0; axis < *value.batch; ++axis) {
    outside *= value.shape[axis];
  }
  std::int64_t before = 1;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (before == outside && shape[axis] == 1) {
      return axis;
    }
    before *= shape[axis];
  }
  return std::nullopt;
}

void reshape_to(Lowering& lowering, const Node& node, const Shape& shape) {
  Activation value = lowering.values().activation(node, 0);
  Activation result{value.tensor, shape, batch_after(value, shape), {}, {}};
  result.order = row_major(result);
  const bool row = shape.size() == 2 && result.batch == 0;
  if (value.row && row) {
    result.row = value.row;  // the same row again
  } else if (!lie_alike(value.shape, value.order, row_major(value)) && row) {
    if (value.batch) {
      drop_unit_axes({*value.batch}, value);
    }
    result.row = RowLayout{value.shape, value.order};
  } else {
    result.tensor = lowering.in_order(lowering.input(node, 0));
  }
  lowering.values().define(node, std::move(result));
}

}  // namespace

void lower_reshape(Lowering& lowering, const Node& node) {
  const Activation& value = lowering.values().activation(node, 0);
  const Integers target = target_of_sample(
      lowering, value, lowering.values().list(node, 1, "shape").value_or(Integers{}));
  reshape_to(lowering, node, reshaped(node, value.shape, target));
}

void lower_flatten(Lowering& lowering, const Node& node) {
  reshape_to(lowering, node, flattened(node, lowering.values().activation(node, 0).shape));
}

void lower_squeeze(Lowering& lowering, const Node& node) {
  Activation value = lowering.input(node, 0);
  const auto given = lowering.values().list(node, 1, "axes");
  std::vector<std::size_t> axes = squeezed_axes(node, value.shape, given);
  if (!given && value.batch) {
    std::erase(axes, *value.batch);
  }
  drop_unit_axes(axes, value);
  lowering.values().define(node, std::move(value));
}

void lower_unsqueeze(Lowering& lowering, const Node& node) {
  Activation value = lowering.input(node, 0);
  const Integers given = lowering.values().list(node, 1, "axes").value_or(Integers{});
  insert_unit_axes(unsqueezed_axes(node, value.shape.size(), given), value);
  lowering.values().define(node, std::move(value));
}

void lower_shape(Lowering& lowering, const Node& node) {
  const Shape& shape = lowering.values().activation(node, 0).shape;
  const auto rank = static_cast<std::int64_t>(shape.size());
  const auto end_of = [&](std::int64_t named) {
    return std::clamp<std::int64_t>(named < 0 ? named + rank : named, 0, rank);
  };
  const std::int64_t start = end_of(node.integer_attribute("start", 0));
  const std::int64_t end = std::max(start, end_of(node.integer_attribute("end", rank)));
  Integers part(shape.begin() + start, shape.begin() + end);
  lowering.values().define_constant(node, {{end - start}, std::move(part)});
}

}  // namespace systol::onnx_import
