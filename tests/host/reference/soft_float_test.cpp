#include "host/reference/soft_float.h"

#include <gtest/gtest.h>

#include <bit>
#include <random>

#include "tests/float_numbers.h"

namespace systol {
namespace {

std::uint32_t bits(float value) { return std::bit_cast<std::uint32_t>(value); }

TEST(SoftFloat, ProductsAreExactOrRoundedToTheGridOfSubnormalNumbers) {
  EXPECT_EQ(soft_float::multiply(0x3f81, 0x3f81), bits(1.01568603515625F));     // (1 + 2^-7)^2
  EXPECT_EQ(soft_float::multiply(0xbf81, 0x3fff), bits(-2.0077514648437500F));  // 129 * 255 / 2^14
  EXPECT_EQ(soft_float::multiply(0x0080, 0x3f00), 0x00400000U);                 // 2^-126 / 2
  EXPECT_EQ(soft_float::multiply(0x2000, 0x1b00), 0x00002000U);                 // 2^-63 * 2^-73
  EXPECT_EQ(soft_float::multiply(0x1a00, 0x1a80), 0x00000001U);  // 2^-75 * 2^-74 = 2^-149
  EXPECT_EQ(soft_float::multiply(0x0001, 0x0001), 0U);           // 2^-266
  EXPECT_EQ(soft_float::multiply(0x8001, 0x0001), 0x80000000U);
}

TEST(SoftFloat, ProductsThatAreTooLargeAreInfinite) {
  EXPECT_EQ(soft_float::multiply(0x7f7f, 0x3f80), 0x7f7f0000U);
  EXPECT_EQ(soft_float::multiply(0x7f7f, 0x4000), 0x7f800000U);
  EXPECT_EQ(soft_float::multiply(0x7f7f, 0xff7f), 0xff800000U);
  EXPECT_EQ(soft_float::multiply(0x7f80, 0x8001), 0xff800000U);
}

TEST(SoftFloat, HalvesGoToEven) {
  EXPECT_EQ(soft_float::add(0x3f800000, 0x33800000), 0x3f800000U);  // 1 + 2^-24
  EXPECT_EQ(soft_float::add(0x3f800001, 0x33800000), 0x3f800002U);
  EXPECT_EQ(soft_float::add(0x3f800000, 0x33800001), 0x3f800001U);
  EXPECT_EQ(soft_float::add(0x3f800000, 0x00000001), 0x3f800000U);
  EXPECT_EQ(soft_float::add(0x3f800000, 0x80000001), 0x3f800000U);
  EXPECT_EQ(soft_float::narrow(0x3f808000), 0x3f80U);
  EXPECT_EQ(soft_float::narrow(0x3f818000), 0x3f82U);
  EXPECT_EQ(soft_float::narrow(0x3f808001), 0x3f81U);
  EXPECT_EQ(soft_float::narrow(0x00008000), 0x0000U);
  EXPECT_EQ(soft_float::narrow(0x00018000), 0x0002U);
  EXPECT_EQ(soft_float::narrow(0x7f7fffff), 0x7f80U);
}

TEST(SoftFloat, ZerosHaveSigns) {
  EXPECT_EQ(soft_float::add(0x80000000, 0x80000000), 0x80000000U);
  EXPECT_EQ(soft_float::add(0x00000000, 0x80000000), 0x00000000U);
  EXPECT_EQ(soft_float::add(0x3f800000, 0xbf800000), 0x00000000U);
  EXPECT_EQ(soft_float::narrow(0x80000000), 0x8000U);
}

TEST(SoftFloat, ThereIsOneNan) {
  EXPECT_EQ(soft_float::add(0x7f800000, 0xff800000), soft_float::kSingleNan);
  EXPECT_EQ(soft_float::add(0xffffffff, 0x3f800000), soft_float::kSingleNan);
  EXPECT_EQ(soft_float::multiply(0x7f80, 0x0000), soft_float::kSingleNan);
  EXPECT_EQ(soft_float::multiply(0xff81, 0x3f80), soft_float::kSingleNan);
  EXPECT_EQ(soft_float::narrow(0xff800001), soft_float::kHalfNan);
}

/// The processor's own arithmetic is a third opinion; it has many NaN.
TEST(SoftFloat, IsWhatTheProcessorComputes) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 100'000; ++i) {
    const test::FloatCase of = test::random_float_case(random);
    const auto wide = [](std::uint16_t half) {
      return std::bit_cast<float>(std::uint32_t{half} << 16);
    };
    const volatile float product = wide(of.activation) * wide(of.weight);
    const volatile float sum = std::bit_cast<float>(of.sum) + product;
    const float read = sum;
    ASSERT_EQ(soft_float::multiply_add(of.sum, of.activation, of.weight),
              read == read ? bits(read) : soft_float::kSingleNan)
        << std::hex << of.sum << " " << of.activation << " " << of.weight;
  }
}

}  // namespace
}  // namespace systol
