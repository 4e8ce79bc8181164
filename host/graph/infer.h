// The shape of what a node computes.
#pragma once

#include <span>
#include <string>

#include "host/graph/graph.h"

namespace systol {

/// The output's shape for inputs of these shapes. Throws InputError, beginning with `place` (which
/// names the node), for inputs that the operation does not take.
Shape infer_shape(const Operation& operation, std::span<const Shape> inputs,
                  const std::string& place);

/// "model.onnx: node 'fc1' (matmul)": what errors about a node begin with.
std::string place_of(const Graph& graph, const std::string& node, const Operation& operation);
inline std::string place_of(const Graph& graph, const Node& node) {
  return place_of(graph, node.name, node.operation);
}

}  // namespace systol
