// The model with sparse weights: its sums beside those of the same weights written out as zeros and
// others.
#include <gtest/gtest.h>

#include <random>

#include "sim/unit/model_unit.h"
#include "tests/hw/unit_testbench.h"

namespace systol::test {
namespace {

constexpr UnitShape kShape{6, 3, 5, false, isa::PeType::Sparse24};
constexpr std::uint32_t kDepth = 12;
constexpr std::uint32_t kFed = 5;

TEST(SparseUnit, SumsAreThoseOfAllWeightsOfTwiceTheDepth) {
  std::mt19937_64 random(3);
  std::array<std::array<std::int32_t, kShape.columns>, kDepth> dense{};
  Stimulus pins;
  for (std::uint32_t row = 0; row < kShape.rows; ++row) {
    WeightPins& weights = pins.weights[row];
    weights.row = row;
    for (std::uint32_t column = 0; column < kShape.columns; ++column) {
      const auto weight = static_cast<std::int8_t>(random());
      const auto index = static_cast<std::uint32_t>(random() % 4);
      weights.data.push_back(weight);
      weights.data.push_back(static_cast<std::int8_t>(index));
      dense[row / 2 * 4 + index][column] += weight;
    }
  }
  for (std::uint32_t i = 0; i < kFed; ++i) {
    FeedPins& feed = pins.feeds[1 + i];
    feed.swap = i == 0;
    feed.address = i;
    for (std::uint32_t k = 0; k < kDepth; ++k) {
      feed.data.push_back(static_cast<std::int8_t>(random()));
    }
  }
  const auto unit = make_model_unit(kShape);
  const Time last = kFed + kShape.rows + kShape.columns;  // the edge after which all rows are there
  for (Time cycle = 0; cycle <= last; ++cycle) {
    unit->step(inputs_at(pins, cycle));
  }
  for (std::uint32_t i = 0; i < kFed; ++i) {
    for (std::uint32_t column = 0; column < kShape.columns; ++column) {
      std::int32_t sum = 0;
      for (std::uint32_t k = 0; k < kDepth; ++k) {
        sum += dense[k][column] * pins.feeds[1 + i].data[k];
      }
      EXPECT_EQ(unit->accumulators(i)[column], sum) << "row " << i << ", column " << column;
    }
  }
}

TEST(SparseUnit, BothRowsOfAGroupHaveItsFourActivations) {
  const auto unit = make_model_unit(kShape);
  unit->watch();
  Stimulus pins;
  pins.feeds[0] = {true, false, 0, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
  for (Time cycle = 0; cycle <= 3; ++cycle) {
    unit->step(inputs_at(pins, cycle));
  }
  EXPECT_EQ(unit->pe(0, 0).activation, 0x04030201U);
  EXPECT_EQ(unit->pe(1, 0).activation, 0x04030201U);
  EXPECT_EQ(unit->pe(2, 1).activation, 0x08070605U);
  EXPECT_EQ(unit->pe(3, 0).activation, 0x08070605U);
  EXPECT_EQ(unit->pe(4, 0).activation, 0U);  // a cycle later
}

}  // namespace
}  // namespace systol::test
