// Comparisons and logic of what depends on the sample, as 1 and 0.
#include "host/import/onnx_handlers.h"

namespace systol::onnx_import {
namespace {

/// The first input less the second, of which one at most is constant.
Activation difference(Lowering& lowering, const Node& node) {
  const Values& values = lowering.values();
  const int constant = values.is_constant(node, 0) ? 0 : 1;
  if (!values.is_constant(node, constant)) {
    return combined(lowering, node, "difference", BinaryFunction::Subtract, lowering.input(node, 0),
                    lowering.input(node, 1));
  }
  const HostTensor held = values.constant(node, constant);
  const std::vector<float> numbers = held.floats();
  if (constant == 1 && numbers == std::vector<float>(1, 0.0F)) {
    return lowering.input(node, 0);
  }
  return with_any_constant(lowering, node, "difference", BinaryFunction::Subtract,
                           lowering.input(node, 1 - constant), {held.shape, numbers},
                           constant == 0);
}

/// Either input of an And, Or or Xor; a constant is refused.
Activation truth(Lowering& lowering, const Node& node, int index) {
  if (lowering.values().is_constant(node, index)) {
    node.fail("one of its inputs is a constant; two that depend on the sample are supported");
  }
  return lowering.input(node, index);
}

}  // namespace

void lower_comparison(Lowering& lowering, const Node& node) {
  const std::string& op = node.op();
  Activation value = difference(lowering, node);
  const auto apply = [&](const std::string& part, const Map& map) {
    value.tensor = lowering.add(part, map, {value.tensor});
  };
  if (op == "Equal") {
    apply("distance", Map{Function::Abs});
  } else if (op == "Less" || op == "GreaterOrEqual") {
    apply("turned", Map{Function::Linear, -1.0F, 0.0F});
  }
  const bool strict = op == "Less" || op == "Greater";
  apply(strict ? "" : "differs", Map{Function::Step});
  if (!strict) {
    apply("", Map{Function::Linear, -1.0F, 1.0F});
  }
  lowering.define_whole(node, std::move(value));
}

void lower_logic(Lowering& lowering, const Node& node) {
  const std::string& op = node.op();
  if (op == "Not") {
    Activation value = lowering.input(node, 0);
    value.tensor = lowering.add("", Map{Function::Linear, -1.0F, 1.0F}, {value.tensor});
    lowering.define_whole(node, std::move(value));
    return;
  }
  const BinaryFunction function = op == "And"  ? BinaryFunction::Multiply
                                  : op == "Or" ? BinaryFunction::Maximum
                                               : BinaryFunction::Subtract;
  Activation value = combined(lowering, node, op == "Xor" ? "difference" : "", function,
                              truth(lowering, node, 0), truth(lowering, node, 1));
  if (op == "Xor") {
    value.tensor = lowering.add("", Map{Function::Abs}, {value.tensor});
  }
  lowering.define_whole(node, std::move(value));
}

namespace {

/// The condition as 1 where the node's input `index`, 1 or 2, is chosen.
Activation choice(Lowering& lowering, const Node& node, int index) {
  Activation condition = lowering.input(node, 0);
  if (index == 2) {
    condition.tensor =
        lowering.add("otherwise", Map{Function::Linear, -1.0F, 1.0F}, {condition.tensor});
  }
  return condition;
}

/// The node's input `index` where it is chosen, and 0 elsewhere.
Activation chosen_part(Lowering& lowering, const Node& node, int index, const std::string& part) {
  Activation condition = choice(lowering, node, index);
  if (lowering.values().is_constant(node, index)) {
    return with_any_constant(lowering, node, part, BinaryFunction::Multiply, std::move(condition),
                             lowering.values().floats(node, index), false);
  }
  return combined(lowering, node, part, BinaryFunction::Multiply, std::move(condition),
                  lowering.input(node, index));
}

}  // namespace

void lower_where_of_samples(Lowering& lowering, const Node& node) {
  const Values& values = lowering.values();
  for (const int constant : {1, 2}) {
    if (!values.is_constant(node, constant) || values.is_constant(node, 3 - constant)) {
      continue;
    }
    const FloatTensor filled = values.floats(node, constant);
    if (only_masks(lowering, node, filled)) {  // nothing is left of a score to which that is added
      lowering.values().define(node, combined(lowering, node, "", BinaryFunction::Add,
                                              lowering.input(node, 3 - constant),
                                              chosen_part(lowering, node, constant, "mask")));
      return;
    }
    if (filled.values == std::vector<float>(filled.values.size(), 0.0F)) {
      lowering.values().define(node, chosen_part(lowering, node, 3 - constant, ""));
      return;
    }
  }
  Activation first = chosen_part(lowering, node, 1, "first");
  lowering.values().define(node, combined(lowering, node, "", BinaryFunction::Add, std::move(first),
                                          chosen_part(lowering, node, 2, "second")));
}

}  // namespace systol::onnx_import
