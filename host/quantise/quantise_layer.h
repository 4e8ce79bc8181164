// One dense layer in integers.
#pragma once

#include <cstdint>

#include "host/graph.h"
#include "host/quant_graph.h"
#include "host/reference/float_network.h"

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

/// The layer with per-channel symmetric weights, its input in `input`, its outputs in ranges that
/// `measured` says.
QuantDense quantise_layer(const DenseLayer& layer, Quantisation input, const LayerRanges& measured);

}  // namespace systol
