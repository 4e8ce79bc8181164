// A matmul with constants in integers.
#pragma once

#include <cstdint>
#include <vector>

#include "host/graph/graph.h"
#include "host/graph/quant_graph.h"

namespace systol {

/// `real` as multiplier / 2^shift.
struct FixedPoint {
  std::int32_t multiplier = 0;  ///< in [2^30, 2^31), or less where shift is at its limit
  std::uint8_t shift = 1;       ///< 1 to 62
  bool operator==(const FixedPoint&) const = default;
};

/// The nearest fixed-point number to a `real` of at least 0; the largest one where `real` is
/// beyond it.
FixedPoint fixed_point(double real);

/// A matmul's constants.
struct DenseValues {
  const std::vector<float>& weights;  ///< [inputs][outputs]
  const std::vector<float>& bias;     ///< [outputs], or empty
  MatMulShape shape;
};

/// The matmul from `input` to `output`, with per-channel symmetric weights.
QuantMatMul quantise_matmul(const DenseValues& values, Quantisation input, Quantisation output);

}  // namespace systol
