// What is compared with weights has their quantisation: a difference needs one scale and one zero
// point.
#pragma once

#include <memory>

#include "host/graph/graph.h"

namespace systol {

/// The graph with inputs of L1 similarities whose quantisation may follow from a range: where the
/// values have one of their own (a sigmoid's, a state's, one that the model's file gives), a node
/// "<node>.input", Linear of 1 and 0, stands between. The same graph where nothing changes; tensors
/// keep their numbers.
std::shared_ptr<const Graph> with_joint_inputs(const std::shared_ptr<const Graph>& graph);

}  // namespace systol
