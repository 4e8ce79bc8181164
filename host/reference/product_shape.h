// The matrices that a matmul multiplies, for both references.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "host/graph/graph.h"

namespace systol {

/// In a sample: `products` of [rows][depth] and [depth][outputs].
struct ProductShape {
  std::size_t products = 1;
  std::size_t rows = 0;
  std::size_t depth = 0;
  std::size_t outputs = 0;
};

inline ProductShape product_shape(const Graph& graph, const Node& node) {
  const Shape& x = graph.shape(node.inputs[0]);
  const Shape& weights = graph.shape(node.inputs[1]);
  ProductShape result;
  result.depth = static_cast<std::size_t>(x.back());
  result.outputs = static_cast<std::size_t>(graph.shape(node.output).back());
  result.products = elements(weights) / result.depth / result.outputs;
  result.rows = elements(x) / result.depth / result.products;
  return result;
}

/// [rows][columns] becomes [columns][rows].
template <class Value>
void transpose_matrix(const Value* matrix, std::size_t rows, std::size_t columns,
                      std::vector<Value>& result) {
  constexpr std::size_t kBlock = 16;  // rows that are turned together, so that lines of both
                                      // matrices stay in the cache
  result.resize(rows * columns);
  for (std::size_t first = 0; first < rows; first += kBlock) {
    const std::size_t end = std::min(first + kBlock, rows);
    for (std::size_t column = 0; column < columns; ++column) {
      for (std::size_t row = first; row < end; ++row) {
        result[column * rows + row] = matrix[row * columns + column];
      }
    }
  }
}

}  // namespace systol
