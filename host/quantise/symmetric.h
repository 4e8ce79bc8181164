// Products of two activations know no zero points: both tensors must have the zero point 0.
#pragma once

#include <memory>
#include <vector>

#include "host/graph/connections.h"
#include "host/graph/graph.h"

namespace systol {

/// A matmul whose second input is no constant.
bool is_product(const Node& node, const Connections& connections);

/// The graph as it is quantised; the same one where nothing changes. Tensors keep their numbers.
/// - Between a softmax, whose quantisation is fixed, or a tensor to which the model's file gives
///   another zero point, and a product that reads it stands a node "<tensor>.symmetric", Linear of
///   1 and 0.
/// - A product's bias is added by a node "<product>.bias".
std::shared_ptr<const Graph> with_symmetric_operands(const std::shared_ptr<const Graph>& graph);

/// By TensorId: whether a product reads it, directly, through nodes that keep its quantisation, or
/// as a state.
std::vector<bool> symmetric_tensors(const Graph& graph, const Connections& connections);

}  // namespace systol
