#include "host/graph/connections.h"

namespace systol {

Connections::Connections(const Graph& graph) : tensors_(graph.tensors.size()) {
  for (const Constant& constant : graph.constants) {
    tensors_[index_of(constant.tensor)].constant = &constant;
  }
  for (const Node& node : graph.nodes) {
    tensors_[index_of(node.output)].producer = &node;
    for (const TensorId input : node.inputs) {
      Ends& ends = tensors_[index_of(input)];
      ends.reader = &node;
      ++ends.uses;
    }
  }
  for (const TensorId output : graph.outputs) {
    ++tensors_[index_of(output)].uses;
  }
  for (const State& state : graph.states) {
    ++tensors_[index_of(state.next)].uses;
  }
}

}  // namespace systol
