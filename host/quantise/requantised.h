// Quantisations that a model's file gives: where a node cannot compute in one, another node
// follows.
#pragma once

#include <memory>

#include "host/graph/graph.h"

namespace systol {

/// The graph with each of its fixed quantisations on a tensor whose node can take it; the same one
/// where nothing changes. Tensors keep their numbers.
/// - What moves values or clamps them has its input's quantisation: the node that computes those
///   takes the one of the output, where nothing else reads them.
/// - Where that cannot be, and after a softmax of another quantisation than its own, a node
///   "<node>.requantised", Linear of 1 and 0, computes the tensor.
std::shared_ptr<const Graph> with_fixed_quantisations(const std::shared_ptr<const Graph>& graph);

}  // namespace systol
