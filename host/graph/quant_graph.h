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
  std::vector<float> scales = {};  ///< of each output's weights; nothing is computed with them
};

/// How a value of one scale becomes one of another: with x less its zero point,
/// ((x * multiplier + 2^(shift - 1)) >> shift) + the zero point of the output, clamped to int8.
struct Rescale {
  std::int32_t multiplier = 1 << 30;  ///< 0 to 2^31 - 1
  std::uint8_t shift = 30;            ///< 1 to 62
  bool operator==(const Rescale&) const = default;
};

/// A convolution: as a matmul for each place of the window, whose k counts its rows, columns and
/// the group's input channels, in this order. What lies in the borders is the input's zero point.
struct QuantConvolution {
  QuantMatMul matmul;  ///< weights [h * w * I / groups][O]
};

/// Two activations multiplied; both have the zero point 0.
/// y = clamp(((sum * multiplier + 2^(shift-1)) >> shift) + zero_point, minimum, maximum)
struct QuantProduct {
  Rescale rescale;
  std::int8_t zero_point = 0;
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

/// Of values less their zero points: a and b of the same place.
/// - Add, Subtract, Maximum, Minimum: t = a * a_multiplier + b * b_multiplier (Subtract's
///   b_multiplier is negative), or the larger, or the smaller of both products
/// - Multiply: t = a * b
/// y = clamp(((t * multiplier + 2^(shift-1)) >> shift) + zero_point, minimum, maximum)
/// A constant input has its int8 values in `constant`, in its own shape.
struct QuantBinary {
  std::int32_t a_multiplier = 0;  ///< magnitude below 2^21
  std::int32_t b_multiplier = 0;
  Rescale rescale;
  std::int8_t zero_point = 0;
  std::int8_t minimum = -128;
  std::int8_t maximum = 127;
  std::vector<std::int8_t> constant;  ///< empty where neither input is one
};

/// The largest of a window: the input's scale is the output's. Or the mean: the sum of the values
/// less their zero point, rescaled by 1 / the number of values of that window (which is smaller at
/// the borders, unless they count): `rescales` by number of values, counted from 1. A Mean of N
/// values has N rescales and needs the last.
struct QuantPool {
  std::vector<Rescale> rescales;  ///< of an average; [0] is of one value
  std::int8_t zero_point = 0;     ///< of the output
};

/// docs/numerics.md: normalised to int16 in units of 2^-11, then rescaled to the output.
struct QuantNormalise {
  std::uint64_t epsilon = 0;  ///< below 2^46: columns^2 * epsilon / scale^2
  Rescale rescale;
  std::int8_t zero_point = 0;
};

/// Values that are moved: each input's values rescaled to the output's scale. Of Concat one rescale
/// for each input, of Slice, Transpose, Pad and Repeat one.
struct QuantMove {
  std::vector<Rescale> rescales;
  std::int8_t zero_point = 0;  ///< of the output
  std::int8_t padding = 0;     ///< what Pad adds
  /// Of Concat, by input: the int8 values of one that is a constant, before its rescale. Empty
  /// where none is.
  std::vector<std::vector<std::int8_t>> constants;
};

/// The input's bytes are the output: a reshape, or a ReLU or Clip that is the clamp of the matmul,
/// convolution, product or binary node before it.
struct QuantView {};

using QuantOperation =
    std::variant<QuantMatMul, QuantConvolution, QuantProduct, QuantMap, QuantSoftmax, QuantBinary,
                 QuantPool, QuantNormalise, QuantMove, QuantView>;

/// The same tensors and nodes; a scale and a zero point for each tensor that flows, and what each
/// node computes in integers.
struct QuantGraph {
  std::shared_ptr<const Graph> graph;
  std::vector<Quantisation> tensors;  ///< by TensorId; of constants those of Binary and Concat
  std::vector<QuantOperation> nodes;  ///< by node
  /// What each state of the graph holds before the first sample.
  std::vector<std::vector<std::int8_t>> states;

  Quantisation of(TensorId id) const { return tensors[index_of(id)]; }
};

}  // namespace systol
