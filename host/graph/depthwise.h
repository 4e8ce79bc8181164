// Convolutions of each channel with itself.
#pragma once

#include "host/graph/graph.h"

namespace systol {

/// Whether the node is one. They run on the vector unit, which multiplies int8 by int8.
bool is_depthwise(const Graph& graph, const Node& node);

}  // namespace systol
