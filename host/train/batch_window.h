// Convolutions and pools of a batch of images, written in matmuls and moves.
#pragma once

#include <string>

#include "host/graph/free_names.h"
#include "host/graph/graph.h"

namespace systol {

/// What the lowering of one node adds to the graph; tensors it makes are called after the node.
class WindowLowering {
 public:
  WindowLowering(Graph& graph, std::string name)
      : graph_(graph), names_(graph), name_(std::move(name)) {}

  /// `image` [samples][H][W][I], `weights` [h][w][I / groups][O]; returns the sums [samples][rows]
  /// [columns][O] without a bias.
  TensorId convolution(const Convolution& convolution, TensorId image, TensorId weights,
                       const Shape& output);
  TensorId pool(const Pool& pool, TensorId image, const Shape& output);

 private:
  TensorId add(const std::string& part, const Operation& operation,
               const std::vector<TensorId>& inputs);
  TensorId bordered(const Window& window, TensorId image, float value);
  /// The values at place (row, column) of every window, some channels from `channel` on.
  TensorId place(const Window& window, TensorId image, const Shape& output, std::int64_t row,
                 std::int64_t column, std::int64_t channel, std::int64_t channels);
  TensorId group(const Convolution& convolution, TensorId image, TensorId weights,
                 const Shape& output, std::int64_t number);
  TensorId part_of(TensorId id, std::size_t axis, std::int64_t start, std::int64_t size);
  TensorId joined(const std::vector<TensorId>& parts);
  TensorId mean(const Pool& pool, TensorId sum, const Shape& image, const Shape& output);

  Graph& graph_;
  FreeNames names_;
  std::string name_;
};

}  // namespace systol
