// A graph's nodes as the machine runs them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "host/graph/graph.h"

namespace systol {

/// What runs as one: a matmul with the functions that the activation path applies to its sums, or
/// a softmax. It is called as its first node is.
struct Step {
  std::string name;
  std::size_t node = 0;                ///< of the graph: the matmul or the softmax
  std::vector<std::size_t> functions;  ///< nodes of the graph, in their order
  bool softmax = false;
  bool table = false;  ///< some function is looked up, and not a ReLU that is the matmul's clamp
  TensorId input{};    ///< as it is stored: no reshape's output
  TensorId output{};
  std::uint32_t inputs = 0;   ///< values of a sample of the input
  std::uint32_t outputs = 0;  ///< and of the output
};

/// A graph's steps, in the order in which they run, and its outputs as they are stored.
struct Steps {
  std::vector<Step> steps;
  std::vector<TensorId> outputs;
};

/// Throws InputError, naming the node, for what the machine cannot run.
Steps steps_of(const Graph& graph);

}  // namespace systol
