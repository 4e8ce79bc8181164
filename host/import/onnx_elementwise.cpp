// Add, Sub, Mul, Div, Max, Min, Sum, Pow and Where.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "host/graph/reordered.h"
#include "host/import/onnx_folds.h"
#include "host/import/onnx_handlers.h"
#include "host/import/onnx_quantised.h"

namespace systol::onnx_import {
namespace {

BinaryFunction binary_function(const Node& node) {
  const std::string& op = node.op();
  return op == "Sub"   ? BinaryFunction::Subtract
         : op == "Mul" ? BinaryFunction::Multiply
         : op == "Max" ? BinaryFunction::Maximum
         : op == "Min" ? BinaryFunction::Minimum
                       : BinaryFunction::Add;
}

/// With axes of extent 1 in front, up to `rank`.
Activation widened(Activation value, std::size_t rank) {
  insert_unit_axes(std::vector<std::size_t>(rank - value.shape.size(), 0), value);
  return value;
}

/// The value with this batch axis, which is one of extent 1 where it had none.
void agree_on_batch(const Node& node, Activation& value, std::optional<std::size_t> batch) {
  if (value.batch && value.batch != batch) {
    node.fail("the batch is not the same axis of its inputs");
  }
  if (batch && !value.batch) {
    if (value.shape[*batch] != 1) {
      node.fail(fmt::format("its inputs differ: axis {} is the batch of one only", *batch));
    }
    value.batch = batch;
    std::erase(value.order, *batch);
  }
}

/// Leading extents of 1 repeat by themselves; one extent stays.
Shape without_leading_ones(Shape shape) {
  while (shape.size() > 1 && shape.front() == 1) {
    shape.erase(shape.begin());
  }
  return shape;
}

}  // namespace

Activation combined(Lowering& lowering, const Node& node, const std::string& part,
                    BinaryFunction function, Activation a, Activation b) {
  const std::size_t rank = std::max(a.shape.size(), b.shape.size());
  a = widened(std::move(a), rank);
  b = widened(std::move(b), rank);
  const auto batch = a.batch ? a.batch : b.batch;
  agree_on_batch(node, a, batch);
  agree_on_batch(node, b, batch);
  Activation result = elements(a.shape) >= elements(b.shape) ? a : b;
  result.shape = broadcast(node, a.shape, b.shape);
  const auto operand = [&](const Activation& value) {
    const Shape whole = extents(value.shape, result.order);
    const TensorId tensor = lowering.arranged(value, result.order);
    return elements(whole) == elements(result.shape)
               ? tensor
               : lowering.in_shape(tensor, without_leading_ones(whole));
  };
  const TensorId left = operand(a);
  const TensorId right = operand(b);
  result.tensor = lowering.add(part, Binary{function}, {left, right});
  return result;
}

namespace {

/// A number, as a function of the other operand; nothing where no Map does it.
std::optional<Map> map_with(BinaryFunction function, float number, bool reversed) {
  switch (function) {
    case BinaryFunction::Add:
      return Map{Function::Linear, 1.0F, number};
    case BinaryFunction::Multiply:
      return Map{Function::Linear, number, 0.0F};
    case BinaryFunction::Subtract:
      return reversed ? Map{Function::Linear, -1.0F, number} : Map{Function::Linear, 1.0F, -number};
    case BinaryFunction::Maximum:
      return number == 0.0F ? Map{Function::Relu}
                            : Map{Function::Clip, number, std::numeric_limits<float>::max()};
    case BinaryFunction::Minimum:
      return Map{Function::Clip, std::numeric_limits<float>::lowest(), number};
  }
  return std::nullopt;
}

/// The constant for one sample of the value it is combined with.
FloatTensor constant_of_sample(const Node& node, const Activation& value, FloatTensor constant) {
  const std::size_t rank = std::max(value.shape.size(), constant.shape.size());
  const std::size_t batch = value.batch.value_or(0) + rank - value.shape.size();
  const std::size_t missing = rank - constant.shape.size();
  if (!value.batch || batch < missing) {
    return constant;
  }
  auto sample = of_one_sample(constant, batch - missing);
  if (!sample) {
    node.fail("its constant differs from sample to sample");
  }
  return std::move(*sample);
}

}  // namespace

Activation with_any_constant(Lowering& lowering, const Node& node, const std::string& part,
                             BinaryFunction function, Activation value, FloatTensor constant,
                             bool reversed) {
  constant = constant_of_sample(node, value, std::move(constant));
  const Shape shape = broadcast(node, value.shape, constant.shape);
  value = widened(std::move(value), shape.size());
  value.tensor = with_constant(lowering, node, part, function, value, constant, reversed);
  value.shape = shape;
  return value;
}

namespace {

/// The first two inputs of the node, or what came of earlier ones and the next.
Activation fold_next(Lowering& lowering, const Node& node, const std::string& part,
                     Activation value, int index, bool reversed) {
  const BinaryFunction function = binary_function(node);
  if (!lowering.values().is_constant(node, index)) {
    Activation other = lowering.input(node, index);
    return reversed ? combined(lowering, node, part, function, other, std::move(value))
                    : combined(lowering, node, part, function, std::move(value), other);
  }
  Activation joined = with_any_constant(lowering, node, part, function, std::move(value),
                                        lowering.values().floats(node, index), reversed);
  keep_constant_step(lowering, node, index, joined.tensor);
  return joined;
}

/// 1 where the constant condition chooses the first value, or where it chooses the second.
FloatTensor chosen(Lowering& lowering, const Node& node, bool first) {
  const HostTensor condition = lowering.values().constant(node, 0);
  FloatTensor result{condition.shape, condition.floats()};
  for (float& value : result.values) {
    value = (value != 0.0F) == first ? 1.0F : 0.0F;
  }
  return result;
}

/// The constant where it is chosen, and 0 elsewhere.
FloatTensor chosen_constant(const Node& node, const FloatTensor& constant,
                            const FloatTensor& chosen) {
  const Shape shape = broadcast(node, constant.shape, chosen.shape);
  FloatTensor result{shape, spread(node, {constant.shape, constant.values}, shape).floats()};
  const std::vector<float> where = spread(node, {chosen.shape, chosen.values}, shape).floats();
  for (std::size_t i = 0; i < where.size(); ++i) {
    result.values[i] = where[i] == 0.0F ? 0.0F : result.values[i];
  }
  return result;
}

}  // namespace

bool only_masks(Lowering& lowering, const Node& node, const FloatTensor& constant) {
  constexpr float kNothing = -1e4F;
  return lowering.values().is_read_by(node.output(0), "Softmax") &&
         std::ranges::all_of(constant.values, [](float value) { return value <= kNothing; });
}

TensorId with_constant(Lowering& lowering, const Node& node, const std::string& part,
                       BinaryFunction function, const Activation& value,
                       const FloatTensor& constant, bool reversed) {
  const Shape wide = broadcast(node, value.shape, constant.shape);
  const float first = constant.values.front();
  const bool number = wide == value.shape && std::ranges::all_of(constant.values, [&](float other) {
                        return other == first;
                      });
  if (number) {
    if (const auto map = map_with(function, first, reversed)) {
      return lowering.add(part, *map, {value.tensor});
    }
  }
  Shape shape = constant.shape;
  shape.insert(shape.begin(), value.shape.size() - shape.size(), 1);
  Order order = value.order;
  if (value.batch) {
    order.insert(order.begin(), *value.batch);
  }
  std::vector<float> values = reordered(constant.values, shape, order);
  const TensorId c =
      lowering.add_constant(part.empty() ? "constant" : part + ".constant",
                            without_leading_ones(extents(shape, order)), std::move(values));
  const TensorId x = lowering.arranged(value, value.order);
  return lowering.add(part, Binary{function},
                      reversed ? std::vector<TensorId>{c, x} : std::vector<TensorId>{x, c});
}

void lower_binary(Lowering& lowering, const Node& node) {
  // The first input that depends on the sample; what stands before it is constant.
  int first = 0;
  while (lowering.values().is_constant(node, first)) {
    ++first;
  }
  Activation value = lowering.input(node, first);
  int step = 0;
  const int steps = node.inputs() - 1;
  const auto part = [&] { return ++step == steps ? "" : fmt::format("part{}", step); };
  for (int i = first; i-- > 0;) {
    value = fold_next(lowering, node, part(), std::move(value), i, true);
  }
  for (int i = first + 1; i < node.inputs(); ++i) {
    value = fold_next(lowering, node, part(), std::move(value), i, false);
  }
  lowering.values().define(node, std::move(value));
}

void lower_divide(Lowering& lowering, const Node& node) {
  if (lowering.values().is_constant(node, 1)) {
    FloatTensor divisor = lowering.values().floats(node, 1);
    for (float& value : divisor.values) {
      value = 1.0F / value;
    }
    lowering.values().define(node,
                             with_any_constant(lowering, node, "", BinaryFunction::Multiply,
                                               lowering.input(node, 0), std::move(divisor), false));
    return;
  }
  Activation divisor = lowering.input(node, 1);
  divisor.tensor = lowering.add("reciprocal", Map{Function::Reciprocal}, {divisor.tensor});
  if (lowering.values().is_constant(node, 0)) {
    lowering.values().define(
        node, with_any_constant(lowering, node, "", BinaryFunction::Multiply, std::move(divisor),
                                lowering.values().floats(node, 0), false));
    return;
  }
  lowering.values().define(node, combined(lowering, node, "", BinaryFunction::Multiply,
                                          lowering.input(node, 0), std::move(divisor)));
}

void lower_where(Lowering& lowering, const Node& node) {
  Values& values = lowering.values();
  if (!values.is_constant(node, 0)) {
    lower_where_of_samples(lowering, node);
    return;
  }
  const auto part = [&](int index, const std::string& name) {
    return with_any_constant(lowering, node, name, BinaryFunction::Multiply,
                             lowering.input(node, index), chosen(lowering, node, index == 1),
                             false);
  };
  const int constant = values.is_constant(node, 1) ? 1 : 2;
  if (!values.is_constant(node, constant)) {
    const Activation first = part(1, "first");
    const Activation second = part(2, "second");
    values.define(node, combined(lowering, node, "", BinaryFunction::Add, first, second));
    return;
  }
  const FloatTensor filled = values.floats(node, constant);
  Activation rest = only_masks(lowering, node, filled) ? lowering.input(node, 3 - constant)
                                                       : part(3 - constant, "chosen");
  values.define(
      node, with_any_constant(lowering, node, "", BinaryFunction::Add, std::move(rest),
                              chosen_constant(node, filled, chosen(lowering, node, constant == 1)),
                              false));
}

void lower_power(Lowering& lowering, const Node& node) {
  const std::vector<float> exponent = lowering.values().constant(node, 1).floats();
  if (exponent.size() != 1) {
    node.fail("its exponent must be one number");
  }
  Activation value = lowering.values().activation(node, 0);
  const Map map = exponent.front() == 0.5F    ? Map{Function::Sqrt}
                  : exponent.front() == -1.0F ? Map{Function::Reciprocal}
                                              : Map{Function::Power, exponent.front()};
  const TensorId tensor = lowering.add("", map, {value.tensor});
  lowering.define_like(node, tensor, std::move(value));
}

}  // namespace systol::onnx_import
