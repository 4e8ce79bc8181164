// A graph's nodes as the machine runs them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/graph/graph.h"

namespace systol {

/// Which of the machine's ways a step takes.
enum class StepKind : std::uint8_t {
  Matrix,     ///< weights are constants: a matmul, or a convolution
  Product,    ///< a matmul of two activations
  Depthwise,  ///< a convolution of each channel with itself, on the vector unit
  Softmax,
  Table,   ///< functions that follow no sums, on the vector unit
  Vector,  ///< any other operation, on the vector unit
};

/// An addition that the activation path does with a matmul's or a convolution's sums.
struct AddedResidual {
  std::size_t node = 0;  ///< of the graph: an Add or a Subtract
  std::size_t sums = 0;  ///< which of its inputs, 0 or 1, are the sums
  bool operator==(const AddedResidual&) const = default;
};

/// What runs as one: an operation, with the functions that the activation path applies to its sums
/// or the vector unit to its results. It is called as its first node is.
struct Step {
  std::string name;
  std::size_t node = 0;                ///< of the graph: its operation
  std::vector<std::size_t> functions;  ///< nodes of the graph, in their order
  StepKind kind = StepKind::Matrix;
  bool table = false;  ///< some function is looked up, and not one that is the operation's clamp
  /// That flow, as they are stored: no reshape's output. After the operation's the residual's.
  std::vector<TensorId> sources;
  std::optional<AddedResidual> added;  ///< its node is one of `functions`
  TensorId output{};
  std::uint32_t inputs = 0;   ///< values that are joined to one sum, K; 0 where there are no sums
  std::uint32_t outputs = 0;  ///< and of a row of the output, N
  std::uint32_t rows = 1;     ///< of a sample of the output

  TensorId input() const { return sources.front(); }
  bool softmax() const { return kind == StepKind::Softmax; }
  bool operator==(const Step&) const = default;
};

/// A state of the graph: its value, and its next value as it is stored.
struct StoredState {
  TensorId value{};
  TensorId next{};
};

/// A graph's steps, in the order in which they run, and its outputs and states as they are stored.
struct Steps {
  std::vector<Step> steps;
  std::vector<TensorId> outputs;
  std::vector<StoredState> states;
};

/// Throws InputError, naming the node, for what the machine cannot run.
Steps steps_of(const Graph& graph);

/// Whether the steps are a chain of matmuls and softmaxes of one row a sample.
bool is_dense_chain(const Graph& graph, const Steps& steps);

}  // namespace systol
