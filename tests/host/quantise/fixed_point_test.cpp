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

}  // namespace
}  // namespace systol
