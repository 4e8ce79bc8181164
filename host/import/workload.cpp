#include "host/import/workload.h"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/graph/dense.h"
#include "host/import/limits.h"
#include "sim/config/nearest.h"
#include "sim/config/yaml_reader.h"

namespace systol {
namespace {

/// What `activation` may say; the functions in the order of Function.
constexpr std::array<std::string_view, 6> kActivations = {"none",    "relu", "leaky_relu",
                                                          "sigmoid", "tanh", "softmax"};
constexpr std::size_t kLeakyRelu = 2;
constexpr std::size_t kSoftmax = 5;
constexpr std::array<std::string_view, 1> kLayerKinds = {"dense"};
constexpr double kLargestValue = 1e6;  ///< of an input

/// Names stand in reports, programs and errors, one line each.
std::string read_name(const YamlNode& node) {
  const std::string name = node.text();
  if (!is_printable(name)) {
    node.fail(fmt::format("found the name {}, allowed: UTF-8 without control characters",
                          in_quotes(name)));
  }
  return name;
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

/// Adds the input and its range.
TensorId read_input(const YamlNode& node, Graph& graph) {
  const YamlMap map = node.map({"shape", "range"});
  const YamlNode shape = map.required("shape");
  Shape extents;
  std::int64_t values = 1;
  for (const YamlNode& extent : shape.list(1, 4)) {
    extents.push_back(extent.integer(1, kMaxUnits));
    values *= extents.back();
    if (values > kMaxUnits) {
      shape.fail(fmt::format("more than {} values in a sample; at most {} are supported", kMaxUnits,
                             kMaxUnits));
    }
  }
  if (const auto range = map.optional("range")) {
    graph.input_range = read_range(*range);
  }
  const TensorId input = graph.add_input("input", extents);
  return extents.size() == 1 ? input : graph.add_node("flatten", Reshape{{values}}, {input});
}

/// The layer's function after its matmul; nothing for none.
std::optional<Operation> read_activation(const YamlMap& dense) {
  const auto activation = dense.optional("activation");
  const std::size_t choice = activation ? activation->choice(kActivations) : 0;
  const auto slope = dense.optional("leaky_slope");
  if (slope && choice != kLeakyRelu) {
    slope->fail_at_key("only a layer with 'activation: leaky_relu' has a slope");
  }
  if (choice == 0) {
    return std::nullopt;
  }
  if (choice == kSoftmax) {
    return Softmax{};
  }
  Map map{static_cast<Function>(choice - 1)};
  if (slope) {
    map.a = static_cast<float>(slope->number(-1.0, 1.0));
  }
  return map;
}

TensorId read_dense(const YamlNode& node, TensorId input, std::size_t number, Graph& graph) {
  const YamlMap map = node.map({"units", "activation", "leaky_slope", "name"});
  const auto units = static_cast<std::uint32_t>(map.required("units").integer(1, kMaxUnits));
  const auto named = map.optional("name");
  const std::string name =
      graph.unique_name(named ? read_name(*named) : fmt::format("dense_{}", number));
  TensorId output = add_dense(graph, name, input, units);
  if (const auto activation = read_activation(map)) {
    output = graph.add_node(graph.unique_name(fmt::format("{}.{}", name, name_of(*activation))),
                            *activation, {output});
  }
  return output;
}

void read_layers(const YamlNode& node, TensorId current, Graph& graph) {
  std::size_t number = 0;
  for (const YamlNode& item : node.list(1, kMaxLayers)) {
    const YamlNode dense = item.single(kLayerKinds);
    const std::uint64_t inputs = elements(graph.shape(current));
    if (inputs > kMaxDepth) {
      dense.fail(fmt::format("{} inputs; int32 accumulators hold at most {}", inputs, kMaxDepth));
    }
    current = read_dense(dense, current, ++number, graph);
  }
  graph.outputs = {current};
}

Graph read_workload(const YamlNode& file) {
  const YamlMap map = file.map({"name", "input", "seed", "layers"});
  Graph graph;
  graph.name = read_name(map.required("name"));
  const TensorId input = read_input(map.required("input"), graph);
  if (const auto seed = map.optional("seed")) {
    graph.seed =
        static_cast<std::uint64_t>(seed->integer(0, std::numeric_limits<std::int64_t>::max()));
  }
  read_layers(map.required("layers"), input, graph);
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
