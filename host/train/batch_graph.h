// A network that computes several samples at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "host/graph/graph.h"

namespace systol {

/// The network as a graph of a whole batch: its tensors have the samples as their first axis, and
/// what multiplies and the biases are inputs, because they differ from step to step.
struct BatchGraph {
  Graph graph;
  std::vector<TensorId> tensors;     ///< of the graph, by the network's TensorId
  std::vector<TensorId> parameters;  ///< inputs of the graph, as parameters_of() has them
  std::vector<std::size_t> sources;  ///< for each node the network's node that it is part of
};

/// The weights and biases of the network's matmuls and convolutions, and what is multiplied by or
/// added to normalised values, in the order of the nodes that read them first: what training
/// changes.
std::vector<TensorId> parameters_of(const Graph& network);

/// Written in matmuls and operations of single values: a convolution becomes the matmul of the
/// values in each place of its window with the weights, a pool the maximum or the sum over the
/// places of its window. Throws InputError, naming the node, for an operation that cannot be
/// written so, and for a network with states, several inputs or several outputs.
BatchGraph batched(const Graph& network, std::int64_t batch);

}  // namespace systol
