// What the executor does for each operation.
#pragma once

#include <functional>

#include "host/train/graph_executor.h"

namespace systol {

/// Makes the function that computes a node from the memory that its tensors have then.
class NodeKernels {
 public:
  using Kernel = std::function<void()>;

  NodeKernels(GraphExecutor& executor, Multiplier& product)
      : executor_(executor), product_(product) {}

  /// Empty for a node that only gives its input another shape. Throws InputError, naming the node.
  Kernel of(const Node& node);

  Kernel operator()(const MatMul& matmul);
  Kernel operator()(const Map& map);
  Kernel operator()(const Binary& binary);
  Kernel operator()(const Softmax& softmax);
  Kernel operator()(const Normalise& normalise);
  Kernel operator()(const Mean& mean);
  Kernel operator()(const Reshape& reshape);
  Kernel operator()(const Transpose& transpose);
  Kernel operator()(const Slice& slice);
  Kernel operator()(const Concat& concat);
  Kernel operator()(const Pad& pad);
  Kernel operator()(const Repeat& repeat);
  Kernel operator()(const Convolution& convolution);
  Kernel operator()(const Pool& pool);

 private:
  /// A tensor's memory: it may be bound anew between two runs.
  float* const* place(TensorId id) const { return &executor_.values_[index_of(id)]; }
  float* const* in(std::size_t index = 0) const { return place(node_->inputs[index]); }
  float* const* out() const { return place(node_->output); }
  const Shape& shape(TensorId id) const { return executor_.graph_.shape(id); }
  const Shape& shape_in(std::size_t index = 0) const { return shape(node_->inputs[index]); }
  const Shape& shape_out() const { return shape(node_->output); }
  [[noreturn]] void fail() const;

  GraphExecutor& executor_;
  Multiplier& product_;
  const Node* node_ = nullptr;
};

}  // namespace systol
