// In which numbers matrices are multiplied.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace systol {

/// Operands of products; sums are float32 in both.
enum class Precision : std::uint8_t {
  Bfloat16,  ///< operands rounded to bfloat16, as an array of bf16 PEs has them
  Float32,   ///< operands as they are: a reference, which no array of ours computes
};
inline constexpr std::array<std::string_view, 2> kPrecisionNames = {"bf16", "fp32"};

}  // namespace systol
