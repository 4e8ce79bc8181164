// The network of the benches: one square matmul without data from outside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "host/graph/dense.h"
#include "host/graph/quant_graph.h"

namespace systol {

/// [width] inputs, [width][width] weights.
inline std::shared_ptr<const QuantGraph> square_network(std::uint32_t width) {
  Graph graph;
  graph.name = "square";
  graph.outputs = {add_dense(graph, "matmul", graph.add_input("input", {width}), width)};
  QuantMatMul matmul;
  matmul.weights.resize(std::size_t{width} * width);
  for (std::size_t i = 0; i < matmul.weights.size(); ++i) {
    matmul.weights[i] = static_cast<std::int8_t>(i * 37 % 251);
  }
  matmul.bias.assign(width, 0);
  matmul.multiplier.assign(width, 1 << 30);
  matmul.shift.assign(width, 44);
  QuantGraph quantised;
  quantised.tensors.resize(graph.tensors.size());
  quantised.nodes.emplace_back(std::move(matmul));
  quantised.graph = std::make_shared<const Graph>(std::move(graph));
  return std::make_shared<const QuantGraph>(std::move(quantised));
}

}  // namespace systol
