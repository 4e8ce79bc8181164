#include "host/train/one_hot.h"

#include <algorithm>
#include <string>
#include <utility>

#include "host/import/given_rows.h"

namespace systol {
namespace {

std::string table_name(const Graph& network, const Lookup& lookup) {
  return network.tensor(lookup.input).name + ".table";
}

void multiply_rows(Graph& graph, const Lookup& lookup) {
  const Shape rows = graph.shape(lookup.input);
  const auto count = static_cast<std::int64_t>(rows_of(graph, lookup));
  const std::string name = graph.tensor(lookup.input).name;
  const TensorId table =
      graph.add_constant(table_name(graph, lookup), {count, rows.back()}, lookup.values());
  const TensorId ones = graph.add_input(graph.unique_name(name + ".one_hot"), {rows[0], count});
  graph.inputs.pop_back();
  std::ranges::replace(graph.inputs, lookup.input, ones);
  graph.nodes.insert(graph.nodes.begin(), {name, MatMul{}, {ones, table}, lookup.input});
}

}  // namespace

Graph with_one_hot_rows(const Graph& network) {
  Graph graph = with_constant_angles(network);
  for (const Lookup& lookup : network.lookups) {
    multiply_rows(graph, lookup);
  }
  graph.lookups.clear();
  graph.input_layouts.clear();
  return graph;
}

Graph with_trained_values(Graph network, const Graph& trained) {
  for (Constant& constant : network.constants) {
    constant.values = trained.constant(constant.tensor)->values;
  }
  for (Lookup& lookup : network.lookups) {
    const std::string name = table_name(network, lookup);
    const auto table = std::ranges::find_if(trained.constants, [&](const Constant& constant) {
      return trained.tensor(constant.tensor).name == name;
    });
    lookup.table = table->values;
  }
  return network;
}

}  // namespace systol
