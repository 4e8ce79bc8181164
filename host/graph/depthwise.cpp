#include "host/graph/depthwise.h"

namespace systol {

bool is_depthwise(const Graph& graph, const Node& node) {
  const auto* convolution = std::get_if<Convolution>(&node.operation);
  if (convolution == nullptr) {
    return false;
  }
  const Shape& weights = graph.shape(node.inputs[1]);
  return convolution->groups > 1 && weights[2] == 1 && weights[3] == convolution->groups;
}

}  // namespace systol
