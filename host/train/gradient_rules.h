// What each operation hands back: the derivative of a node by one of its inputs, as nodes.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host/graph/graph.h"

namespace systol {

/// What stands for the derivative of -|x - w| by w, which is the sign of x - w.
enum class DistanceRule : std::uint8_t {
  Full,  ///< x - w, as in AdderNet (Chen et al., CVPR 2020)
  Sign,  ///< the derivative; 1 where x is w
};
inline constexpr std::array<std::string_view, 2> kDistanceRuleNames = {"full", "sign"};

class GradientRules {
 public:
  /// Of a node of the graph; `gradient` is that by its output.
  GradientRules(Graph& graph, const Node& node, TensorId gradient, DistanceRule rule)
      : graph_(graph), node_(node), gradient_(gradient), rule_(rule) {}

  /// Adds nodes, and returns the gradient by this input. Throws InputError, naming the node.
  TensorId gradient_of(std::size_t input);

  TensorId operator()(const MatMul& matmul);
  TensorId operator()(const Map& map);
  TensorId operator()(const Binary& binary);
  TensorId operator()(const Softmax& softmax);
  TensorId operator()(const Normalise& normalise);
  TensorId operator()(const Mean& mean);
  TensorId operator()(const Reshape& reshape);
  TensorId operator()(const Transpose& transpose);
  TensorId operator()(const Slice& slice);
  TensorId operator()(const Concat& concat);
  TensorId operator()(const Pad& pad);
  TensorId operator()(const Repeat& repeat);
  TensorId operator()(const Convolution& convolution);
  TensorId operator()(const Pool& pool);

 private:
  [[noreturn]] void fail() const;
  TensorId add(const std::string& part, const Operation& operation,
               const std::vector<TensorId>& inputs);
  TensorId binary(const std::string& part, BinaryFunction function, TensorId a, TensorId b) {
    return add(part, Binary{function}, {a, b});
  }
  TensorId linear(const std::string& part, TensorId x, float a, float b) {
    return add(part, Map{Function::Linear, a, b}, {x});
  }
  TensorId wanted() const { return node_.inputs[input_]; }
  /// Copies: a reference would not outlive the next node.
  Shape shape() const { return graph_.shape(wanted()); }
  Shape shape(TensorId id) const { return graph_.shape(id); }
  /// Of a matmul with the similarity l1.
  TensorId distances_gradient(const MatMul& matmul);
  /// The last two axes exchanged.
  TensorId turned(TensorId id);
  /// All axes but the last as one.
  TensorId rows(TensorId id);
  /// Summed over the axes along which a tensor of this shape was repeated.
  TensorId summed(TensorId id, const Shape& to);
  /// The sum over the last axis, which stays with an extent of 1.
  TensorId row_sum(TensorId id);

  Graph& graph_;
  const Node& node_;
  TensorId gradient_;
  DistanceRule rule_;
  std::size_t input_ = 0;
};

}  // namespace systol
