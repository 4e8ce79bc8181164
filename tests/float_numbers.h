// Numbers of bf16 and fp32 at which something changes, and random ones that meet each other.
#pragma once

#include <array>
#include <cstdint>
#include <random>

namespace systol::test {

/// Zeros, the ends of subnormal and normal numbers, ones, infinities and several that are none.
inline constexpr std::array<std::uint16_t, 28> kHalves = {
    0x0000, 0x8000, 0x0001, 0x8001, 0x007f, 0x0080, 0x80ff, 0x0100, 0x1f80, 0x1fff,
    0x2000, 0xa03f, 0x2b55, 0x3f00, 0x3f7f, 0x3f80, 0xbf80, 0x3f81, 0xbfff, 0x4049,
    0x5f00, 0xdf80, 0x7f00, 0x7f7f, 0xff7f, 0x7f80, 0xff80, 0x7fc0};
inline constexpr std::array<std::uint32_t, 28> kSingles = {
    0x00000000, 0x80000000, 0x00000001, 0x80000001, 0x007fffff, 0x80800000, 0x00800001,
    0x00ffffff, 0x1f800000, 0x337fffff, 0x33800000, 0x33800001, 0xb4000000, 0x3f7fffff,
    0x3f800000, 0xbf800000, 0x3f800001, 0xbf800001, 0x4b7fffff, 0xcb800000, 0x7effffff,
    0x7f000000, 0x7f7fffff, 0xff7fffff, 0x7f800000, 0xff800000, 0x7fc00000, 0xff800001};

/// What a PE is given.
struct FloatCase {
  std::uint16_t activation = 0;
  std::uint16_t weight = 0;
  std::uint32_t sum = 0;
};

/// Any bits; or numbers of which sum and product are near each other, often with opposite signs.
inline FloatCase random_float_case(std::mt19937_64& random) {
  const std::uint64_t bits = random();
  FloatCase result{static_cast<std::uint16_t>(bits), static_cast<std::uint16_t>(bits >> 16),
                   static_cast<std::uint32_t>(bits >> 32)};
  const std::uint64_t kind = random();
  const auto exponent = [](std::uint32_t value, unsigned places) {
    return value >> (places - 1) & 0xffU;
  };
  if (kind % 4 != 0) {
    const std::uint32_t product =
        exponent(result.activation, 8) + exponent(result.weight, 8) + 0xffffff81U;
    const std::uint32_t near = product + static_cast<std::uint32_t>(kind >> 8) % 57 - 28;
    if (near < 0xff) {
      result.sum = (result.sum & 0x807fffffU) | (near << 23);
    }
  }
  if (kind % 4 == 1) {  // few digits, so that halves are met
    result.sum &= 0xffff0000U | std::uint32_t{0xffffU} << (kind >> 16) % 16;
  }
  return result;
}

}  // namespace systol::test
