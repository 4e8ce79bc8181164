#include "host/import/onnx_lowering.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "host/import/limits.h"
#include "host/import/onnx_node.h"
#include "host/import/onnx_reshape.h"
#include "host/import/onnx_values.h"
#include "sim/base/error.h"
#include "sim/config/nearest.h"

namespace systol::onnx_import {
namespace {

/// Walks the nodes in order and keeps the layer that is being built at the back of the graph.
class Lowering {
 public:
  Lowering(const onnx::GraphProto& proto, std::int64_t opset, const std::string& file)
      : proto_(proto), opset_(opset), file_(file), values_(proto, file) {}

  Graph run();

 private:
  using Handler = void (Lowering::*)(const Node&);
  static const std::map<std::string_view, Handler>& handlers();

  void gemm(const Node& node);
  void matmul(const Node& node);
  void add(const Node& node);
  void constant(const Node& node);
  void identity(const Node& node);
  void dropout(const Node& node);
  void flatten(const Node& node);
  void reshape(const Node& node);
  void relu(const Node& node) { activation(node, Activation::Relu); }
  void sigmoid(const Node& node) { activation(node, Activation::Sigmoid); }
  void tanh(const Node& node) { activation(node, Activation::Tanh); }
  void leaky_relu(const Node& node);
  void softmax(const Node& node);

  void activation(const Node& node, Activation kind);
  std::uint32_t row_length(const Node& node);
  void check_size(const Node& node, std::uint64_t weights);
  void check_names() const;
  void check_finite() const;
  void add_layer(const Node& node, const FloatTensor& weights, bool transposed, float alpha);
  void add_bias(const Node& node, const FloatTensor& bias, float beta);

  const onnx::GraphProto& proto_;
  std::int64_t opset_;
  const std::string& file_;
  Values values_;
  Graph graph_;
  std::uint64_t weights_ = 0;  ///< of all layers so far
};

const std::map<std::string_view, Lowering::Handler>& Lowering::handlers() {
  static const std::map<std::string_view, Handler> table = {{"Add", &Lowering::add},
                                                            {"Constant", &Lowering::constant},
                                                            {"Dropout", &Lowering::dropout},
                                                            {"Flatten", &Lowering::flatten},
                                                            {"Gemm", &Lowering::gemm},
                                                            {"Identity", &Lowering::identity},
                                                            {"LeakyRelu", &Lowering::leaky_relu},
                                                            {"MatMul", &Lowering::matmul},
                                                            {"Relu", &Lowering::relu},
                                                            {"Reshape", &Lowering::reshape},
                                                            {"Sigmoid", &Lowering::sigmoid},
                                                            {"Softmax", &Lowering::softmax},
                                                            {"Tanh", &Lowering::tanh}};
  return table;
}

/// Before any message may show them.
void Lowering::check_names() const {
  for (int i = 0; i < proto_.node_size(); ++i) {
    if (!is_one_line(proto_.node(i).name())) {
      throw InputError(
          fmt::format("{}: node {}: found the name {}, allowed: names without control characters",
                      file_, i, in_quotes(proto_.node(i).name())));
    }
  }
}

Graph Lowering::run() {
  graph_.input_shape = values_.input_shape();
  check_names();
  for (const onnx::NodeProto& proto : proto_.node()) {
    const Node node(proto, file_);
    const auto handler = handlers().find(node.op());
    if (handler == handlers().end() || !node.standard()) {
      std::vector<std::string_view> names;
      for (const auto& entry : handlers()) {
        names.push_back(entry.first);
      }
      node.fail(fmt::format("not supported; supported are {}", fmt::join(names, ", ")));
    }
    (this->*handler->second)(node);
  }
  if (graph_.layers.empty()) {
    throw InputError(file_ + ": it holds no dense layer (Gemm or MatMul)");
  }
  values_.check_output();
  check_finite();
  return std::move(graph_);
}

/// The length of the rows that a node which works on rows takes.
std::uint32_t Lowering::row_length(const Node& node) {
  const Shape& shape = values_.consume(node, 0);
  if (shape.size() != 1) {
    node.fail(
        fmt::format("a sample of its input has shape {}; one dimension is supported "
                    "(put a Flatten in front)",
                    to_string(shape)));
  }
  return static_cast<std::uint32_t>(shape.front());
}

/// Two nodes may share one constant, so the file's size is no bound for the layers'.
void Lowering::check_size(const Node& node, std::uint64_t weights) {
  weights_ += weights;
  if (graph_.layers.size() == kMaxLayers || weights_ > kMaxWeights) {
    node.fail(
        fmt::format("the network is too large; at most {} layers and {} weights are supported",
                    kMaxLayers, kMaxWeights));
  }
}

void Lowering::check_finite() const {
  const auto finite = [](float value) { return std::isfinite(value); };
  for (const DenseLayer& layer : graph_.layers) {
    if (!std::all_of(layer.weights.begin(), layer.weights.end(), finite) ||
        !std::all_of(layer.bias.begin(), layer.bias.end(), finite)) {
      throw InputError(
          fmt::format("{}: layer '{}': its weights and bias, once scaled and added up, "
                      "must be finite float32 numbers",
                      file_, layer.name));
    }
  }
}

void Lowering::add_layer(const Node& node, const FloatTensor& weights, bool transposed,
                         float alpha) {
  const std::uint32_t inputs = row_length(node);
  if (weights.shape.size() != 2) {
    node.fail(fmt::format("its weights have shape {}; two dimensions are supported",
                          to_string(weights.shape)));
  }
  const auto rows = static_cast<std::uint32_t>(weights.shape[0]);
  const auto columns = static_cast<std::uint32_t>(weights.shape[1]);
  if ((transposed ? columns : rows) != inputs) {
    node.fail(fmt::format("its input has {} values a sample, but its weights {}{} take {}", inputs,
                          to_string(weights.shape), transposed ? " (transposed)" : "",
                          transposed ? columns : rows));
  }
  check_size(node, weights.values.size());
  DenseLayer layer;
  layer.name = node.proto().name().empty() ? fmt::format("dense_{}", graph_.layers.size() + 1)
                                           : node.proto().name();
  layer.inputs = inputs;
  layer.outputs = transposed ? rows : columns;
  layer.bias.assign(layer.outputs, 0.0F);
  layer.weights.resize(weights.values.size());
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      layer.weights[transposed ? c * rows + r : r * columns + c] =
          alpha * weights.values[r * columns + c];
    }
  }
  graph_.layers.push_back(std::move(layer));
}

void Lowering::add_bias(const Node& node, const FloatTensor& bias, float beta) {
  DenseLayer& layer = graph_.layers.back();
  const bool row = bias.shape.size() <= 1 || (bias.shape.size() == 2 && bias.shape[0] == 1);
  const std::size_t count = bias.values.size();
  if (!row || (count != 1 && count != layer.outputs)) {
    node.fail(fmt::format("its bias has shape {}; supported are [{}], [1, {}] and one value",
                          to_string(bias.shape), layer.outputs, layer.outputs));
  }
  for (std::size_t n = 0; n < layer.outputs; ++n) {
    layer.bias[n] += beta * bias.values[count == 1 ? 0 : n];
  }
}

void Lowering::gemm(const Node& node) {
  if (node.integer_attribute("transA", 0) != 0) {
    node.fail("transA=1 is not supported");
  }
  add_layer(node, values_.floats(node, 1), node.integer_attribute("transB", 0) != 0,
            node.float_attribute("alpha", 1.0F));
  if (node.has_input(2)) {
    add_bias(node, values_.floats(node, 2), node.float_attribute("beta", 1.0F));
  }
  values_.produce(node, {graph_.layers.back().outputs});
}

void Lowering::matmul(const Node& node) {
  add_layer(node, values_.floats(node, 1), false, 1.0F);
  values_.produce(node, {graph_.layers.back().outputs});
}

void Lowering::add(const Node& node) {
  const bool first = values_.is_constant(node, 0);
  if (first == values_.is_constant(node, 1)) {
    node.fail("exactly one of its inputs must be a constant: it is supported as a layer's bias");
  }
  const Shape shape = values_.consume(node, first ? 1 : 0);
  if (graph_.layers.empty() || graph_.layers.back().activation != Activation::None ||
      shape.size() != 1) {
    node.fail("it does not follow a Gemm or MatMul: it is supported as a layer's bias");
  }
  add_bias(node, values_.floats(node, first ? 0 : 1), 1.0F);
  values_.produce(node, shape);
}

void Lowering::activation(const Node& node, Activation kind) {
  const Shape shape = values_.consume(node, 0);
  if (graph_.layers.empty()) {
    node.fail("it comes before the first Gemm or MatMul; an activation must follow one");
  }
  DenseLayer& layer = graph_.layers.back();
  if (layer.activation != Activation::None) {
    node.fail(
        fmt::format("the layer '{}' before it has an activation already ({}); one after each "
                    "Gemm or MatMul is supported",
                    layer.name, name_of(layer.activation)));
  }
  layer.activation = kind;
  values_.produce(node, shape);
}

void Lowering::leaky_relu(const Node& node) {
  activation(node, Activation::LeakyRelu);
  graph_.layers.back().leaky_slope = node.float_attribute("alpha", 0.01F);
}

void Lowering::softmax(const Node& node) {
  row_length(node);
  const std::int64_t axis = node.integer_attribute("axis", opset_ >= 13 ? -1 : 1);
  if (axis != 1 && axis != -1) {
    node.fail(fmt::format("axis={} is not supported; it must be the last one", axis));
  }
  activation(node, Activation::Softmax);
}

void Lowering::constant(const Node& node) { values_.define_constant(node, constant_of(node)); }

void Lowering::identity(const Node& node) {
  if (values_.is_constant(node, 0)) {
    values_.alias_constant(node, 0);
  } else {
    values_.produce(node, values_.consume(node, 0));
  }
}

void Lowering::dropout(const Node& node) {
  if (node.has_input(2)) {
    const std::vector<std::int64_t> training = values_.integers(node, 2);
    if (training.size() != 1 || training.front() != 0) {
      node.fail("it is in training mode; export the model for inference");
    }
  }
  values_.produce(node, values_.consume(node, 0));
}

void Lowering::flatten(const Node& node) {
  values_.produce(node, flattened(node, values_.consume(node, 0)));
}

void Lowering::reshape(const Node& node) {
  const Shape shape = values_.consume(node, 0);
  values_.produce(node, reshaped(node, shape, values_.integers(node, 1), values_.batch()));
}

}  // namespace

Graph lower(const onnx::GraphProto& graph, std::int64_t opset, const std::string& file) {
  return Lowering(graph, opset, file).run();
}

}  // namespace systol::onnx_import
