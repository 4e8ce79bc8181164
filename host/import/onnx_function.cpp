// Functions of one value, softmax and what chooses the largest score.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

#include "host/import/onnx_handlers.h"

namespace systol::onnx_import {
namespace {

Map map_of(const Node& node) {
  static const std::map<std::string_view, Function> plain = {{"Abs", Function::Abs},
                                                             {"Erf", Function::Erf},
                                                             {"Exp", Function::Exp},
                                                             {"HardSwish", Function::HardSwish},
                                                             {"Log", Function::Log},
                                                             {"Relu", Function::Relu},
                                                             {"Reciprocal", Function::Reciprocal},
                                                             {"Sqrt", Function::Sqrt},
                                                             {"Sigmoid", Function::Sigmoid},
                                                             {"Tanh", Function::Tanh},
                                                             {"Softplus", Function::Softplus}};
  const std::string& op = node.op();
  if (op == "Elu") {
    return Map{Function::Elu, node.float_attribute("alpha", 1.0F)};
  }
  if (op == "LeakyRelu") {
    return Map{Function::LeakyRelu, node.float_attribute("alpha", 0.01F)};
  }
  if (op == "HardSigmoid") {
    return Map{Function::HardSigmoid, node.float_attribute("alpha", 0.2F),
               node.float_attribute("beta", 0.5F)};
  }
  if (op == "Sign") {
    return Map{Function::Sign, 0.0F};
  }
  if (op == "Neg") {
    return Map{Function::Linear, -1.0F, 0.0F};
  }
  if (op == "Gelu") {
    if (node.text_attribute("approximate", "none") != "none") {
      node.fail("approximate must be none");
    }
    return Map{Function::Gelu};
  }
  return Map{plain.at(op)};
}

float clip_end(Lowering& lowering, const Node& node, int index, const std::string& attribute,
               float otherwise) {
  if (!node.has_input(index)) {
    return node.float_attribute(attribute, otherwise);
  }
  const std::vector<float> value = lowering.values().constant(node, index).floats();
  if (value.size() != 1) {
    node.fail(fmt::format("its input {} must be one number", index + 1));
  }
  return value.front();
}

}  // namespace

std::vector<std::size_t> softmax_axes(const Lowering& lowering, const Node& node,
                                      const Activation& value) {
  const std::size_t rank = value.shape.size();
  const bool one = lowering.opset() >= 13;
  const std::size_t first = node.axis(node.integer_attribute("axis", one ? -1 : 1), rank);
  std::vector<std::size_t> axes;
  for (std::size_t axis = first; axis < (one ? first + 1 : rank); ++axis) {
    Lowering::keep_batch(node, value, axis, "goes over");
    axes.push_back(axis);
  }
  return axes;
}

void lower_function(Lowering& lowering, const Node& node) {
  const Activation value = lowering.values().activation(node, 0);
  lowering.define_like(node, lowering.add("", map_of(node), {value.tensor}), value);
}

void lower_scaled_elu(Lowering& lowering, const Node& node) {
  const Activation value = lowering.values().activation(node, 0);
  const bool selu = node.op() == "Selu";
  const float alpha = node.float_attribute("alpha", selu ? 1.67326319F : 1.0F);
  const float gamma = selu ? node.float_attribute("gamma", 1.05070102F) : alpha;
  if (!selu && !(alpha > 0.0F)) {
    node.fail(fmt::format("alpha must be positive, not {}", alpha));
  }
  TensorId inner = value.tensor;
  if (!selu && alpha != 1.0F) {
    inner = lowering.add("scaled", Map{Function::Linear, 1.0F / alpha, 0.0F}, {inner});
  }
  inner = lowering.add("elu", Map{Function::Elu, selu ? alpha : 1.0F}, {inner});
  const Map scale{Function::Linear, gamma, 0.0F};
  lowering.define_like(node, lowering.add("", scale, {inner}), value);
}

/// x tanh(softplus(x)), x / (1 + |x|), and x where it is above alpha.
void lower_product_with_function(Lowering& lowering, const Node& node) {
  const Activation value = lowering.values().activation(node, 0);
  TensorId factor = value.tensor;
  const auto apply = [&](const std::string& part, const Map& map) {
    factor = lowering.add(part, map, {factor});
  };
  if (node.op() == "Mish") {
    apply("softplus", Map{Function::Softplus});
    apply("tanh", Map{Function::Tanh});
  } else if (node.op() == "Softsign") {
    apply("magnitude", Map{Function::Abs});
    apply("sum", Map{Function::Linear, 1.0F, 1.0F});
    apply("reciprocal", Map{Function::Reciprocal});
  } else {
    apply("difference", Map{Function::Linear, 1.0F, -node.float_attribute("alpha", 1.0F)});
    apply("above", Map{Function::Step});
  }
  const Binary product{BinaryFunction::Multiply};
  lowering.define_like(node, lowering.add("", product, {value.tensor, factor}), value);
}

void lower_clip(Lowering& lowering, const Node& node) {
  constexpr float kMost = std::numeric_limits<float>::max();
  const float low = clip_end(lowering, node, 1, "min", -kMost);
  const float high = clip_end(lowering, node, 2, "max", kMost);
  const Activation value = lowering.values().activation(node, 0);
  if (!(low <= high)) {
    node.fail(fmt::format("its least value {} is above its largest, {}", low, high));
  }
  const Map map =
      low == 0.0F && high == kMost ? Map{Function::Relu} : Map{Function::Clip, low, high};
  lowering.define_like(node, lowering.add("", map, {value.tensor}), value);
}

void lower_prelu(Lowering& lowering, const Node& node) {
  FloatTensor slope = lowering.values().floats(node, 1);
  Activation value = lowering.input(node, 0);
  if (slope.values.size() == 1) {
    const Map map{Function::LeakyRelu, slope.values.front()};
    lowering.define_like(node, lowering.add("", map, {value.tensor}), value);
    return;
  }
  if (broadcast(node, value.shape, slope.shape) != value.shape) {
    node.fail(fmt::format("its slopes of shape {} do not repeat to {}", to_string(slope.shape),
                          to_string(value.shape)));
  }
  // max(x, 0) - slope * max(-x, 0)
  value.tensor = lowering.arranged(value, value.order);
  const TensorId positive = lowering.add("positive", Map{Function::Relu}, {value.tensor});
  Activation negative = value;
  negative.tensor = lowering.add("minus", Map{Function::Linear, -1.0F, 0.0F}, {value.tensor});
  negative.tensor = lowering.add("negative", Map{Function::Relu}, {negative.tensor});
  const TensorId scaled =
      with_constant(lowering, node, "scaled", BinaryFunction::Multiply, negative, slope);
  lowering.define_like(node, lowering.add("", Binary{BinaryFunction::Subtract}, {positive, scaled}),
                       value);
}

void lower_softmax(Lowering& lowering, const Node& node) {
  Activation value = lowering.input(node, 0);
  const std::vector<std::size_t> axes = softmax_axes(lowering, node, value);
  Order order = row_major(value);
  const auto is_kept = [&](std::size_t axis) { return !std::ranges::binary_search(axes, axis); };
  std::stable_partition(order.begin(), order.end(), is_kept);
  TensorId rows = lowering.arranged(value, order);
  if (axes.size() > 1) {
    const auto length = static_cast<std::int64_t>(elements(extents(value.shape, axes)));
    const auto all = static_cast<std::int64_t>(elements(value.shape));
    rows = lowering.in_shape(rows, {all / length, length});
  }
  value.order = order;
  lowering.define_like(node, lowering.add("", Softmax{}, {rows}), value);
}

void lower_arg_max(Lowering& lowering, const Node& node) {
  if (lowering.values().is_read_by_node(node.output())) {
    node.fail("a node reads it; it is supported as the last node only");
  }
  Activation value = lowering.input(node, 0);
  Lowering::keep_batch(node, value,
                       node.axis(node.integer_attribute("axis", 0), value.shape.size()),
                       "chooses along");
  lowering.graph().notes.push_back(fmt::format(
      "node '{}' (ArgMax) is left out: predictions are made from the scores", node.name()));
  lowering.define_choice(node, std::move(value));
}

}  // namespace systol::onnx_import
