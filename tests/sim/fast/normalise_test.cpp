#include "sim/fast/normalise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "tests/sim/vector_by_the_book.h"

namespace systol::test {
namespace {

using NarrowRow = std::vector<std::int8_t>;
using WideRow = std::vector<std::int16_t>;

WideRow normalised(const NarrowRow& values, std::uint64_t epsilon = 0) {
  WideRow row(values.size());
  normalise(values, epsilon, row);
  return row;
}

TEST(Normalise, ByHand) {
  // S = 0, Q = 2, D = 2 * 2 = 4, s = floor(sqrt(4 * 65536)) = 512, r = 2^46 / 512 = 2^37;
  // (2 * 1 * 2^37 + 2^26) >> 27 = 2048: one deviation is 2^11.
  EXPECT_EQ(normalised({1, -1}), (WideRow{2048, -2048}));
  // S = 3, Q = 9, D = 4 * 9 - 9 = 27; s = floor(sqrt(1769472)) = 1330, r = floor(2^46 / 1330)
  // = 52909674498; 9 r / 2^27 = 3547.9, -3 r / 2^27 = -1182.6.
  EXPECT_EQ(normalised({3, 0, 0, 0}), (WideRow{3548, -1183, -1183, -1183}));
}

TEST(Normalise, EqualValuesAreZeroWithAndWithoutEpsilon) {
  EXPECT_EQ(normalised({7, 7, 7}), (WideRow{0, 0, 0}));
  EXPECT_EQ(normalised({7, 7, 7}, 5), (WideRow{0, 0, 0}));
  EXPECT_EQ(normalised({-128}), (WideRow{0}));
}

TEST(Normalise, EpsilonMakesTheDeviationLarger) {
  // D = 4 + 12, s = 1024: half of what it is without.
  EXPECT_EQ(normalised({1, -1}, 12), (WideRow{1024, -1024}));
  EXPECT_EQ(normalised({127, -128}, (std::uint64_t{1} << 46U) - 1), (WideRow{0, 0}));
}

TEST(Normalise, AnOutlierAmongManyIsClamped) {
  NarrowRow row(1'000, 0);
  row[3] = 100;
  const WideRow result = normalised(row);
  EXPECT_EQ(result[3], 32'767) << "31.6 deviations are 64,700";
  EXPECT_EQ(result[4], -65);
}

TEST(Normalise, RandomRowsEqualTheFormula) {
  std::mt19937 random(3);
  for (int round = 0; round < 3'000; ++round) {
    NarrowRow row(1 + random() % (round % 100 == 0 ? 32'768 : 80));
    const auto width = 1 + random() % 256;
    for (std::int8_t& value : row) {
      value = static_cast<std::int8_t>(static_cast<int>(random() % width) - 128);
    }
    const std::uint64_t epsilon = (std::uint64_t{random()} << 14U) >> (random() % 47);
    ASSERT_EQ(normalised(row, epsilon), normalise_by_the_book(row, epsilon)) << round;
  }
}

TEST(Normalise, IsTheRealOneWithinAThousandth) {
  const NarrowRow row = {-100, 4, 77, 12, 12, -3, 60, 127};
  double mean = 0;
  double variance = 0;
  for (const std::int8_t value : row) {
    mean += value / 8.0;
  }
  for (const std::int8_t value : row) {
    variance += (value - mean) * (value - mean) / 8.0;
  }
  const WideRow result = normalised(row);
  for (std::size_t i = 0; i < row.size(); ++i) {
    EXPECT_NEAR(result[i] / 2048.0, (row[i] - mean) / std::sqrt(variance), 1e-3);
  }
}

TEST(SquareRoot, IsRoundedDown) {
  for (const std::uint64_t root :
       {0ULL, 1ULL, 255ULL, 65'536ULL, 3'037'000'499ULL, 4'294'967'295ULL}) {
    EXPECT_EQ(square_root(root * root), root);
    if (root > 0) {
      EXPECT_EQ(square_root(root * root - 1), root - 1);
      EXPECT_EQ(square_root(root * root + 2 * root), root);
    }
  }
  EXPECT_EQ(square_root(UINT64_MAX), 4'294'967'295U);
}

}  // namespace
}  // namespace systol::test
