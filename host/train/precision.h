// In which numbers matrices are multiplied.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

namespace systol {

/// Operands of products; sums are float32 in both.
enum class Precision : std::uint8_t {
  Bfloat16,  ///< operands rounded to bfloat16, as an array of bf16 PEs has them
  Float32,   ///< operands as they are: a reference, which no array of ours computes
};
inline constexpr std::array<std::string_view, 2> kPrecisionNames = {"bf16", "fp32"};

/// To the nearest bfloat16, a tie to the even one, as a float32 of the same value. NaN stays NaN,
/// and what is too large becomes infinite.
inline float to_bfloat16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  constexpr std::uint32_t kMagnitude = 0x7fffffff;
  constexpr std::uint32_t kInfinity = 0x7f800000;
  const std::uint32_t rounded = (bits + 0x7fff + ((bits >> 16) & 1)) & 0xffff0000;
  const std::uint32_t quiet = (bits & 0xffff0000) | 0x00400000;
  return std::bit_cast<float>((bits & kMagnitude) > kInfinity ? quiet : rounded);
}

}  // namespace systol
