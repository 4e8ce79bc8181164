#include "sim/unit/softmax_unit.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/sim/softmax_by_the_book.h"

namespace systol::test {
namespace {

/// Steps to the row's end; returns how many cycles that took.
int steps_to_end(SoftmaxUnit& unit) {
  for (int steps = 1; steps < 10'000; ++steps) {
    if (unit.step()) {
      return steps;
    }
  }
  ADD_FAILURE() << "the row does not end";
  return 0;
}

Row softmax(SoftmaxUnit& unit, const Row& logits, const Exponentials& exponentials) {
  unit.set_table(exponentials);
  unit.begin(logits);
  steps_to_end(unit);
  return {unit.probabilities().begin(), unit.probabilities().end()};
}

TEST(SoftmaxUnit, RandomRowsEqualTheFormulaOnAnyNumberOfLanes) {
  std::mt19937 random(5);
  for (int round = 0; round < 1'000; ++round) {
    SoftmaxUnit unit(static_cast<std::uint32_t>(1 + random() % 20));
    const auto exponentials = exponentials_of(std::ldexp(1.0, -static_cast<int>(random() % 12)));
    Row logits(1 + random() % (round % 50 == 0 ? 2'000 : 40));
    for (std::int8_t& logit : logits) {
      logit = static_cast<std::int8_t>(random());
    }
    ASSERT_EQ(softmax(unit, logits, exponentials), softmax_by_the_book(logits, exponentials))
        << round;
  }
}

TEST(SoftmaxUnit, ARowTakesThreePassesAndFortyCyclesForTheReciprocal) {
  const auto cycles = [](std::uint32_t lanes, std::size_t logits) {
    SoftmaxUnit unit(lanes);
    unit.begin(Row(logits, 3));
    return steps_to_end(unit);
  };
  EXPECT_EQ(cycles(4, 1), 43);
  EXPECT_EQ(cycles(4, 4), 43);
  EXPECT_EQ(cycles(4, 5), 46);
  EXPECT_EQ(cycles(1, 10), 70);
  EXPECT_EQ(cycles(128, 1'000), 64);
}

TEST(SoftmaxUnit, ARowInPartsEqualsTheFormulaAndAPassOfThemAllTakesAsLong) {
  using Part = SoftmaxUnit::Part;
  const Row logits = {5, -3, 100, 99, 98, 7, -128, 42, 97, 96};
  const auto exponentials = exponentials_of(0.25);
  SoftmaxUnit unit(4);
  unit.set_table(exponentials);
  Row shares;
  int cycles = 0;
  for (const Part part : {Part::Maximum, Part::Sum, Part::Shares}) {
    for (const auto& [first, end] : {std::pair{0, 8}, std::pair{8, 10}}) {
      unit.begin_part(part, first == 0, end == 10, Row(&logits[0] + first, &logits[0] + end));
      cycles += steps_to_end(unit);
      if (part == Part::Shares) {
        shares.insert(shares.end(), unit.probabilities().begin(), unit.probabilities().end());
      }
    }
  }
  EXPECT_EQ(shares, softmax_by_the_book(logits, exponentials));
  EXPECT_EQ(cycles, 3 * 3 + 40);
  EXPECT_EQ(unit.logits_read(), 30U);
  EXPECT_EQ(unit.elements(), 10U);
}

TEST(SoftmaxUnit, ReadsEachLogitTwiceAndWritesItOnce) {
  SoftmaxUnit unit(4);
  softmax(unit, Row(10, 1), exponentials_of(0.5));
  EXPECT_EQ(unit.logits_read(), 20U);
  EXPECT_EQ(unit.elements(), 10U);
  softmax(unit, Row(3, 1), exponentials_of(0.5));
  EXPECT_EQ(unit.logits_read(), 26U);
  EXPECT_EQ(unit.elements(), 13U);
}

TEST(SoftmaxUnit, ASumOfOneHasAReciprocalOfFortyOneBits) {
  SoftmaxUnit unit(4);
  Exponentials one{};
  one[0] = 1;
  EXPECT_EQ(softmax(unit, {7, 5}, one), (Row{127, -128}));
}

TEST(SoftmaxUnit, ATableOfZerosGivesZeros) {
  SoftmaxUnit unit(4);
  EXPECT_EQ(softmax(unit, {1, 2, 3}, {}), (Row{-128, -128, -128}));
}

TEST(SoftmaxUnit, IsBusyFromItsBeginToItsEnd) {
  SoftmaxUnit unit(4);
  EXPECT_FALSE(unit.busy());
  unit.begin(Row{1});
  EXPECT_TRUE(unit.busy());
  steps_to_end(unit);
  EXPECT_FALSE(unit.busy());
}

}  // namespace
}  // namespace systol::test
