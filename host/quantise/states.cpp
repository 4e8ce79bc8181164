#include "host/quantise/states.h"

#include <algorithm>
#include <set>
#include <utility>

#include "host/quantise/clamp.h"
#include "host/quantise/symmetric.h"

namespace systol {
namespace {

/// Whether the node's results are quantised by their range alone.
struct HasRange {
  bool operator()(const MatMul&) const { return true; }
  bool operator()(const Convolution&) const { return true; }
  bool operator()(const Binary&) const { return true; }
  bool operator()(const Normalise&) const { return true; }
  bool operator()(const Mean&) const { return true; }
  bool operator()(const Pool& pool) const { return pool.kind == PoolKind::Average; }
  bool operator()(const Map& map) const {
    return map.function != Function::Tanh && map.function != Function::Sigmoid;
  }
  template <class Other>
  bool operator()(const Other&) const {
    return false;
  }
};

std::string free_node_name(const Graph& graph, const std::string& wanted) {
  std::string name = wanted;
  const auto taken = [&] {
    return std::ranges::find(graph.nodes, name, &Node::name) != graph.nodes.end();
  };
  for (int number = 2; taken(); ++number) {
    name = wanted + "_" + std::to_string(number);
  }
  return name;
}

void put_between(Graph& graph, State& state) {
  const std::string name = graph.tensor(state.value).name + ".next";
  graph.tensors.push_back({graph.unique_name(name), graph.shape(state.next)});
  const auto output = static_cast<TensorId>(graph.tensors.size() - 1);
  graph.nodes.push_back(
      {free_node_name(graph, name), Map{Function::Linear, 1.0F, 0.0F}, {state.next}, output});
  state.next = output;
}

}  // namespace

std::vector<TensorId> unchanged_from(const Connections& connections, TensorId tensor) {
  std::vector<TensorId> tensors = {tensor};
  const Node* producer = connections.producer(tensor);
  while (producer != nullptr && keeps_quantisation(*producer, connections)) {
    tensors.push_back(producer->inputs.front());
    producer = connections.producer(tensors.back());
  }
  return tensors;
}

std::shared_ptr<const Graph> with_own_next_values(const std::shared_ptr<const Graph>& graph) {
  if (graph->states.empty()) {
    return graph;
  }
  std::vector<std::size_t> changed;
  {
    const Connections connections(*graph);
    std::set<TensorId> taken;
    for (std::size_t i = 0; i < graph->states.size(); ++i) {
      const TensorId computed = unchanged_from(connections, graph->states[i].next).back();
      const Node* producer = connections.producer(computed);
      const bool own = producer != nullptr && std::visit(HasRange{}, producer->operation) &&
                       taken.insert(computed).second;
      if (!own) {
        changed.push_back(i);
      }
    }
  }
  if (changed.empty()) {
    return graph;
  }
  auto result = std::make_shared<Graph>(*graph);
  for (const std::size_t i : changed) {
    put_between(*result, result->states[i]);
  }
  return result;
}

}  // namespace systol
