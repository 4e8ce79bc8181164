// Products of two activations know no zero points: both tensors must have the zero point 0.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/graph/connections.h"
#include "host/graph/graph.h"

namespace systol {

/// A matmul whose second input is no constant.
bool is_product(const Node& node, const Connections& connections);

/// Whether the output has its only or first input's quantisation: nodes that move values without
/// changing them, and clamps.
bool keeps_quantisation(const Node& node, const Connections& connections);

/// The tensor whose quantisation `id` has: the first before it that no such node computes.
TensorId quantised_at(TensorId id, const Connections& connections);

/// `wanted`, followed by a number where a node of either graph is called so already.
std::string free_node_name(const Graph& before, const Graph& after, const std::string& wanted);

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
