#include "host/import/workload.h"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <string>
#include <vector>

#include "host/import/limits.h"
#include "host/import/synthetic.h"
#include "sim/config/nearest.h"
#include "sim/config/yaml_reader.h"

namespace systol {
namespace {

/// In the order of Activation.
constexpr std::array kActivations = {Activation::None,    Activation::Relu, Activation::LeakyRelu,
                                     Activation::Sigmoid, Activation::Tanh, Activation::Softmax};
constexpr std::array<std::string_view, 1> kLayerKinds = {"dense"};
constexpr double kLargestValue = 1e6;  ///< of an input

/// Names stand in reports, programs and errors, one line each.
std::string read_name(const YamlNode& node) {
  const std::string name = node.text();
  if (!is_one_line(name)) {
    node.fail(fmt::format("found the name {}, allowed: names without control characters",
                          in_quotes(name)));
  }
  return name;
}

Activation read_activation(const YamlNode& node) {
  std::array<std::string_view, kActivations.size()> names;
  for (std::size_t i = 0; i < names.size(); ++i) {
    names[i] = name_of(kActivations[i]);
  }
  return kActivations[node.choice(names)];
}

ValueRange read_range(const YamlNode& node) {
  const std::vector<YamlNode> ends = node.list(2, 2);
  const ValueRange range{static_cast<float>(ends[0].number(-kLargestValue, kLargestValue)),
                         static_cast<float>(ends[1].number(-kLargestValue, kLargestValue))};
  if (range.low >= range.high) {
    node.fail("the first end must be below the second");
  }
  return range;
}

/// Fills in the input's shape and range; returns the number of values in a sample.
std::uint32_t read_input(const YamlNode& node, Graph& graph) {
  const YamlMap map = node.map({"shape", "range"});
  const YamlNode shape = map.required("shape");
  std::int64_t values = 1;
  for (const YamlNode& extent : shape.list(1, 4)) {
    graph.input_shape.push_back(extent.integer(1, kMaxUnits));
    values *= graph.input_shape.back();
    if (values > kMaxUnits) {
      shape.fail(fmt::format("more than {} values in a sample; at most {} are supported", kMaxUnits,
                             kMaxUnits));
    }
  }
  if (const auto range = map.optional("range")) {
    graph.input_range = read_range(*range);
  }
  return static_cast<std::uint32_t>(values);
}

DenseLayer read_dense(const YamlNode& node, std::uint32_t inputs, std::size_t number) {
  const YamlMap map = node.map({"units", "activation", "leaky_slope", "name"});
  DenseLayer layer;
  layer.name = fmt::format("dense_{}", number);
  layer.inputs = inputs;
  layer.outputs = static_cast<std::uint32_t>(map.required("units").integer(1, kMaxUnits));
  if (const auto activation = map.optional("activation")) {
    layer.activation = read_activation(*activation);
  }
  if (const auto slope = map.optional("leaky_slope")) {
    if (layer.activation != Activation::LeakyRelu) {
      slope->fail_at_key("only a layer with 'activation: leaky_relu' has a slope");
    }
    layer.leaky_slope = static_cast<float>(slope->number(-1.0, 1.0));
  }
  if (const auto name = map.optional("name")) {
    layer.name = read_name(*name);
  }
  return layer;
}

void read_layers(const YamlNode& node, std::uint32_t inputs, Graph& graph) {
  std::uint64_t weights = 0;
  for (const YamlNode& item : node.list(1, kMaxLayers)) {
    const YamlNode dense = item.single(kLayerKinds);
    graph.layers.push_back(read_dense(dense, inputs, graph.layers.size() + 1));
    weights += std::uint64_t{inputs} * graph.layers.back().outputs;
    if (weights > kMaxWeights) {
      dense.fail(fmt::format("{} weights up to this layer; at most {} are supported", weights,
                             kMaxWeights));
    }
    inputs = graph.layers.back().outputs;
  }
}

Graph read_workload(const YamlNode& file) {
  const YamlMap map = file.map({"name", "input", "seed", "layers"});
  Graph graph;
  graph.name = read_name(map.required("name"));
  const std::uint32_t inputs = read_input(map.required("input"), graph);
  if (const auto seed = map.optional("seed")) {
    graph.seed =
        static_cast<std::uint64_t>(seed->integer(0, std::numeric_limits<std::int64_t>::max()));
  }
  read_layers(map.required("layers"), inputs, graph);
  fill_weights(graph);
  return graph;
}

}  // namespace

Graph load_workload(const std::filesystem::path& path, std::span<const std::string> overrides) {
  Graph graph = read_workload(load_yaml(path, overrides));
  graph.file = path.string();
  return graph;
}

Graph parse_workload(std::string_view text, const std::string& name) {
  return read_workload(parse_yaml(text, name));
}

}  // namespace systol
