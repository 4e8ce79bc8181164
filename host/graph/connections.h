// What computes and what reads each tensor of a graph, without searching for it.
#pragma once

#include <cstddef>
#include <vector>

#include "host/graph/graph.h"

namespace systol {

/// Of a graph that outlives it and does not change meanwhile.
class Connections {
 public:
  explicit Connections(const Graph& graph);

  /// Null for a tensor that is none.
  const Constant* constant(TensorId id) const { return of(id).constant; }
  /// The node that computes the tensor; null for inputs, states and constants.
  const Node* producer(TensorId id) const { return of(id).producer; }
  /// How many nodes read the tensor, and one more for each time that it is an output of the graph
  /// or a state's next value.
  std::size_t uses(TensorId id) const { return of(id).uses; }
  /// The node that alone reads the tensor, which is no output of the graph; null where there is
  /// none.
  const Node* only_reader(TensorId id) const { return uses(id) == 1 ? of(id).reader : nullptr; }

 private:
  struct Ends {
    const Constant* constant = nullptr;
    const Node* producer = nullptr;
    const Node* reader = nullptr;  ///< the last one
    std::size_t uses = 0;
  };
  const Ends& of(TensorId id) const { return tensors_[index_of(id)]; }

  std::vector<Ends> tensors_;
};

}  // namespace systol
