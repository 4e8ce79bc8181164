#include "host/import/workload.h"

#include <fmt/format.h>

#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/graph/verify.h"
#include "host/import/limits.h"
#include "host/import/workload/layer.h"
#include "host/import/workload/layer_list.h"
#include "host/import/workload/network.h"
#include "sim/config/yaml_reader.h"

namespace systol {
namespace {

constexpr double kLargestValue = 1e6;  ///< of an input
constexpr std::size_t kMaxVariables = 100;

ValueRange read_range(const YamlNode& node) {
  const std::vector<YamlNode> ends = node.list(2, 2);
  const ValueRange range{static_cast<float>(ends[0].number(-kLargestValue, kLargestValue)),
                         static_cast<float>(ends[1].number(-kLargestValue, kLargestValue))};
  if (range.low >= range.high) {
    node.fail("the first end must be below the second");
  }
  return range;
}

void read_input(const YamlNode& node, WorkloadNetwork& network) {
  const YamlMap map = node.map({"shape", "range"});
  if (const auto range = map.optional("range")) {
    network.graph().input_range = read_range(*range);
  }
  network.current = network.add_input(node, "input", read_shape(map.required("shape")));
  network.define("input", network.current);
}

Variables read_variables(const std::optional<YamlNode>& node) {
  Variables variables;
  if (node) {
    for (const YamlNode& entry : node->entries(1, kMaxVariables)) {
      variables.set(entry.key(), entry.text());
    }
  }
  return variables;
}

Graph read_workload(const YamlNode& file, const std::string& path) {
  const YamlMap map =
      file.map({"name", "input", "seed", "variables", "blocks", "layers", "outputs"});
  WorkloadNetwork network;
  network.graph().name = read_name(map.required("name"));
  network.graph().file = path;
  Variables variables = read_variables(map.optional("variables"));
  read_input(variables.replaced_in(map.required("input")), network);
  if (const auto seed = map.optional("seed")) {
    network.graph().seed =
        static_cast<std::uint64_t>(seed->integer(0, std::numeric_limits<std::int64_t>::max()));
  }
  read_layers(network, map.required("layers"), map.optional("blocks"), variables);
  network.graph().outputs = {network.current};
  if (const auto outputs = map.optional("outputs")) {
    network.graph().outputs.clear();
    for (const YamlNode& name : outputs->list(1, kMaxLayers)) {
      network.graph().outputs.push_back(network.find(name));
    }
  }
  verify(network.graph());
  return std::move(network.graph());
}

}  // namespace

Graph load_workload(const std::filesystem::path& path, std::span<const std::string> overrides) {
  return read_workload(load_yaml(path, overrides), path.string());
}

Graph parse_workload(std::string_view text, const std::string& name) {
  return read_workload(parse_yaml(text, name), "");
}

}  // namespace systol
