#include "host/quantise/histogram.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace systol {
namespace {

constexpr float kBin = 1.0F / 4096.0F;

/// One value in the middle of each bin of [0, 1].
std::vector<float> even() {
  std::vector<float> values;
  for (int bin = 0; bin < 4096; ++bin) {
    values.push_back((static_cast<float>(bin) + 0.5F) * kBin);
  }
  return values;
}

TEST(Histogram, APercentileLeavesAsManyOutAtEachEnd) {
  Histogram histogram({0.0F, 1.0F});
  histogram.add(even());
  // 1 % of 4096 values is 40.96: 20 below and 20 above stay out.
  const ValueRange range = histogram.percentile_range(99.0);
  EXPECT_EQ(range.low, 20 * kBin);
  EXPECT_EQ(range.high, 1.0F - 20 * kBin);
}

TEST(Histogram, AHundredPercentAreAll) {
  Histogram histogram({-1.0F, 3.0F});
  histogram.add(std::vector<float>{-1.0F, 0.0F, 3.0F});
  EXPECT_EQ(histogram.percentile_range(100.0), (ValueRange{-1.0F, 3.0F}));
}

TEST(Histogram, ValuesOfOneKindStay) {
  Histogram zeros({0.0F, 0.0F});
  zeros.add(std::vector<float>(5));
  EXPECT_EQ(zeros.percentile_range(99.0), (ValueRange{0.0F, 0.0F}));
  EXPECT_EQ(zeros.entropy_range(), (ValueRange{0.0F, 0.0F}));
  Histogram ones({1.0F, 1.0F});
  ones.add(std::vector<float>(5, 1.0F));
  EXPECT_EQ(ones.percentile_range(51.0).high, 1.0F);
  EXPECT_EQ(ones.entropy_range().high, 1.0F);
}

TEST(Histogram, EntropyKeepsTheWholeRangeOfEvenValues) {
  Histogram histogram({0.0F, 1.0F});
  histogram.add(even());
  EXPECT_EQ(histogram.entropy_range(), (ValueRange{0.0F, 1.0F}));
}

TEST(Histogram, ZerosDoNotMoveTheRangeOfEntropy) {
  Histogram histogram({0.0F, 1.0F});
  histogram.add(even());
  histogram.add(std::vector<float>(100'000));
  EXPECT_EQ(histogram.entropy_range(), (ValueRange{0.0F, 1.0F}));
}

/// Of a bell's values within 4 deviations, and one far outside.
TEST(Histogram, EntropyCutsWhatIsFarOutside) {
  Histogram histogram({-4.0F, 40.0F});
  for (int i = -4000; i <= 4000; ++i) {
    const double x = i / 1000.0;
    const auto times = static_cast<std::size_t>(100.0 * std::exp(-x * x / 2.0));
    histogram.add(std::vector<float>(times, static_cast<float>(x)));
  }
  histogram.add(std::vector<float>{40.0F});
  const ValueRange range = histogram.entropy_range();
  EXPECT_GT(range.high, 2.5F);
  EXPECT_LT(range.high, 6.0F);
  EXPECT_GE(range.low, -4.0F);
  EXPECT_LT(range.low, -2.0F);
}

}  // namespace
}  // namespace systol
