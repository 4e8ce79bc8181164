// Computes a graph in float32.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "host/graph/graph.h"
#include "host/train/multiplier.h"

namespace systol {

/// By TensorId: whether some output depends on it. Nodes with other outputs do not run.
std::vector<bool> needed_tensors(const Graph& graph);

/// Matrices are multiplied by a Multiplier; everything else is float32 arithmetic of the host,
/// value by value in a fixed order. Functions such as exp and the sums of means and softmax are
/// computed in double and rounded once. Runs only what an output depends on. All memory is taken
/// when it is made.
class GraphExecutor {
 public:
  /// Of a graph without states, whose constants have values; it and `product` outlive this. Throws
  /// InputError, naming the node, for an operation that it does not compute.
  GraphExecutor(const Graph& graph, Multiplier& product);

  /// Where an input's values, row-major, are to be put before a run.
  std::span<float> input(TensorId id);
  /// Takes an input's values from elsewhere from now on.
  void bind(TensorId id, std::span<float> values);
  std::span<const float> values(TensorId id) const;

  /// `begins` is called with each node of the graph before it computes something.
  void run(const std::function<void(const Node& node)>& begins = {});
  /// The first node of those that run whose output has a value that is not finite; null for none.
  const Node* first_not_finite() const;

 private:
  friend class NodeKernels;
  struct Step {
    const Node* node;
    std::function<void()> compute;  ///< empty: the output is the input's memory
  };

  const Graph& graph_;
  std::vector<std::vector<float>> memory_;  ///< by TensorId; empty where another's is used
  std::vector<float*> values_;              ///< by TensorId
  std::vector<Step> steps_;
};

/// Whether no value is infinite or not a number.
bool all_finite(std::span<const float> values);

}  // namespace systol
