#include "host/reference/soft_matmul.h"

#include <gtest/gtest.h>

#include <bit>
#include <random>
#include <vector>

#include "host/reference/soft_float.h"

namespace systol {
namespace {

TEST(SoftMatmul, IsTheExactSumOfAnyBits) {
  std::mt19937 random(1);
  for (int i = 0; i < 100'000; ++i) {
    const auto sum = static_cast<std::uint32_t>(random());
    const auto a = static_cast<std::uint16_t>(random());
    const auto b = static_cast<std::uint16_t>(random());
    ASSERT_EQ(soft_float::quick_multiply_add(sum, a, b), soft_float::multiply_add(sum, a, b))
        << std::hex << sum << ' ' << a << ' ' << b;
  }
}

/// Exponents near each other, so that the sum is rounded, cancelled and carried.
TEST(SoftMatmul, IsTheExactSumOfNumbersOfOneSize) {
  std::mt19937 random(2);
  for (int i = 0; i < 200'000; ++i) {
    const auto draw = [&](std::uint32_t exponent, std::uint32_t spread, std::uint32_t places) {
      return ((random() & 1U) << (8 + places)) | ((exponent + random() % spread) << places) |
             (random() & ((1U << places) - 1));
    };
    const auto sum = static_cast<std::uint32_t>(draw(110, 34, 23));
    const auto a = static_cast<std::uint16_t>(draw(120, 14, 7));
    const auto b = static_cast<std::uint16_t>(draw(120, 14, 7));
    ASSERT_EQ(soft_float::quick_multiply_add(sum, a, b), soft_float::multiply_add(sum, a, b))
        << std::hex << sum << ' ' << a << ' ' << b;
  }
}

TEST(SoftMatmul, IsTheExactSumAtTheEndsOfTheRange) {
  const std::uint16_t halves[] = {0,      0x8000, 0x0001, 0x007f, 0x0080, 0x3f80, 0xbf80,
                                  0x1f80, 0x2000, 0x5f7f, 0x5f80, 0x7f7f, 0x7f80, 0x7fc1};
  const std::uint32_t sums[] = {0,          0x80000000, 1,          0x007fffff, 0x00800000,
                                0x80800000, 0x3f800000, 0xbf800000, 0x7f7fffff, 0xff7fffff,
                                0x7f800000, 0xff800000, 0x7fc00001, 0x4b7fffff};
  for (const std::uint32_t sum : sums) {
    for (const std::uint16_t a : halves) {
      for (const std::uint16_t b : halves) {
        ASSERT_EQ(soft_float::quick_multiply_add(sum, a, b), soft_float::multiply_add(sum, a, b))
            << std::hex << sum << ' ' << a << ' ' << b;
      }
    }
  }
}

/// In fp32 2^24 + 1 is 2^24, so that the order shows: (2^24 + 1) + (1 + -2^24) is 1 where 2^24 + 1
/// is rounded, and the pieces' sum is exact in another order.
TEST(SoftMatmul, AddsPieceByPiece) {
  const std::vector<std::uint16_t> a{0x4b80, 0x3f80, 0x3f80, 0xcb80};  // 2^24, 1, 1, -2^24
  const std::vector<std::uint16_t> ones(4, 0x3f80);
  std::vector<std::uint32_t> c(1);
  soft_float::multiply({1, 4, 1, 2}, a, ones, c);
  EXPECT_EQ(c[0], std::bit_cast<std::uint32_t>(1.0F));  // 2^24 and -(2^24 - 1)
  soft_float::multiply({1, 4, 1, 4}, a, ones, c);
  EXPECT_EQ(c[0], std::bit_cast<std::uint32_t>(0.0F));  // 2^24 three times
}

TEST(SoftMatmul, HasRowsOfOneAndColumnsOfTheOther) {
  const std::vector<std::uint16_t> a{0x3f80, 0x4000, 0x4040, 0x4080};  // 1 2, 3 4
  const std::vector<std::uint16_t> b{0x3f80, 0x0000, 0x3f80, 0x4000};  // columns 1 0, 1 2
  std::vector<std::uint32_t> c(4);
  soft_float::multiply({2, 2, 2, 1}, a, b, c, 2);
  EXPECT_EQ(c, (std::vector<std::uint32_t>{
                   std::bit_cast<std::uint32_t>(1.0F), std::bit_cast<std::uint32_t>(5.0F),
                   std::bit_cast<std::uint32_t>(3.0F), std::bit_cast<std::uint32_t>(11.0F)}));
}

}  // namespace
}  // namespace systol
