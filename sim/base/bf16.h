// bf16: the upper half of an fp32 (docs/numerics.md).
#pragma once

#include <bit>
#include <cfloat>
#include <cstdint>
#include <cstring>

namespace systol {

// Sums are rounded to fp32 after each step, on any processor that this is compiled for.
static_assert(FLT_EVAL_METHOD == 0 && sizeof(float) == 4);

struct Bf16 {
  std::uint16_t bits = 0;
  bool operator==(const Bf16&) const = default;
};
inline constexpr std::uint32_t kFloatNan = 0x7fc00000;  ///< the only one that the machine writes
inline constexpr Bf16 kBf16Nan{0x7fc0};

constexpr float to_float(Bf16 value) {
  return std::bit_cast<float>(std::uint32_t{value.bits} << 16);
}

/// The nearest, halves to even.
constexpr Bf16 to_bf16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const bool nan = (bits & 0x7fffffffU) > 0x7f800000U;
  const std::uint32_t rounded = (bits + 0x7fffU + (bits >> 16 & 1U)) >> 16;
  return nan ? kBf16Nan : Bf16{static_cast<std::uint16_t>(rounded)};
}

/// The same in fp32: the value that a PE's operand has.
constexpr float rounded_to_bf16(float value) { return to_float(to_bf16(value)); }

/// The one NaN in the place of any.
constexpr float canonical(float value) {
  return value == value ? value : std::bit_cast<float>(kFloatNan);
}

/// A value that lies at any address, least significant byte first.
inline Bf16 read_bf16(const void* from) {
  Bf16 value;
  std::memcpy(&value.bits, from, sizeof value.bits);
  return value;
}
inline void write_bf16(Bf16 value, void* to) { std::memcpy(to, &value.bits, sizeof value.bits); }

}  // namespace systol
