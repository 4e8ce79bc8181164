#include "host/import/onnx_pairs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace systol::onnx_import {
namespace {

/// Where an operator on integers has what.
struct Form {
  std::string_view op;             ///< of float
  std::vector<int> operands;       ///< each followed by its scale and its zero point
  int result = 0;                  ///< the scale of the output, followed by its zero point
  int bias = -1;                   ///< int32 in steps of the first two operands' scales multiplied
  std::int64_t channels_axis = 1;  ///< of the second operand's scales
};

const std::map<std::string_view, Form>& forms() {
  static const std::map<std::string_view, Form> table = {
      {"QLinearConv", {"Conv", {0, 3}, 6, 8, 0}},
      {"QLinearMatMul", {"MatMul", {0, 3}, 6, -1, -1}},
      {"QGemm", {"Gemm", {0, 3}, 7, 6}},
      {"QLinearAdd", {"Add", {0, 3}, 6}},
      {"QLinearMul", {"Mul", {0, 3}, 6}},
      {"QLinearSigmoid", {"Sigmoid", {0}, 3}},
      {"QLinearLeakyRelu", {"LeakyRelu", {0}, 3}},
      {"QLinearSoftmax", {"Softmax", {0}, 3}},
      {"QLinearAveragePool", {"AveragePool", {0}, 3}},
      {"QLinearGlobalAveragePool", {"GlobalAveragePool", {0}, 3}},
  };
  return table;
}

/// Standard operators that move integers as they are.
constexpr std::array<std::string_view, 11> kMoves = {"Concat",  "Flatten",   "Gather",   "Identity",
                                                     "MaxPool", "Reshape",   "Slice",    "Split",
                                                     "Squeeze", "Transpose", "Unsqueeze"};

void set_integer(onnx::NodeProto& node, const std::string& name, std::int64_t value) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INT);
  attribute.set_i(value);
}

std::int64_t integer(const onnx::NodeProto& node, std::string_view name) {
  for (const onnx::AttributeProto& attribute : node.attribute()) {
    if (attribute.name() == name) {
      return attribute.i();
    }
  }
  return 0;
}

class Rewriting {
 public:
  Rewriting(onnx::GraphProto& graph, std::vector<std::string>& notes)
      : graph_(graph), notes_(notes) {}

  void run() {
    onnx::GraphProto before;
    before.mutable_node()->Swap(graph_.mutable_node());
    for (onnx::NodeProto& node : *before.mutable_node()) {
      if (!rewritten(node)) {
        if (node.op_type() == "QuantizeLinear" && node.input_size() > 1 && node.output_size() > 0) {
          pairs_[node.output(0)] = {node.input(1), node.input_size() > 2 ? node.input(2) : ""};
        }
        graph_.add_node()->Swap(&node);
      }
    }
  }

 private:
  using Pair = std::pair<std::string, std::string>;  ///< the names of a scale and a zero point

  bool rewritten(onnx::NodeProto& node) {
    const std::string& op = node.op_type();
    const bool known =
        node.domain().empty() || node.domain() == "ai.onnx" || node.domain() == "com.microsoft";
    if (!known || node.output_size() == 0) {
      return false;
    }
    if (op == "DynamicQuantizeLinear") {
      return take_as_it_is(node);
    }
    if (op == "MatMulInteger" || op == "ConvInteger") {
      return multiply_integers(node);
    }
    if (op == "QLinearConcat") {
      return join(node);
    }
    if (std::ranges::find(kMoves, op) != kMoves.end()) {
      return move_integers(node);
    }
    const auto form = forms().find(op);
    return form != forms().end() && between_pairs(node, form->second);
  }

  bool between_pairs(onnx::NodeProto& node, const Form& form) {
    const auto has = [&](int index) {
      return index < node.input_size() && !node.input(index).empty();
    };
    if (!has(form.result) || integer(node, "channels_last") != 0) {
      return false;
    }
    std::vector<std::string> inputs;
    for (const int operand : form.operands) {
      inputs.push_back(dequantised(node, operand, form.channels_axis));
    }
    if (form.bias >= 0 && has(form.bias)) {
      inputs.push_back(bias(node, form.bias));
    }
    finish(node, std::string(form.op), inputs, form.result);
    return true;
  }

  /// The scale and the zero point of the output come first, then each part with its own.
  bool join(onnx::NodeProto& node) {
    if (node.input_size() < 5 || node.input_size() % 3 != 2) {
      return false;
    }
    std::vector<std::string> inputs;
    for (int part = 2; part < node.input_size(); part += 3) {
      inputs.push_back(dequantised(node, part, 1));
    }
    finish(node, "Concat", inputs, 0);
    return true;
  }

  bool take_as_it_is(const onnx::NodeProto& node) {
    if (node.output_size() != 3 || node.input_size() != 1) {
      return false;
    }
    add("Identity", {node.input(0)}, node.output(0)).set_name(node.name());
    onnx::TensorProto& scale = *graph_.add_initializer();
    scale.set_name(node.output(1));
    scale.set_data_type(onnx::TensorProto::FLOAT);
    scale.add_float_data(1.0F);
    onnx::TensorProto& zero = *graph_.add_initializer();
    zero.set_name(node.output(2));
    zero.set_data_type(onnx::TensorProto::UINT8);
    zero.add_int32_data(0);
    dynamic_.insert(node.output(2));
    notes_.push_back(fmt::format(
        "node '{}': its scale depends on the sample; the machine's is found by calibration",
        node.name().empty() ? node.output(0) : node.name()));
    return true;
  }

  /// Of an activation in steps of 1, and constant weights, their zero point set aside.
  bool multiply_integers(onnx::NodeProto& node) {
    if (node.input_size() < 3 || !dynamic_.contains(node.input(2))) {
      return false;
    }
    const bool convolution = node.op_type() == "ConvInteger";
    const std::string weights = name_of(node, 1);
    const bool shifted = node.input_size() > 3 && !node.input(3).empty();
    const std::string steps = shifted ? ones_like(node.input(3)) : one();
    onnx::NodeProto& dequantise = add("DequantizeLinear", {node.input(1), steps}, weights);
    if (shifted) {
      dequantise.add_input(node.input(3));
      set_integer(dequantise, "axis", convolution ? 0 : -1);
    }
    const std::string activation = node.input(0);
    replace(node, convolution ? "Conv" : "MatMul", {activation, weights});
    return true;
  }

  /// Integers that are moved keep their scale; those that are joined must have the same.
  bool move_integers(onnx::NodeProto& node) {
    const int moved = node.op_type() == "Concat" ? node.input_size() : 1;
    const auto first = node.input_size() == 0 ? pairs_.end() : pairs_.find(node.input(0));
    if (first == pairs_.end()) {
      return false;
    }
    const Pair pair = first->second;
    for (int i = 1; i < moved; ++i) {
      const auto other = pairs_.find(node.input(i));
      if (other == pairs_.end() || other->second != pair) {
        return false;
      }
    }
    for (int i = 0; i < moved; ++i) {
      const std::string name = name_of(node, i);
      add("DequantizeLinear", {node.input(i), pair.first, pair.second}, name);
      node.set_input(i, name);
    }
    const std::vector<std::string> outputs(node.output().begin(), node.output().end());
    for (int i = 0; i < node.output_size(); ++i) {
      node.set_output(i, outputs[static_cast<std::size_t>(i)] + ".float");
    }
    graph_.add_node()->Swap(&node);
    for (const std::string& output : outputs) {
      quantise(output, pair);
    }
    return true;
  }

  void quantise(const std::string& output, const Pair& pair) {
    add("QuantizeLinear", {output + ".float", pair.first, pair.second}, output);
    pairs_[output] = pair;
  }

  /// The name of the float that stands for an input.
  static std::string name_of(const onnx::NodeProto& node, int index) {
    return fmt::format("{}.input{}", node.output(0), index);
  }

  onnx::NodeProto& add(const std::string& op, const std::vector<std::string>& inputs,
                       const std::string& output) {
    onnx::NodeProto& node = *graph_.add_node();
    node.set_op_type(op);
    node.set_name(output);
    node.add_output(output);
    for (const std::string& input : inputs) {
      node.add_input(input);
    }
    return node;
  }

  std::string dequantised(const onnx::NodeProto& node, int index, std::int64_t axis) {
    std::string name = name_of(node, index);
    onnx::NodeProto& added =
        add("DequantizeLinear", {node.input(index), node.input(index + 1), node.input(index + 2)},
            name);
    set_integer(added, "axis", axis);
    return name;
  }

  std::string bias(const onnx::NodeProto& node, int index) {
    std::string name = name_of(node, index);
    add("Mul", {node.input(1), node.input(4)}, name + ".scale");
    set_integer(add("DequantizeLinear", {node.input(index), name + ".scale"}, name), "axis", 0);
    return name;
  }

  void finish(onnx::NodeProto& node, const std::string& op, const std::vector<std::string>& inputs,
              int result) {
    const std::string output = node.output(0);
    const std::string scale = node.input(result);
    const std::string zero = result + 1 < node.input_size() ? node.input(result + 1) : "";
    if (node.name().empty()) {
      node.set_name(output);
    }
    node.set_output(0, output + ".float");
    replace(node, op, inputs);
    quantise(output, {scale, zero});
  }

  void replace(onnx::NodeProto& node, const std::string& op,
               const std::vector<std::string>& inputs) {
    node.set_op_type(op);
    node.clear_domain();
    node.clear_input();
    for (const std::string& input : inputs) {
      node.add_input(input);
    }
    graph_.add_node()->Swap(&node);
  }

  const std::string& one() {
    static const std::string name = "step of 1";
    if (!one_) {
      add_ones(name);
      one_ = true;
    }
    return name;
  }

  onnx::TensorProto& add_ones(const std::string& name, std::int64_t count = 1) {
    onnx::TensorProto& tensor = *graph_.add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    for (std::int64_t i = 0; i < count; ++i) {
      tensor.add_float_data(1.0F);
    }
    return tensor;
  }

  /// Steps of 1, as many as the initializer has zero points.
  std::string ones_like(const std::string& zeros) {
    const auto& all = graph_.initializer();
    const auto found = std::ranges::find(all, zeros, &onnx::TensorProto::name);
    constexpr std::int64_t kMostChannels = std::int64_t{1} << 20;
    if (found == all.end() || found->dims_size() != 1 || found->dims(0) < 2 ||
        found->dims(0) > kMostChannels) {
      return one();
    }
    const std::int64_t channels = found->dims(0);
    const std::string name = zeros + ".steps of 1";
    if (std::ranges::find(all, name, &onnx::TensorProto::name) == all.end()) {
      add_ones(name, channels).add_dims(channels);
    }
    return name;
  }

  onnx::GraphProto& graph_;
  std::vector<std::string>& notes_;
  std::map<std::string, Pair> pairs_;  ///< of integer values
  std::set<std::string> dynamic_;      ///< zero points that DynamicQuantizeLinear gives
  bool one_ = false;
};

}  // namespace

void write_as_pairs(onnx::GraphProto& graph, std::vector<std::string>& notes) {
  Rewriting(graph, notes).run();
}

}  // namespace systol::onnx_import
