#include "sim/unit/softmax.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace systol {
namespace {

using Row = std::vector<std::int8_t>;

std::array<std::uint16_t, 256> table(double scale) {
  std::array<std::uint16_t, 256> entries{};
  for (std::size_t d = 0; d < entries.size(); ++d) {
    entries[d] =
        static_cast<std::uint16_t>(std::lround(65535 * std::exp(-scale * static_cast<double>(d))));
  }
  return entries;
}

Row softmax(const Row& logits, const std::array<std::uint16_t, 256>& exponentials) {
  Row probabilities(logits.size());
  softmax_row(logits, exponentials, probabilities);
  return probabilities;
}

/// docs/numerics.md, written down again: with divisions instead of shifts, in 128 bits.
Row by_the_book(const Row& logits, const std::array<std::uint16_t, 256>& exponentials) {
  __extension__ using Wide = __int128;
  const auto exponential = [&](std::int8_t x) {
    const int m = *std::max_element(logits.begin(), logits.end());
    return Wide{exponentials.at(static_cast<std::size_t>(m - x))};
  };
  Wide sum = 0;
  for (const std::int8_t x : logits) {
    sum += exponential(x);
  }
  const Wide reciprocal = Wide{1'099'511'627'776} / sum;
  Row result;
  for (const std::int8_t x : logits) {
    const Wide share = (exponential(x) * reciprocal + Wide{2'147'483'648}) / Wide{4'294'967'296};
    result.push_back(static_cast<std::int8_t>(std::min<Wide>(127, share - 128)));
  }
  return result;
}

TEST(Softmax, RandomRowsEqualTheFormula) {
  std::mt19937 random(3);
  for (int round = 0; round < 2'000; ++round) {
    const auto exponentials = table(std::ldexp(1.0, -static_cast<int>(random() % 12)));
    Row logits(1 + random() % (round % 50 == 0 ? 5'000 : 40));
    for (std::int8_t& logit : logits) {
      logit = static_cast<std::int8_t>(random());
    }
    ASSERT_EQ(softmax(logits, exponentials), by_the_book(logits, exponentials)) << round;
  }
}

TEST(Softmax, ACertainClassIs255Of256) {
  EXPECT_EQ(softmax({5}, table(0.1)), (Row{127}));
  EXPECT_EQ(softmax({127, -128, -128}, table(1.0)), (Row{127, -128, -128}));
}

TEST(Softmax, EqualLogitsShareEqually) {
  EXPECT_EQ(softmax({3, 3}, table(0.5)), (Row{0, 0}));
  EXPECT_EQ(softmax({-128, -128, -128, -128}, table(0.5)), (Row{-64, -64, -64, -64}));
  EXPECT_EQ(softmax(Row(1'000, 7), table(0.5)), Row(1'000, -128));
}

TEST(Softmax, OneQuantumOfScaleLn2IsTwiceTheShare) {
  EXPECT_EQ(softmax({10, 9}, table(std::log(2.0))), (Row{43, -43}));  // 171 and 85 of 256
}

TEST(Softmax, IsTheRealSoftmaxWithinOneOf256) {
  std::mt19937 random(4);
  for (int round = 0; round < 200; ++round) {
    const double scale = 0.01 * (1 + static_cast<double>(random() % 20));
    Row logits(10);
    double sum = 0;
    for (std::int8_t& logit : logits) {
      logit = static_cast<std::int8_t>(random() % 100);
      sum += std::exp(scale * logit);
    }
    const Row shares = softmax(logits, table(scale));
    for (std::size_t i = 0; i < logits.size(); ++i) {
      const double expected = 256 * std::exp(scale * logits[i]) / sum - 128;
      EXPECT_NEAR(shares[i], expected, 1.0);
    }
  }
}

TEST(Softmax, ATableOfZerosGivesZerosAndDoesNotDivideByThem) {
  EXPECT_EQ(softmax({1, 2, 3}, {}), (Row{-128, -128, -128}));
}

}  // namespace
}  // namespace systol
