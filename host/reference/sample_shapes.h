// The shapes that some samples of a network see, one after another: states may grow.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "host/graph/graph.h"
#include "host/graph/growth.h"

namespace systol {

class SampleShapes {
 public:
  /// `rows` samples from number `first` on; `graph` outlives the object.
  SampleShapes(const Graph& graph, std::uint64_t first, std::size_t rows)
      : graph_(graph), rows_(rows) {
    if (!grows(graph)) {
      return;
    }
    growth_ = growth_of(graph);
    for (std::size_t row = 0; row < rows; ++row) {
      seen_.push_back(at_sample(graph, first + row));
    }
  }

  std::size_t rows() const { return rows_; }
  const Graph& graph(std::size_t row) const { return seen_.empty() ? graph_ : seen_[row]; }
  bool differs(TensorId id) const { return !seen_.empty() && growth_[index_of(id)].has_value(); }
  std::size_t size(TensorId id, std::size_t row) const {
    return elements(graph(differs(id) ? row : 0).shape(id));
  }
  /// Where row `row`'s values begin after those of all rows before; of `rows()` their number.
  std::size_t start(TensorId id, std::size_t row) const {
    if (!differs(id) || row == 0) {
      return row * size(id, 0);
    }
    const std::size_t more = rows_ > 1 ? size(id, 1) - size(id, 0) : 0;
    return row * size(id, 0) + row * (row - 1) / 2 * more;
  }

 private:
  const Graph& graph_;
  std::size_t rows_;
  std::vector<std::optional<Growth>> growth_;
  std::vector<Graph> seen_;  ///< empty where all see the same
};

/// Makes a state's `values` what they are `rows` samples later, one sample at least: the last
/// sample's `next`, or the values so far with each sample's appended. `next` is [rows][its values].
template <class Value>
void pass_samples(const Graph& graph, const State& state, const Value* next, std::size_t rows,
                  std::vector<Value>& values) {
  const Shape& shape = graph.shape(state.next);
  const std::size_t count = elements(shape);
  if (!state.axis) {
    const Value* last = next + (rows - 1) * count;
    values.assign(last, last + count);
    return;
  }
  const auto axis = static_cast<std::ptrdiff_t>(*state.axis);
  const std::size_t blocks = elements({shape.begin(), shape.begin() + axis});
  const std::size_t old_block = values.size() / blocks;
  const std::size_t new_block = count / blocks;
  values.resize(values.size() + rows * count);
  // In place, the last block first: what moves goes where nothing lies any more.
  for (std::size_t block = blocks; block-- > 0;) {
    Value* const from = values.data() + block * old_block;
    Value* const to = from + block * rows * new_block;
    std::copy_backward(from, from + old_block, to + old_block);
    for (std::size_t row = 0; row < rows; ++row) {
      std::copy_n(next + row * count + block * new_block, new_block,
                  to + old_block + row * new_block);
    }
  }
}

/// Whether every state is read only by nodes after the one that computes its next value, so that
/// many samples may go through the nodes together.
inline bool reads_what_is_computed(const Graph& graph) {
  std::vector<std::size_t> computed(graph.tensors.size(), graph.nodes.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    computed[index_of(graph.nodes[i].output)] = i;
  }
  for (const State& state : graph.states) {
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      for (const TensorId input : graph.nodes[i].inputs) {
        if (input == state.value && i <= computed[index_of(state.next)]) {
          return false;
        }
      }
    }
  }
  return true;
}

}  // namespace systol
