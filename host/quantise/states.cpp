#include "host/quantise/states.h"

#include <algorithm>
#include <set>
#include <utility>

#include "host/quantise/rewriting.h"

namespace systol {
namespace {

void put_between(Graph& graph, State& state) {
  const std::string name = graph.tensor(state.value).name + ".next";
  const TensorId output = add_tensor(graph, name, state.next);
  graph.nodes.push_back(requantising(graph, graph, name, state.next, output));
  state.next = output;
  if (const auto fixed = graph.fixed_quantisations.find(state.value);
      fixed != graph.fixed_quantisations.end()) {
    graph.fixed_quantisations[output] = fixed->second;
  }
}

/// Whether the model's file has a quantisation for the state or for what it becomes.
bool is_fixed(const Graph& graph, const State& state, const std::vector<TensorId>& written) {
  const auto fixed = [&](TensorId tensor) { return graph.fixed_quantisations.contains(tensor); };
  return fixed(state.value) || std::ranges::any_of(written, fixed);
}

}  // namespace

std::shared_ptr<const Graph> with_own_next_values(const std::shared_ptr<const Graph>& graph) {
  if (graph->states.empty()) {
    return graph;
  }
  std::vector<std::size_t> changed;
  {
    const Connections connections(*graph);
    std::set<TensorId> taken;
    for (std::size_t i = 0; i < graph->states.size(); ++i) {
      const State& state = graph->states[i];
      const std::vector<TensorId> written = unchanged_from(state.next, connections);
      const Node* producer = connections.producer(written.back());
      const bool same =
          graph->fixed_quantisations.contains(state.value) &&
          graph->fixed_quantisations.contains(state.next) &&
          graph->fixed_quantisations.at(state.value) == graph->fixed_quantisations.at(state.next);
      const bool own = same || (producer != nullptr && !is_fixed(*graph, state, written) &&
                                has_range(*producer) && taken.insert(written.back()).second);
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
