// ReduceMean, ReduceSum, ReduceMax and what is made of them: other reductions and LogSoftmax.
#include <algorithm>
#include <map>
#include <optional>

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

enum class Reduction : std::uint8_t { Maximum, Mean, Sum };

/// The value with extents of 1 along the axes `reduced`.
Activation reduction(Lowering& lowering, Activation value, const std::vector<std::size_t>& reduced,
                     Reduction kind, const std::string& part) {
  const Axes axes = axes_of(value, reduced);
  if (kind == Reduction::Maximum) {
    value.tensor = pooled(lowering, value, axes, PoolKind::Maximum, part);
  } else if (kind == Reduction::Mean) {
    value.tensor = mean(lowering, value, axes, part);
  } else {
    const Map times{Function::Linear, static_cast<float>(axes.reduced_values), 0.0F};
    const std::string name = part.empty() ? "mean" : part + ".mean";
    value.tensor = lowering.add(part, times, {mean(lowering, value, axes, name)});
  }
  value.order = axes.reduced_first();  // of extents of 1, wherever they are
  for (const std::size_t axis : reduced) {
    value.shape[axis] = 1;
  }
  return value;
}

Activation mapped(Lowering& lowering, const std::string& part, const Map& map, Activation value) {
  value.tensor = lowering.add(part, map, {value.tensor});
  return value;
}

/// A reduction with a function before it and one after it.
struct Recipe {
  std::optional<Map> before;
  Reduction kind;
  std::optional<Map> after;
};

const Recipe& recipe_of(const std::string& op) {
  constexpr Map kMinus{Function::Linear, -1.0F, 0.0F};
  constexpr Map kSquare{Function::Power, 2.0F};
  constexpr Map kMagnitude{Function::Abs};
  static const std::map<std::string, Recipe> recipes = {
      {"ReduceL1", {kMagnitude, Reduction::Sum, {}}},
      {"ReduceL2", {kSquare, Reduction::Sum, Map{Function::Sqrt}}},
      {"ReduceLogSum", {{}, Reduction::Sum, Map{Function::Log}}},
      {"ReduceMax", {{}, Reduction::Maximum, {}}},
      {"ReduceMean", {{}, Reduction::Mean, {}}},
      {"ReduceMin", {kMinus, Reduction::Maximum, kMinus}},
      {"ReduceSum", {{}, Reduction::Sum, {}}},
      {"ReduceSumSquare", {kSquare, Reduction::Sum, {}}}};
  return recipes.at(op);
}

/// A value less its maximum over some axes, and the logarithm of the sum of its exponentials.
struct LogSum {
  Activation maximum;
  Activation difference;
  Activation log;
};

LogSum log_sum(Lowering& lowering, const Node& node, const Activation& value,
               const std::vector<std::size_t>& axes) {
  LogSum result;
  result.maximum = reduction(lowering, value, axes, Reduction::Maximum, "maximum");
  result.difference =
      combined(lowering, node, "difference", BinaryFunction::Subtract, value, result.maximum);
  const Activation exponentials =
      mapped(lowering, "exponentials", Map{Function::Exp}, result.difference);
  result.log = mapped(lowering, "log", Map{Function::Log},
                      reduction(lowering, exponentials, axes, Reduction::Sum, "sum"));
  return result;
}

}  // namespace

void lower_reduce(Lowering& lowering, const Node& node) {
  Activation value = lowering.input(node, 0);
  const std::vector<std::size_t> reduced = reduced_axes(lowering, node, value);
  if (node.op() == "ReduceLogSumExp") {
    const LogSum parts = log_sum(lowering, node, value, reduced);
    value = combined(lowering, node, "", BinaryFunction::Add, parts.maximum, parts.log);
  } else {
    const Recipe& recipe = recipe_of(node.op());
    value = recipe.before ? mapped(lowering, "values", *recipe.before, value) : value;
    value = reduction(lowering, value, reduced, recipe.kind, recipe.after ? "reduced" : "");
    value = recipe.after ? mapped(lowering, "", *recipe.after, value) : value;
  }
  if (node.integer_attribute("keepdims", 1) == 0) {
    drop_unit_axes(reduced, value);
  }
  lowering.values().define(node, std::move(value));
}

/// x less the logarithm of the sum of the exponentials; by way of x less its maximum, so that none
/// is above 1.
void lower_log_softmax(Lowering& lowering, const Node& node) {
  const Activation value = lowering.input(node, 0);
  const LogSum parts = log_sum(lowering, node, value, softmax_axes(lowering, node, value));
  lowering.values().define(
      node, combined(lowering, node, "", BinaryFunction::Subtract, parts.difference, parts.log));
}

}  // namespace systol::onnx_import
