#include "sim/fast/softmax.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "tests/sim/softmax_by_the_book.h"

namespace systol::test {
namespace {

Row softmax(const Row& logits, const Exponentials& exponentials) {
  Row probabilities(logits.size());
  FastSoftmax(exponentials).row(logits, probabilities);
  return probabilities;
}

TEST(FastSoftmax, RandomRowsEqualTheFormula) {
  std::mt19937 random(3);
  for (int round = 0; round < 2'000; ++round) {
    const auto exponentials = exponentials_of(std::ldexp(1.0, -static_cast<int>(random() % 12)));
    Row logits(1 + random() % (round % 50 == 0 ? 5'000 : 40));
    for (std::int8_t& logit : logits) {
      logit = static_cast<std::int8_t>(random());
    }
    ASSERT_EQ(softmax(logits, exponentials), softmax_by_the_book(logits, exponentials)) << round;
  }
}

TEST(FastSoftmax, ARowInPartsEqualsTheFormula) {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    const auto exponentials = exponentials_of(std::ldexp(1.0, -static_cast<int>(random() % 12)));
    Row logits(1 + random() % 100);
    for (std::int8_t& logit : logits) {
      logit = static_cast<std::int8_t>(random());
    }
    Row buffer(512 + 2 * logits.size());
    std::memcpy(buffer.data(), exponentials.data(), 512);
    std::ranges::copy(logits, buffer.begin() + 512);
    SoftmaxRow row{7, 7, 7};
    const std::size_t most = 1 + random() % logits.size();
    for (const auto pass :
         {isa::SoftmaxPass::Maximum, isa::SoftmaxPass::Sum, isa::SoftmaxPass::Shares}) {
      for (std::size_t at = 0; at < logits.size(); at += most) {
        const std::size_t count = std::min(most, logits.size() - at);
        apply_softmax_part(
            {pass, 512 + at, 512 + logits.size() + at, 0, static_cast<std::uint32_t>(count),
             at == 0, at + count == logits.size()},
            buffer.data(), row);
      }
    }
    const Row shares(buffer.end() - static_cast<std::ptrdiff_t>(logits.size()), buffer.end());
    ASSERT_EQ(shares, softmax_by_the_book(logits, exponentials)) << round;
  }
}

TEST(FastSoftmax, ACertainClassIs255Of256) {
  EXPECT_EQ(softmax({5}, exponentials_of(0.1)), (Row{127}));
  EXPECT_EQ(softmax({127, -128, -128}, exponentials_of(1.0)), (Row{127, -128, -128}));
}

TEST(FastSoftmax, EqualLogitsShareEqually) {
  EXPECT_EQ(softmax({3, 3}, exponentials_of(0.5)), (Row{0, 0}));
  EXPECT_EQ(softmax({-128, -128, -128, -128}, exponentials_of(0.5)), (Row{-64, -64, -64, -64}));
  EXPECT_EQ(softmax(Row(1'000, 7), exponentials_of(0.5)), Row(1'000, -128));
}

TEST(FastSoftmax, OneQuantumOfScaleLn2IsTwiceTheShare) {
  EXPECT_EQ(softmax({10, 9}, exponentials_of(std::log(2.0))), (Row{43, -43}));  // 171, 85 of 256
}

TEST(FastSoftmax, IsTheRealSoftmaxWithinOneOf256) {
  std::mt19937 random(4);
  for (int round = 0; round < 200; ++round) {
    const double scale = 0.01 * (1 + static_cast<double>(random() % 20));
    Row logits(10);
    double sum = 0;
    for (std::int8_t& logit : logits) {
      logit = static_cast<std::int8_t>(random() % 100);
      sum += std::exp(scale * logit);
    }
    const Row shares = softmax(logits, exponentials_of(scale));
    for (std::size_t i = 0; i < logits.size(); ++i) {
      const double expected = 256 * std::exp(scale * logits[i]) / sum - 128;
      EXPECT_NEAR(shares[i], expected, 1.0);
    }
  }
}

TEST(FastSoftmax, ATableOfZerosGivesZerosAndDoesNotDivideByThem) {
  EXPECT_EQ(softmax({1, 2, 3}, {}), (Row{-128, -128, -128}));
}

TEST(FastSoftmax, MayReplaceItsLogits) {
  Row values{10, 9};
  FastSoftmax(exponentials_of(std::log(2.0))).row(values, values);
  EXPECT_EQ(values, (Row{43, -43}));
}

}  // namespace
}  // namespace systol::test
