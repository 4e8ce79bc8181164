// A network in integers: what the compiler lowers and the reference recomputes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/graph.h"

namespace systol {

/// real = scale * (quantised - zero_point)
struct Quantisation {
  float scale = 1.0F;
  std::int8_t zero_point = 0;
  bool operator==(const Quantisation&) const = default;
};

/// One dense layer in the numerics of docs/numerics.md:
/// sum[n] = sum over k of x[k] * weights[k][n]; t = saturate32(sum[n] + bias[n]);
/// y = clamp(((t * multiplier[n] + 2^(shift[n]-1)) >> shift[n]) + zero_point, minimum, maximum);
/// then, if there is a table, y = table[y + 128].
struct QuantDense {
  std::string name;
  std::uint32_t inputs = 0;
  std::uint32_t outputs = 0;
  std::vector<std::int8_t> weights;      ///< [inputs][outputs], symmetric, per-channel scale
  std::vector<std::int32_t> bias;        ///< with the input's zero point folded in
  std::vector<std::int32_t> multiplier;  ///< 0 to 2^31 - 1
  std::vector<std::uint8_t> shift;       ///< 1 to 62
  std::int8_t zero_point = 0;            ///< of the requantised value (before the table)
  std::int8_t minimum = -128;
  std::int8_t maximum = 127;
  std::optional<std::array<std::int8_t, 256>> table;
  /// Softmax over the layer's int8 outputs: entry d is exp(-d * scale) in units of 1/65535.
  std::optional<std::array<std::uint16_t, 256>> softmax_table;
  Quantisation input;
  Quantisation logits;  ///< after requantisation and table, before softmax
  Quantisation output;  ///< of what the layer hands on
  Activation activation = Activation::None;
};

struct QuantGraph {
  std::string name;
  Quantisation input;
  std::vector<QuantDense> layers;
};

}  // namespace systol
