#include "host/quantise/fixed_point.h"

#include <gtest/gtest.h>

#include <cmath>

namespace systol {
namespace {

TEST(FixedPoint, IsNormalised) {
  EXPECT_EQ(fixed_point(1.0), (Rescale{1 << 30, 30}));
  EXPECT_EQ(fixed_point(0.75), (Rescale{3 << 29, 31}));
  EXPECT_EQ(fixed_point(0.001).multiplier, 1099511628);
  EXPECT_EQ(fixed_point(0.001).shift, 40);
}

TEST(FixedPoint, CarriesWhenRoundingReachesTheNextPower) {
  EXPECT_EQ(fixed_point(std::nextafter(1.0, 0.0)), (Rescale{1 << 30, 30}));
}

TEST(FixedPoint, GivesUpDigitsBelowItsRange) {
  EXPECT_EQ(fixed_point(0x1p-33), (Rescale{1 << 29, 62}));
  EXPECT_EQ(fixed_point(0x1p-62), (Rescale{1, 62}));
  EXPECT_EQ(fixed_point(1e-300), (Rescale{0, 62}));
  EXPECT_EQ(fixed_point(0.0), (Rescale{0, 1}));
}

TEST(FixedPoint, SaturatesAboveItsRange) {
  constexpr std::int32_t kMost = 2147483647;
  EXPECT_EQ(fixed_point(0x1p30), (Rescale{kMost, 1}));
  EXPECT_EQ(fixed_point(std::nextafter(0x1p30, 0.0)), (Rescale{kMost, 1}));
  EXPECT_EQ(fixed_point(1e300), (Rescale{kMost, 1}));
  EXPECT_EQ(fixed_point(INFINITY), (Rescale{kMost, 1}));
}

TEST(FixedPoint, IsARatioOfScales) {
  EXPECT_EQ(rescale_between({1.0F, 3}, {1.0F, -4}), Rescale{});
  EXPECT_EQ(rescale_between({0.75F, 0}, {1.0F, 0}), (Rescale{3 << 29, 31}));
}

QuantBinary sum_of(float a, float b, float output) {
  return quantise_binary(BinaryFunction::Add, {a, 0}, {b, 0}, {output, 5});
}

void expect_weights(const QuantBinary& sum, std::int32_t a, std::int32_t b, int shift) {
  EXPECT_EQ(sum.a_multiplier, a);
  EXPECT_EQ(sum.b_multiplier, b);
  EXPECT_EQ(sum.rescale, (Rescale{1, static_cast<std::uint8_t>(shift)}));
  EXPECT_EQ(sum.zero_point, 5);
}

TEST(QuantiseBinary, TheLargerMultiplierHas21Bits) {
  expect_weights(sum_of(1.0F, 0.5F, 1.0F), 1 << 20, 1 << 19, 20);
  expect_weights(sum_of(0.5F, 0.75F, 1.0F), 1 << 20, 3 << 19, 21);
  expect_weights(sum_of(0.1F, 0.2F, 0.3F), 699051, 1398101, 21);
}

// Just below 1, the multiplier would round to 2^21.
TEST(QuantiseBinary, CarriesWhenRoundingReachesTheNextPower) {
  expect_weights(sum_of(std::nextafter(1.0F, 0.0F), 0.0F, 1.0F), 1 << 20, 0, 20);
}

TEST(QuantiseBinary, GivesUpDigitsBelowItsRange) {
  expect_weights(sum_of(0x1p-43F, 0x1p-44F, 1.0F), 1 << 19, 1 << 18, 62);
}

TEST(QuantiseBinary, SaturatesAboveItsRange) {
  expect_weights(sum_of(0x1p19F, 1.0F, 1.0F), 1 << 20, 2, 1);
  expect_weights(sum_of(0x1p30F, 0x1p19F, 1.0F), (1 << 21) - 1, 1 << 20, 1);
}

}  // namespace
}  // namespace systol
