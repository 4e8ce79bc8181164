#include "sim/unit/normalise_unit.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/sim/vector_by_the_book.h"

namespace systol::test {
namespace {

using NarrowRow = std::vector<std::int8_t>;

/// Steps to the row's end; returns how many cycles that took.
int steps_to_end(NormaliseUnit& unit) {
  for (int steps = 1; steps < 100'000; ++steps) {
    if (unit.step()) {
      return steps;
    }
  }
  ADD_FAILURE() << "the row does not end";
  return 0;
}

std::vector<std::int16_t> normalised(NormaliseUnit& unit, const NarrowRow& row,
                                     std::uint64_t epsilon) {
  unit.begin(row, epsilon);
  steps_to_end(unit);
  return {unit.normalised().begin(), unit.normalised().end()};
}

TEST(NormaliseUnit, RandomRowsEqualTheFormulaOnAnyNumberOfLanes) {
  std::mt19937 random(5);
  for (int round = 0; round < 2'000; ++round) {
    NormaliseUnit unit(static_cast<std::uint32_t>(1 + random() % 20));
    NarrowRow row(1 + random() % (round % 100 == 0 ? 32'768 : 40));
    const auto width = 1 + random() % 256;
    for (std::int8_t& value : row) {
      value = static_cast<std::int8_t>(static_cast<int>(random() % width) - 128);
    }
    const std::uint64_t epsilon = (std::uint64_t{random()} << 14U) >> (random() % 47);
    ASSERT_EQ(normalised(unit, row, epsilon), normalise_by_the_book(row, epsilon)) << round;
  }
}

TEST(NormaliseUnit, ARowTakesTwoPassesAndABitOfRootAndReciprocalACycle) {
  const auto cycles = [](std::uint32_t lanes, std::size_t values) {
    NormaliseUnit unit(lanes);
    unit.begin(NarrowRow(values, 3), 1);
    return steps_to_end(unit);
  };
  EXPECT_EQ(cycles(4, 1), 81);
  EXPECT_EQ(cycles(4, 4), 81);
  EXPECT_EQ(cycles(4, 5), 83);
  EXPECT_EQ(cycles(1, 10), 99);
  EXPECT_EQ(cycles(128, 1'000), 95);
}

TEST(NormaliseUnit, EqualValuesAreZeros) {
  NormaliseUnit unit(4);
  EXPECT_EQ(normalised(unit, {9, 9, 9}, 0), (std::vector<std::int16_t>{0, 0, 0}));
}

TEST(NormaliseUnit, ReadsEachValueTwiceAndWritesItOnce) {
  NormaliseUnit unit(4);
  normalised(unit, NarrowRow(10, 1), 0);
  EXPECT_EQ(unit.values_read(), 20U);
  EXPECT_EQ(unit.elements(), 10U);
}

}  // namespace
}  // namespace systol::test
