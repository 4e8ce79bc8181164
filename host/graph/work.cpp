#include "host/graph/work.h"

#include <vector>

namespace systol {
namespace {

/// Where a constant that is the node's input of this number is counted.
std::uint64_t& share_of(Work& work, bool multiplies, std::size_t input) {
  if (!multiplies) {
    return work.others;
  }
  return input == 1 ? work.weights : work.biases;
}

/// Adds the node's work, with those of its constants that are not yet in `counted`.
void add_work(const Graph& graph, const Node& node, Work& work, std::vector<bool>& counted) {
  const std::uint64_t depth = depth_of(graph, node);
  work.macs += depth * elements(graph.shape(node.output));
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const TensorId input = node.inputs[i];
    if (!counted[index_of(input)]) {
      counted[index_of(input)] = true;
      share_of(work, depth > 0, i) += elements(graph.shape(input));
    }
  }
}

/// By tensor: whether it is something that flows, which is never counted.
std::vector<bool> flowing(const Graph& graph) {
  std::vector<bool> result(graph.tensors.size(), true);
  for (const Constant& constant : graph.constants) {
    result[index_of(constant.tensor)] = false;
  }
  return result;
}

}  // namespace

std::uint64_t depth_of(const Graph& graph, const Node& node) {
  if (std::holds_alternative<MatMul>(node.operation)) {
    return static_cast<std::uint64_t>(graph.shape(node.inputs[0]).back());
  }
  if (std::holds_alternative<Convolution>(node.operation)) {
    const Shape& weights = graph.shape(node.inputs[1]);
    return static_cast<std::uint64_t>(weights[0] * weights[1] * weights[2]);
  }
  return 0;
}

Work work_of(const Graph& graph, const Node& node) {
  Work work;
  std::vector<bool> counted = flowing(graph);
  add_work(graph, node, work, counted);
  return work;
}

Work total_work(const Graph& graph) {
  Work work;
  std::vector<bool> counted = flowing(graph);
  for (const Node& node : graph.nodes) {
    add_work(graph, node, work, counted);
  }
  return work;
}

}  // namespace systol
