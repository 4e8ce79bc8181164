// The backward pass: a graph with the nodes that compute its gradients.
#pragma once

#include <span>
#include <vector>

#include "host/graph/graph.h"

namespace systol {

/// Appends the nodes that compute, from `gradient` (of the loss by the tensor `output`, in its
/// shape), the gradients by the tensors `wanted`, and returns these. A tensor that several nodes
/// read has the sum of what each of them adds, the last reader's first. Where a function has a kink
/// its derivative is that on the left; of equal values a maximum and a minimum hand their gradient
/// to the first. Throws InputError, naming the node, for an operation without a derivative here,
/// and for a wanted tensor that the output does not depend on.
std::vector<TensorId> append_backward(Graph& graph, TensorId output, TensorId gradient,
                                      std::span<const TensorId> wanted);

}  // namespace systol
