// Real numbers to int8 and back, and the functions of one int8 value as tables.
#pragma once

#include <array>
#include <cstdint>

#include "host/graph/graph.h"
#include "host/graph/quant_graph.h"

namespace systol {

/// What a softmax computes, and a sigmoid: 256 steps from 0 to 1.
inline constexpr Quantisation kProbability{1.0F / 256.0F, -128};

/// Asymmetric int8 for a range that is first widened to contain 0, so that 0 is exact. The range
/// must be finite; one of no width gets a scale all the same.
Quantisation affine(ValueRange range);

/// Symmetric int8, with the zero point 0: the larger of both ends is 127 steps away from it.
Quantisation symmetric(ValueRange range);

/// round(value / scale) + zero_point, half away from zero, clamped to int8. Not for NaN.
std::int8_t to_int8(double value, Quantisation quantisation);

/// Entry i: the function of the int8 value i - 128, from `from` to `to`. Where it
/// has no value, the zero point.
std::array<std::int8_t, 256> function_table(const Map& map, Quantisation from, Quantisation to);

/// Entry d: exp(-d * scale) in units of 1/65535, rounded. Entry 0 is 65535.
std::array<std::uint16_t, 256> softmax_table(float scale);

}  // namespace systol
