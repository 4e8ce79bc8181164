// The backward pass: a graph with the nodes that compute its gradients.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "host/graph/graph.h"
#include "host/train/gradient_rules.h"

namespace systol {

struct Backward {
  std::vector<TensorId> gradients;  ///< by the tensors that were wanted
  /// For each node that was appended: the node of the graph whose gradient it helps to compute, and
  /// by which of its inputs.
  struct Source {
    std::size_t node = 0;
    std::size_t input = 0;
  };
  std::vector<Source> sources;
};

/// Appends the nodes that compute, from `gradient` (of the loss by the tensor `output`, in its
/// shape), the gradients by the tensors `wanted`. A tensor that several nodes
/// read has the sum of what each of them adds, the last reader's first. Where a function has a kink
/// its derivative is that on the left; of equal values a maximum and a minimum hand their gradient
/// to the first. Throws InputError, naming the node, for an operation without a derivative here,
/// and for a wanted tensor that the output does not depend on.
Backward append_backward(Graph& graph, TensorId output, TensorId gradient,
                         std::span<const TensorId> wanted, DistanceRule rule = DistanceRule::Full);

}  // namespace systol
