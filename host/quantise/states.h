// States are read and written in one quantisation.
#pragma once

#include <memory>

#include "host/graph/graph.h"

namespace systol {

/// The graph with next values that can have their states' quantisation: where a node gives its
/// results one of its own, or what is written is no node's, a node "<state>.next", Linear of 1 and
/// 0, stands between. The same graph where nothing changes; tensors keep their numbers.
std::shared_ptr<const Graph> with_own_next_values(const std::shared_ptr<const Graph>& graph);

}  // namespace systol
