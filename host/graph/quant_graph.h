// A network in integers: what the compiler lowers and the reference recomputes.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "host/graph/graph.h"

namespace systol {

/// real = scale * (quantised - zero_point)
struct Quantisation {
  float scale = 1.0F;
  std::int8_t zero_point = 0;
  bool operator==(const Quantisation&) const = default;
};

/// A matmul in the numerics of docs/numerics.md:
/// sum[n] = sum over k of x[k] * weights[k][n]; t = saturate32(sum[n] + bias[n]);
/// y = clamp(((t * multiplier[n] + 2^(shift[n]-1)) >> shift[n]) + zero_point, minimum, maximum).
struct QuantMatMul {
  std::vector<std::int8_t> weights;      ///< [inputs][outputs], symmetric, per-channel scale
  std::vector<std::int32_t> bias;        ///< with the input's zero point folded in
  std::vector<std::int32_t> multiplier;  ///< 0 to 2^31 - 1
  std::vector<std::uint8_t> shift;       ///< 1 to 62
  std::int8_t zero_point = 0;            ///< of the output
  std::int8_t minimum = -128;
  std::int8_t maximum = 127;
};

/// A function of one value: y = table[x + 128].
struct QuantMap {
  std::array<std::int8_t, 256> table{};
};

/// Entry d is exp(-d * scale of the input) in units of 1/65535.
struct QuantSoftmax {
  std::array<std::uint16_t, 256> table{};
};

/// The input's bytes are the output: a reshape, or a ReLU that its matmul's clamp performs.
struct QuantView {};

using QuantOperation = std::variant<QuantMatMul, QuantMap, QuantSoftmax, QuantView>;

/// The same tensors and nodes; a scale and a zero point for each tensor that flows, and what each
/// node computes in integers.
struct QuantGraph {
  std::shared_ptr<const Graph> graph;
  std::vector<Quantisation> tensors;  ///< by TensorId; of constants meaningless
  std::vector<QuantOperation> nodes;  ///< by node

  Quantisation of(TensorId id) const { return tensors[index_of(id)]; }
};

}  // namespace systol
