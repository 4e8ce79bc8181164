// ReduceMean, ReduceSum and ReduceMax.
#include <algorithm>

#include "host/import/onnx_handlers.h"

namespace systol::onnx_import {
namespace {

/// The axes that a reduction names: an attribute in older operator sets, then an input.
std::vector<std::size_t> reduced_axes(Lowering& lowering, const Node& node,
                                      const Activation& value) {
  std::vector<std::size_t> axes;
  for (const std::int64_t axis : lowering.values().list(node, 1, "axes").value_or(Integers{})) {
    axes.push_back(node.axis(axis, value.shape.size()));
  }
  if (axes.empty() && node.integer_attribute("noop_with_empty_axes", 0) == 0) {
    for (std::size_t axis = 0; axis < value.shape.size(); ++axis) {
      axes.push_back(axis);
    }
  }
  std::ranges::sort(axes);
  axes.erase(std::unique(axes.begin(), axes.end()), axes.end());
  for (const std::size_t axis : axes) {
    Lowering::keep_batch(node, value, axis, "reduces");
  }
  return axes;
}

/// A value's axes, those that are reduced and those that stay.
struct Axes {
  Order reduced;
  Order kept;
  std::int64_t reduced_values = 1;
  std::int64_t kept_values = 1;

  Order reduced_first() const { return joined_order(reduced, kept); }
  Order reduced_last() const { return joined_order(kept, reduced); }
  static Order joined_order(Order a, const Order& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
  }
};

Axes axes_of(const Activation& value, const std::vector<std::size_t>& reduced) {
  Axes axes;
  for (const std::size_t axis : value.order) {
    const bool is_reduced = std::ranges::binary_search(reduced, axis);
    (is_reduced ? axes.reduced : axes.kept).push_back(axis);
    (is_reduced ? axes.reduced_values : axes.kept_values) *= value.shape[axis];
  }
  return axes;
}

/// By a pool of an image with one column, whose rows are what is reduced.
TensorId pooled(Lowering& lowering, const Activation& value, const Axes& axes, PoolKind kind,
                const std::string& part) {
  const TensorId image = lowering.in_shape(lowering.arranged(value, axes.reduced_first()),
                                           {axes.reduced_values, 1, axes.kept_values});
  return lowering.add(part, Pool{kind, {axes.reduced_values, 1}, Window{}}, {image});
}

TensorId mean(Lowering& lowering, const Activation& value, const Axes& axes,
              const std::string& part) {
  if (!axes.kept.empty() && lie_alike(value.shape, value.order, axes.reduced_first())) {
    return pooled(lowering, value, axes, PoolKind::Average, part);
  }
  TensorId rows = lowering.arranged(value, axes.reduced_last());
  if (axes.reduced.size() != 1) {
    rows = lowering.in_shape(rows, {axes.kept_values, axes.reduced_values});
  }
  return lowering.add(part, Mean{}, {rows});
}

}  // namespace

void lower_reduce(Lowering& lowering, const Node& node) {
  Activation value = lowering.input(node, 0);
  const std::vector<std::size_t> reduced = reduced_axes(lowering, node, value);
  const Axes axes = axes_of(value, reduced);
  if (node.op() == "ReduceMax") {
    value.tensor = pooled(lowering, value, axes, PoolKind::Maximum, "");
  } else if (node.op() == "ReduceMean") {
    value.tensor = mean(lowering, value, axes, "");
  } else {
    const Map times{Function::Linear, static_cast<float>(axes.reduced_values), 0.0F};
    value.tensor = lowering.add("", times, {mean(lowering, value, axes, "mean")});
  }
  value.order = axes.reduced_first();  // of extents of 1, wherever they are
  for (const std::size_t axis : reduced) {
    value.shape[axis] = 1;
  }
  if (node.integer_attribute("keepdims", 1) == 0) {
    drop_unit_axes(reduced, value);
  }
  lowering.values().define(node, std::move(value));
}

}  // namespace systol::onnx_import
