// A matmul with constants in integers, and a convolution, which is one for each place of its
// window.
#pragma once

#include <cstdint>
#include <vector>

#include "host/graph/graph.h"
#include "host/graph/quant_graph.h"

namespace systol {

/// A matmul's constants.
struct DenseValues {
  const std::vector<float>& weights;  ///< [inputs][outputs]
  const std::vector<float>& bias;     ///< [outputs], or empty
  MatMulShape shape;
};

/// The matmul from `input` to `output`, with per-channel symmetric weights.
QuantMatMul quantise_matmul(const DenseValues& values, Quantisation input, Quantisation output);

}  // namespace systol
