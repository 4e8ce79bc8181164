#include "host/import/onnx_lowering.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "host/graph/dense.h"
#include "host/import/limits.h"
#include "host/import/onnx_node.h"
#include "host/import/onnx_reshape.h"
#include "host/import/onnx_values.h"
#include "sim/base/error.h"
#include "sim/config/nearest.h"

namespace systol::onnx_import {
namespace {

/// Walks the nodes in order; `current_` is what the next one reads.
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
  void relu(const Node& node) { activation(node, Map{Function::Relu}); }
  void sigmoid(const Node& node) { activation(node, Map{Function::Sigmoid}); }
  void tanh(const Node& node) { activation(node, Map{Function::Tanh}); }
  void leaky_relu(const Node& node);
  void softmax(const Node& node);

  /// The last dense layer, which a bias and one activation may still follow.
  struct Dense {
    std::string name;
    DenseConstants constants;
    std::optional<Operation> activation;
  };

  std::string name_of_node(const Node& node, std::string_view kind) const;
  void activation(const Node& node, const Operation& operation);
  void reshape_to(const Node& node, const Shape& shape);
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
  TensorId current_{};
  std::optional<Dense> dense_;
  std::size_t layers_ = 0;     ///< dense layers so far
  std::uint64_t weights_ = 0;  ///< of all of them
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
    if (!is_printable(proto_.node(i).name())) {
      throw InputError(
          fmt::format("{}: node {}: found the name {}, allowed: UTF-8 without control characters",
                      file_, i, in_quotes(proto_.node(i).name())));
    }
  }
}

Graph Lowering::run() {
  graph_.file = file_;
  current_ = graph_.add_input("input", values_.input_shape());
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
  if (!dense_) {
    throw InputError(file_ + ": it holds no dense layer (Gemm or MatMul)");
  }
  values_.check_output();
  graph_.outputs = {current_};
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
  if (layers_++ == kMaxLayers || weights_ > kMaxValues) {
    node.fail(
        fmt::format("the network is too large; at most {} layers and {} weights are supported",
                    kMaxLayers, kMaxValues));
  }
}

void Lowering::check_finite() const {
  for (const Constant& constant : graph_.constants) {
    if (!std::ranges::all_of(constant.values, [](float value) { return std::isfinite(value); })) {
      throw InputError(
          fmt::format("{}: constant '{}': a layer's weights and bias, once scaled and added up, "
                      "must be finite float32 numbers",
                      file_, graph_.tensor(constant.tensor).name));
    }
  }
}

/// ONNX does not ask for names, nor for different ones.
std::string Lowering::name_of_node(const Node& node, std::string_view kind) const {
  return graph_.unique_name(node.proto().name().empty()
                                ? fmt::format("{}_{}", kind, graph_.nodes.size() + 1)
                                : node.proto().name());
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
  check_depth(inputs, node.place());
  std::vector<float> values(weights.values.size());
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      values[transposed ? c * rows + r : r * columns + c] = alpha * weights.values[r * columns + c];
    }
  }
  const std::uint32_t outputs = transposed ? rows : columns;
  const std::string name = node.proto().name().empty()
                               ? graph_.unique_name(fmt::format("dense_{}", layers_))
                               : name_of_node(node, "dense");
  dense_ = Dense{name, add_dense_constants(graph_, name, {inputs, outputs}), {}};
  graph_.constant(dense_->constants.weights)->values = std::move(values);
  graph_.constant(dense_->constants.bias)->values.assign(outputs, 0.0F);
  current_ = graph_.add_node(name, MatMul{},
                             {current_, dense_->constants.weights, dense_->constants.bias});
}

void Lowering::add_bias(const Node& node, const FloatTensor& bias, float beta) {
  std::vector<float>& sums = graph_.constant(dense_->constants.bias)->values;
  const bool row = bias.shape.size() <= 1 || (bias.shape.size() == 2 && bias.shape[0] == 1);
  const std::size_t count = bias.values.size();
  if (!row || (count != 1 && count != sums.size())) {
    node.fail(fmt::format("its bias has shape {}; supported are [{}], [1, {}] and one value",
                          to_string(bias.shape), sums.size(), sums.size()));
  }
  for (std::size_t n = 0; n < sums.size(); ++n) {
    sums[n] += beta * bias.values[count == 1 ? 0 : n];
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
  values_.produce(node, graph_.shape(current_));
}

void Lowering::matmul(const Node& node) {
  add_layer(node, values_.floats(node, 1), false, 1.0F);
  values_.produce(node, graph_.shape(current_));
}

void Lowering::add(const Node& node) {
  const bool first = values_.is_constant(node, 0);
  if (first == values_.is_constant(node, 1)) {
    node.fail("exactly one of its inputs must be a constant: it is supported as a layer's bias");
  }
  const Shape shape = values_.consume(node, first ? 1 : 0);
  if (!dense_ || dense_->activation || shape.size() != 1) {
    node.fail("it does not follow a Gemm or MatMul: it is supported as a layer's bias");
  }
  add_bias(node, values_.floats(node, first ? 0 : 1), 1.0F);
  values_.produce(node, shape);
}

void Lowering::activation(const Node& node, const Operation& operation) {
  const Shape shape = values_.consume(node, 0);
  if (!dense_) {
    node.fail("it comes before the first Gemm or MatMul; an activation must follow one");
  }
  if (dense_->activation) {
    node.fail(
        fmt::format("the layer '{}' before it has an activation already ({}); one after each "
                    "Gemm or MatMul is supported",
                    dense_->name, name_of(*dense_->activation)));
  }
  dense_->activation = operation;
  current_ = graph_.add_node(name_of_node(node, name_of(operation)), operation, {current_});
  values_.produce(node, shape);
}

void Lowering::leaky_relu(const Node& node) {
  activation(node, Map{Function::LeakyRelu, node.float_attribute("alpha", 0.01F)});
}

void Lowering::softmax(const Node& node) {
  row_length(node);
  const std::int64_t axis = node.integer_attribute("axis", opset_ >= 13 ? -1 : 1);
  if (axis != 1 && axis != -1) {
    node.fail(fmt::format("axis={} is not supported; it must be the last one", axis));
  }
  activation(node, Softmax{});
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
  reshape_to(node, flattened(node, values_.consume(node, 0)));
}

void Lowering::reshape(const Node& node) {
  const Shape shape = values_.consume(node, 0);
  reshape_to(node, reshaped(node, shape, values_.integers(node, 1), values_.batch()));
}

void Lowering::reshape_to(const Node& node, const Shape& shape) {
  if (shape != graph_.shape(current_)) {
    current_ = graph_.add_node(name_of_node(node, "reshape"), Reshape{shape}, {current_});
  }
  values_.produce(node, shape);
}

}  // namespace

Graph lower(const onnx::GraphProto& graph, std::int64_t opset, const std::string& file) {
  return Lowering(graph, opset, file).run();
}

}  // namespace systol::onnx_import
