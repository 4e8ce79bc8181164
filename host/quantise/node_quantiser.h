// A graph's nodes in integers, once the ranges of its tensors are known.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "host/graph/connections.h"
#include "host/graph/graph.h"
#include "host/graph/quant_graph.h"

namespace systol {

/// Gives each node's output its scale, and the node its integers, in the nodes' order. Throws
/// InputError, naming the node, for what is not finite and for what is too large.
class NodeQuantiser {
 public:
  /// `ranges` by TensorId. The graph outlives it and has next values that can have their states'
  /// quantisation (states.h).
  NodeQuantiser(const Graph& graph, std::vector<ValueRange> ranges, std::uint32_t weight_bits = 8,
                bool two_of_four = false);

  struct Result {
    std::vector<Quantisation> tensors;
    std::vector<QuantOperation> nodes;
  };
  Result run();

 private:
  ValueRange range(TensorId id) const { return ranges_[index_of(id)]; }
  Quantisation of(TensorId id) const { return result_.tensors[index_of(id)]; }
  Quantisation input() const { return of(node_->inputs.front()); }
  Quantisation output() const { return of(node_->output); }
  bool is_fixed(TensorId id) const { return graph_.fixed_quantisations.contains(id); }
  /// What the model's file says, else what suits the range.
  Quantisation suited(TensorId id, ValueRange range) const;
  void set(TensorId id, Quantisation quantisation) { result_.tensors[index_of(id)] = quantisation; }
  void set_output() { set(node_->output, suited(node_->output, range(node_->output))); }
  [[noreturn]] void fail(std::string_view problem) const;

  template <class Clamped>
  void settle(Clamped& clamped) const;
  void set_clamped_output();
  std::span<const float> factors() const;
  bool gives_signs() const;
  QuantMatMul joined(MatMulShape shape, Similarity similarity, std::uint64_t run) const;
  void quantise_constants();
  std::vector<std::int8_t> constant_values(TensorId id) const;
  QuantPool average(std::uint64_t values);
  QuantMove moved(std::int8_t padding = 0);

  QuantOperation quantise(const MatMul& matmul);
  QuantOperation quantise(const Convolution& convolution);
  QuantOperation quantise(const Binary& binary);
  QuantOperation quantise(const Map& map);
  QuantOperation quantise(const Softmax& softmax);
  QuantOperation quantise(const Pool& pool);
  QuantOperation quantise(const Mean& mean);
  QuantOperation quantise(const Normalise& normalise);
  QuantOperation quantise(const Concat& concat);
  QuantOperation quantise(const Pad& pad);
  QuantOperation quantise(const Slice& slice);
  QuantOperation quantise(const Transpose& transpose);
  QuantOperation quantise(const Repeat& repeat);
  QuantOperation quantise(const Reshape& reshape);

  void join_states();
  void join_compared();

  const Graph& graph_;
  std::vector<ValueRange> ranges_;
  Connections connections_;
  std::vector<bool> symmetric_;  ///< by TensorId: a product reads it
  std::uint32_t weight_bits_;    ///< of what the array multiplies by
  bool two_of_four_;             ///< and whether at most two of four of that are not 0
  const Node* node_ = nullptr;
  Result result_;
};

}  // namespace systol
