// Post-training quantisation to int8: from a float network and sample inputs to integers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "host/graph.h"
#include "host/quant_graph.h"

namespace systol {

/// The most inputs a layer may have: more could overflow the int32 accumulators, which must hold
/// inputs * 128 * 127.
inline constexpr std::uint32_t kMaxLayerInputs = 132'000;

/// The network in the numerics of docs/numerics.md. Ranges come from running `calibration`
/// [rows][graph.inputs()] through the float network. An InputError names the layer that has too
/// many inputs or values that are not finite.
QuantGraph quantise(const Graph& graph, std::span<const float> calibration, std::size_t rows);

/// round(x / scale) + zero_point, half away from zero, clamped to int8; what is not a number
/// becomes the zero point.
std::vector<std::int8_t> quantise_input(std::span<const float> values, Quantisation quantisation);

/// scale * (y - zero_point)
std::vector<float> dequantise(std::span<const std::int8_t> values, Quantisation quantisation);

}  // namespace systol
