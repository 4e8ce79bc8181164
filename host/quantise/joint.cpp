#include "host/quantise/joint.h"

#include <algorithm>
#include <utility>

#include "host/quantise/rewriting.h"

namespace systol {
namespace {

bool compares(const Node& node) { return similarity_of(node.operation) == Similarity::L1; }

/// Whether the range of the node's input may become that of its weights, too.
bool may_widen(const Graph& graph, const Node& node, const Connections& connections) {
  const std::vector<TensorId> unchanged = unchanged_from(node.inputs.front(), connections);
  if (std::ranges::any_of(unchanged,
                          [&](TensorId id) { return graph.fixed_quantisations.contains(id); })) {
    return false;
  }
  const TensorId source = unchanged.back();
  const Node* producer = connections.producer(source);
  return producer != nullptr ? has_range(*producer)
                             : std::ranges::find(graph.inputs, source) != graph.inputs.end();
}

}  // namespace

std::shared_ptr<const Graph> with_joint_inputs(const std::shared_ptr<const Graph>& graph) {
  const Connections connections(*graph);
  const auto needs_own = [&](const Node& node) {
    return compares(node) && !may_widen(*graph, node, connections);
  };
  if (std::ranges::none_of(graph->nodes, needs_own)) {
    return graph;
  }
  auto result = std::make_shared<Graph>(*graph);
  result->nodes.clear();
  for (Node node : graph->nodes) {
    if (needs_own(node)) {
      const std::string name = node.name + ".input";
      const TensorId own = add_tensor(*result, name, node.inputs.front());
      result->nodes.push_back(requantising(*graph, *result, name, node.inputs.front(), own));
      node.inputs.front() = own;
    }
    result->nodes.push_back(std::move(node));
  }
  return result;
}

}  // namespace systol
