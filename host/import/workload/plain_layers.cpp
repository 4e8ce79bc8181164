// Layers of matrices and of single values.
#include <fmt/format.h>

#include "host/import/limits.h"
#include "host/import/workload/kinds.h"
#include "host/import/workload/layer.h"

namespace systol {
namespace {

/// Of a table: a sample's file holds its indices as float32.
constexpr std::int64_t kMaxRows = 1 << 24;

void read_binary(WorkloadNetwork& network, const YamlNode& node, BinaryFunction function) {
  const std::string_view name = kBinaryNames[static_cast<std::size_t>(function)];
  Layer layer(network, node, name, {"with", "activation", "leaky_slope"});
  const TensorId with = network.find(layer.map().required("with"));
  layer.finish(layer.activated(layer.add(Binary{function}, {layer.input(), with})));
}

/// Of a weight or a bias.
constexpr double kMostNumber = 1e30;

std::vector<float> read_numbers(const YamlNode& node, std::size_t count) {
  std::vector<float> numbers;
  for (const YamlNode& number : node.list(count, count)) {
    numbers.push_back(static_cast<float>(number.number(-kMostNumber, kMostNumber)));
  }
  return numbers;
}

/// A list for each input with a number for each unit; empty where the layer has none.
std::vector<float> read_weights(const Layer& layer, std::size_t inputs, std::size_t units) {
  std::vector<float> weights;
  if (const auto node = layer.map().optional("weights")) {
    for (const YamlNode& row : node->list(inputs, inputs)) {
      const std::vector<float> numbers = read_numbers(row, units);
      weights.insert(weights.end(), numbers.begin(), numbers.end());
    }
  }
  return weights;
}

/// A tensor that other layers name: it has a name, and is not what the next layer reads.
struct Named {
  std::string name;
  Shape shape;
};

Named read_named(WorkloadNetwork& network, const YamlNode& node, std::string_view kind) {
  const YamlMap map = node.map({"name", "shape"});
  network.next_layer(node, kind);
  return {read_name(map.required("name")), read_shape(map.required("shape"))};
}

}  // namespace

void read_dense(WorkloadNetwork& network, const YamlNode& node) {
  Layer layer(
      network, node, "dense",
      {"units", "weights", "bias", "activation", "leaky_slope", "similarity", "weights_are"});
  if (layer.shape().size() > 2) {
    layer.fail(
        fmt::format("its input has shape {}; dense needs values or a sequence: flatten it, or "
                    "use a conv with 'kernel: 1'",
                    to_string(layer.shape())));
  }
  const std::int64_t units = layer.map().required("units").integer(1, kMaxUnits);
  const auto size = static_cast<std::size_t>(layer.shape().back());
  std::vector<TensorId> inputs{
      layer.input(), layer.constant("weights", {layer.shape().back(), units},
                                    read_weights(layer, size, static_cast<std::size_t>(units)))};
  const auto bias = layer.map().optional("bias");
  if (bias && bias->is_list()) {
    inputs.push_back(
        layer.constant("bias", {units}, read_numbers(*bias, static_cast<std::size_t>(units))));
  } else if (layer.flag("bias", true)) {
    inputs.push_back(layer.constant("bias", {units}));
  }
  layer.finish(
      layer.activated(layer.add(MatMul{false, layer.similarity(), layer.weight_kind()}, inputs)));
}

void read_activation(WorkloadNetwork& network, const YamlNode& node) {
  constexpr double kMost = 1e6;
  Layer layer(network, node, "activation", {"activation", "leaky_slope", "threshold"});
  layer.map().required("activation");
  TensorId input = layer.input();
  if (const auto threshold = layer.map().optional("threshold")) {
    const auto value = static_cast<float>(threshold->number(-kMost, kMost));
    input = layer.add("above", Map{Function::Linear, 1.0F, -value}, {input});
  }
  layer.finish(layer.activated(input));
}

void read_softmax(WorkloadNetwork& network, const YamlNode& node) {
  Layer layer(network, node, "softmax", {});
  layer.finish(layer.add(Softmax{}, {layer.input()}));
}

void read_matmul(WorkloadNetwork& network, const YamlNode& node) {
  Layer layer(network, node, "matmul", {"with", "transposed", "activation", "leaky_slope"});
  const TensorId with = network.find(layer.map().required("with"));
  const MatMul matmul{layer.flag("transposed", false)};
  layer.finish(layer.activated(layer.add(matmul, {layer.input(), with})));
}

void read_add(WorkloadNetwork& network, const YamlNode& node) {
  read_binary(network, node, BinaryFunction::Add);
}
void read_subtract(WorkloadNetwork& network, const YamlNode& node) {
  read_binary(network, node, BinaryFunction::Subtract);
}
void read_multiply(WorkloadNetwork& network, const YamlNode& node) {
  read_binary(network, node, BinaryFunction::Multiply);
}
void read_maximum(WorkloadNetwork& network, const YamlNode& node) {
  read_binary(network, node, BinaryFunction::Maximum);
}
void read_minimum(WorkloadNetwork& network, const YamlNode& node) {
  read_binary(network, node, BinaryFunction::Minimum);
}

void read_input_layer(WorkloadNetwork& network, const YamlNode& node) {
  const Named named = read_named(network, node, "input");
  network.define(named.name, network.add_input(node, named.name, named.shape));
}

void read_embedding(WorkloadNetwork& network, const YamlNode& node) {
  Layer layer(network, node, "embedding", {"rows", "size"});
  const std::int64_t rows = layer.map().required("rows").integer(1, kMaxRows);
  const std::int64_t size = layer.map().required("size").integer(1, kMaxUnits);
  network.look_up(node, layer.input(), static_cast<std::uint64_t>(rows), size);
  layer.finish(layer.input());
}

void read_constant(WorkloadNetwork& network, const YamlNode& node) {
  const Named named = read_named(network, node, "constant");
  network.define(named.name, network.add_constant(named.name, named.shape));
}

}  // namespace systol
