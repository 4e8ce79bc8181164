// What a node computes in integers, written from docs/numerics.md. It includes nothing of sim/ or
// hw/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "host/graph/quant_graph.h"

namespace systol {

/// A tensor's values: one sample's after those of another, or a constant's.
struct IntegerInput {
  const std::int8_t* values = nullptr;
  std::size_t stride = 0;  ///< between samples; 0 for a constant
  std::int8_t zero_point = 0;

  const std::int8_t* sample(std::size_t number) const { return values + number * stride; }
};

/// Whose integers are at hand, for so many samples, on up to `threads` threads.
struct IntegerNode {
  const Graph& graph;
  const Node& node;
  std::vector<IntegerInput> inputs;
  std::size_t samples = 0;
  unsigned threads = 1;
  std::int8_t* output = nullptr;  ///< [samples][values]

  void operator()(const QuantMatMul& operation) const;
  void operator()(const QuantConvolution& operation) const;
  void operator()(const QuantProduct& operation) const;
  void operator()(const QuantMap& operation) const;
  void operator()(const QuantSoftmax& operation) const;
  void operator()(const QuantBinary& operation) const;
  void operator()(const QuantPool& operation) const;
  void operator()(const QuantNormalise& operation) const;
  void operator()(const QuantMove& operation) const;
  void operator()(const QuantView& operation) const;

  std::size_t output_size() const { return elements(graph.shape(node.output)); }
  std::int8_t* result(std::size_t sample) const { return output + sample * output_size(); }
  const Shape& shape(std::size_t input) const { return graph.shape(node.inputs[input]); }
  /// Of the first input: the last extent, and how many rows of it a sample has.
  std::size_t width() const { return static_cast<std::size_t>(shape(0).back()); }
  std::size_t rows() const { return elements(shape(0)) / width(); }
};

}  // namespace systol
