// bf16 and fp32 arithmetic in integers: what the engines' floating point is checked against.
//
// Numbers are given as their bits. Every result is the exact one, rounded once to the nearest,
// halves to even; subnormal numbers count, and there is one NaN (docs/numerics.md). Written to be
// obviously right, not to be fast.
#pragma once

#include <cstdint>

namespace systol::soft_float {

inline constexpr std::uint32_t kSingleNan = 0x7fc00000;
inline constexpr std::uint16_t kHalfNan = 0x7fc0;

/// The fp32 product of two bf16.
std::uint32_t multiply(std::uint16_t a, std::uint16_t b);

/// The fp32 sum of two fp32.
std::uint32_t add(std::uint32_t a, std::uint32_t b);

/// What a PE makes of its sum: add(sum, multiply(a, b)).
std::uint32_t multiply_add(std::uint32_t sum, std::uint16_t a, std::uint16_t b);

/// The bf16 next to an fp32.
std::uint16_t narrow(std::uint32_t value);

}  // namespace systol::soft_float
