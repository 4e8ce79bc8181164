// What the passes over a graph before it is quantised have in common.
#pragma once

#include <string>
#include <vector>

#include "host/graph/connections.h"
#include "host/graph/graph.h"

namespace systol {

/// Whether the output has its only or first input's quantisation: nodes that move values without
/// changing them, and clamps.
bool keeps_quantisation(const Node& node, const Connections& connections);

/// Whether the node's results are quantised by their range alone.
bool has_range(const Node& node);

/// The tensor, and those before it whose values and quantisation it has, up to the one that is
/// computed.
std::vector<TensorId> unchanged_from(TensorId tensor, const Connections& connections);

/// A tensor of the shape of `like`; its name is `wanted`, or that with a number.
TensorId add_tensor(Graph& graph, const std::string& wanted, TensorId like);

/// `wanted`, followed by a number where a node of either graph is called so already.
std::string free_node_name(const Graph& before, const Graph& after, const std::string& wanted);

/// The node that gives the values of `from` the quantisation of `to`: Linear of 1 and 0. Its name
/// is a free one.
Node requantising(const Graph& before, const Graph& after, const std::string& wanted, TensorId from,
                  TensorId to);

}  // namespace systol
