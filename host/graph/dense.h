// A dense layer is a matmul with constants: weights, and a bias.
#pragma once

#include <string>

#include "host/graph/graph.h"

namespace systol {

struct DenseConstants {
  TensorId weights{};  ///< "<name>.weights", [inputs][outputs]
  TensorId bias{};     ///< "<name>.bias", [outputs]
};

/// Constants of these shapes, without values.
DenseConstants add_dense_constants(Graph& graph, const std::string& name, MatMulShape shape);

/// The constants and the matmul; returns its output.
TensorId add_dense(Graph& graph, const std::string& name, TensorId input, std::uint32_t outputs);

}  // namespace systol
