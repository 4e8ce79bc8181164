#include "sim/base/bf16.h"

#include <gtest/gtest.h>

#include <array>

#include "host/reference/soft_float.h"

namespace systol {
namespace {

TEST(Bf16, IsTheNearestToAnFp32HalvesToEven) {
  constexpr std::array<std::uint32_t, 8> kLower = {0,      1,      0x7fff, 0x8000,
                                                   0x8001, 0xffff, 0x4000, 0xc000};
  for (std::uint32_t upper = 0; upper < 0x10000; ++upper) {
    for (std::uint32_t lower : kLower) {
      const std::uint32_t bits = upper << 16 | lower;
      ASSERT_EQ(to_bf16(std::bit_cast<float>(bits)).bits, soft_float::narrow(bits)) << bits;
    }
  }
}

TEST(Bf16, IsTheUpperHalfOfAnFp32) {
  EXPECT_EQ(to_float({0x3fc0}), 1.5F);
  EXPECT_EQ(to_float({0xc049}), -3.140625F);
  EXPECT_EQ(std::bit_cast<std::uint32_t>(canonical(std::bit_cast<float>(0xffc01234U))), kFloatNan);
}

}  // namespace
}  // namespace systol
