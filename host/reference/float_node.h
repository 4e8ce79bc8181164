// What a node computes in floating point.
#pragma once

#include <vector>

#include "host/graph/graph.h"

namespace systol {

/// One sample through the node: each input's values, and the output's, are row-major. Sums are in
/// double.
void float_node(const Graph& graph, const Node& node, const std::vector<const float*>& inputs,
                float* output);

}  // namespace systol
