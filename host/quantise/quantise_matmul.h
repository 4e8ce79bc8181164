// A matmul with constants in integers, and a convolution, which is one for each place of its
// window.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "host/graph/graph.h"
#include "host/graph/quant_graph.h"

namespace systol {

/// A matmul's constants.
struct DenseValues {
  const std::vector<float>& weights;  ///< [inputs][outputs]; empty where there are `parts`
  const std::vector<float>& bias;     ///< [outputs], or empty
  MatMulShape shape;
  const std::vector<float>* scales = nullptr;  ///< [outputs], where the weights have their own
  std::uint32_t weight_bits = 8;               ///< 1, 2, 4 or 8
  /// The sums' signs alone are read: biases are rounded down, as a whole number is below a fraction
  /// where it is below the fraction rounded down.
  bool signs = false;
  /// Makes the weights a few rows at a time; of 8 bits.
  const ValueParts* parts = nullptr;
};

/// The matmul from `input` to `output`, with per-channel symmetric weights. Throws InputError,
/// beginning with `place`, where weights in scales of their own do not fit their bits, or could
/// overflow int32.
QuantMatMul quantise_matmul(const DenseValues& values, Quantisation input, Quantisation output,
                            const std::string& place);

/// The same with sums of -|x - w|, multiplied by `factors` [outputs], or by 1 where there are none:
/// the weights are in the input's quantisation, and so are the sums in its scale. Throws
/// InputError, beginning with `place`, for a factor that is not positive.
QuantMatMul quantise_l1(const DenseValues& values, std::span<const float> factors,
                        Quantisation input, Quantisation output, const std::string& place);

}  // namespace systol
