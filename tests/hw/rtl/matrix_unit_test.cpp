// The RTL keeps hw/TIMING.md, for square and odd shapes.
#include <gtest/gtest.h>

#include <algorithm>

#include "sim/base/error.h"
#include "tests/hw/command_latency.h"
#include "tests/hw/output_stationary_contract.h"
#include "tests/hw/rtl/rtl_libraries.h"
#include "tests/hw/unit_contract.h"

namespace systol::test {
namespace {

// Shapes that the fuzzer has too are built once for both.
UnitCase rtl(std::uint32_t rows, std::uint32_t columns, std::uint32_t accumulators = 7) {
  return {{rows, columns, accumulators},
          [](const UnitShape& shape) { return make_rtl_unit(shape); }};
}

INSTANTIATE_TEST_SUITE_P(Rtl, UnitContract,
                         ::testing::Values(rtl(1, 1), rtl(1, 4), rtl(4, 1), rtl(4, 4), rtl(3, 5),
                                           rtl(5, 3, 64), rtl(2, 17, 16), rtl(13, 7, 32)),
                         case_name);

UnitCase output_stationary(std::uint32_t rows, std::uint32_t columns,
                           std::uint32_t accumulators = 24) {
  return {{rows, columns, accumulators, true},
          [](const UnitShape& shape) { return make_rtl_unit(shape); }};
}

INSTANTIATE_TEST_SUITE_P(Rtl, OutputStationaryContract,
                         ::testing::Values(output_stationary(1, 1), output_stationary(1, 4),
                                           output_stationary(4, 1), output_stationary(3, 5),
                                           output_stationary(5, 3, 64),
                                           output_stationary(8, 8, 512)),
                         case_name);

constexpr UnitShape kSmall{4, 4, 7};

/// What only the RTL promises.
class RtlUnit : public ::testing::Test {
 protected:
  static std::string failure(const UnitInputs& first, const UnitInputs& second) {
    auto unit = make_rtl_unit(kSmall);
    try {
      unit->step(first);
      unit->step(second);
    } catch (const HardwareError& problem) {
      return problem.what();
    }
    return "";
  }
  static inline const std::uint8_t kData[4] = {1, 2, 3, 4};
};

TEST_F(RtlUnit, RefusesAnAdditionToARowFedInTheCycleBefore) {
  UnitInputs feed;
  feed.feed_valid = true;
  feed.feed_add = true;
  feed.feed_address = 5;
  feed.feed_data = kData;
  EXPECT_EQ(
      failure(feed, feed),
      "assertion of the RTL failed: FeedAddsToStaleRow: feed adds to accumulator row 5 in the "
      "cycle after it was fed");
  UnitInputs other = feed;
  other.feed_address = 4;
  EXPECT_EQ(failure(feed, other), "");
  UnitInputs overwrite = feed;
  overwrite.feed_add = false;
  EXPECT_EQ(failure(feed, overwrite), "");
}

TEST_F(RtlUnit, RefusesWhatDoesNotExist) {
  UnitInputs feed;
  feed.feed_valid = true;
  feed.feed_address = 7;
  feed.feed_data = kData;
  EXPECT_NE(failure({}, feed).find("FeedAddressExists: feed to accumulator row 7 of 7"),
            std::string::npos);
  UnitInputs weight;
  weight.weight_valid = true;
  weight.weight_row = 4;
  weight.weight_data = kData;
  EXPECT_NE(failure({}, weight).find("WeightRowExists: weight row 4 of 4"), std::string::npos);
  UnitInputs channel;
  channel.channel_valid = true;
  channel.channel_plane = 9;
  channel.channel_data = kData;
  EXPECT_NE(failure({}, channel).find("ChannelPlaneExists: channel plane 9 of 9"),
            std::string::npos);
  UnitInputs activate;
  activate.activate_valid = true;
  activate.activate_address = 9;
  EXPECT_NE(failure({}, activate).find("ActivateAddressExists"), std::string::npos);
  activate.activate_address = 0;
  activate.activate_minimum = 1;
  EXPECT_NE(failure({}, activate).find("ClampIsARange: activate clamps to [1, 0]"),
            std::string::npos);
}

TEST_F(RtlUnit, RefusesStepsThatAnArrayOutputStationaryCannotTake) {
  constexpr UnitShape kShape{3, 5, 24, true};
  const std::uint8_t data[5] = {1, 2, 3, 4, 5};
  UnitInputs step;
  step.feed_valid = step.weight_valid = step.feed_begin = step.feed_drain = true;
  step.feed_data = step.weight_data = data;
  const auto failure_of = [&](const UnitInputs& second) -> std::string {
    auto unit = make_rtl_unit(kShape);
    try {
      unit->step(step);
      unit->step(second);
    } catch (const HardwareError& problem) {
      return problem.what();
    }
    return "";
  };
  EXPECT_NE(failure_of(step).find("DrainFindsTheLastGone: drain 2 cycles before"),
            std::string::npos);
  UnitInputs alone = step;
  alone.feed_drain = false;
  EXPECT_EQ(failure_of(alone), "");
  alone.weight_valid = false;
  EXPECT_NE(failure_of(alone).find("StepHasBothOperands"), std::string::npos);
  UnitInputs drain;
  drain.drain_valid = true;
  drain.drain_address = 24;
  EXPECT_NE(failure_of(drain).find("DrainAddressExists: drain to accumulator row 24 of 24"),
            std::string::npos);
}

TEST_F(RtlUnit, GoesOnAfterAFailedAssertion) {
  auto unit = make_rtl_unit(kSmall);
  UnitInputs weight;
  weight.weight_valid = true;
  weight.weight_row = 4;
  weight.weight_data = kData;
  EXPECT_THROW(unit->step(weight), HardwareError);
  weight.weight_row = 3;
  EXPECT_NO_THROW(unit->step(weight));
  EXPECT_THROW(
      make_rtl_unit(kSmall)->step({.weight_valid = true, .weight_row = 9, .weight_data = kData}),
      HardwareError);
}

TEST_F(RtlUnit, HoldsActivationsAndSumsWithoutAWave) {
  UnitBench bench(make_rtl_unit(kSmall), kSmall);
  bench.stimulus = RandomStimulus(kSmall, 5).make(3, false);
  bench.run_to(bench.stimulus.end() + 20);
  std::vector<PeRegisters> before;
  for (std::uint32_t pe = 0; pe < 16; ++pe) {
    before.push_back(bench.unit().pe(pe / 4, pe % 4));
  }
  // A bubble next to a wave holds as well: only what the wave passes changes.
  bench.stimulus = {};
  bench.stimulus.feeds[bench.now()] = {false, false, 0, {9, 9, 9, 9}};
  bench.run_to(bench.now() + 3);
  EXPECT_EQ(bench.unit().pe(0, 0).activation, 9);
  for (const std::uint32_t pe : {3U, 7U, 10U, 11U, 13U, 14U, 15U}) {
    EXPECT_EQ(bench.unit().pe(pe / 4, pe % 4), before[pe]) << pe;
  }
}

/// Registers without reset may power up with anything: what is written must not depend on it.
TEST_F(RtlUnit, DoesNotDependOnWhatItPowersUpWith) {
  for (const UnitShape shape : {kSmall, UnitShape{3, 5, 7}}) {
    Stimulus stimulus = RandomStimulus(shape, 77).make(20, false);
    // Everything that is read must have been written: overwrite each accumulator row first.
    auto zero = make_rtl_unit(shape);
    auto noise = make_rtl_unit(shape, 123456789);
    bool differed = false;
    for (std::uint32_t column = 0; column < shape.columns; ++column) {
      differed |= zero->pe(0, column) != noise->pe(0, column);
    }
    EXPECT_TRUE(differed) << "the seed has no effect";
    const std::vector<std::int32_t> zeros(std::size_t{shape.accumulator_rows} * shape.columns);
    UnitContents contents;
    contents.accumulators = zeros.data();
    noise->restore(contents);
    // And the whole table, which the random stimulus does not promise to fill.
    const std::vector<std::uint8_t> entries(shape.columns, 3);
    for (std::uint32_t row = 0; row * shape.columns < 256; ++row) {
      const UnitInputs table{.table_valid = true, .table_row = row, .table_data = entries.data()};
      zero->step(table);
      noise->step(table);
    }
    for (Time cycle = 0; cycle < stimulus.end() + 20; ++cycle) {
      const UnitInputs inputs = inputs_at(stimulus, cycle);
      const UnitOutputs a = zero->step(inputs);
      const UnitOutputs b = noise->step(inputs);
      ASSERT_EQ(a.result_valid, b.result_valid) << cycle;
      if (a.result_valid) {
        ASSERT_TRUE(std::equal(a.result_data, a.result_data + shape.columns, b.result_data))
            << cycle;
      }
    }
    for (std::uint32_t row = 0; row < shape.accumulator_rows; ++row) {
      EXPECT_TRUE(std::ranges::equal(zero->accumulators(row), noise->accumulators(row))) << row;
    }
  }
}

TEST_F(RtlUnit, NothingIsUnderWayAfterReset) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    auto unit = make_rtl_unit(kSmall, seed);
    const auto snapshot = [&unit] {
      std::vector<std::int64_t> all;
      for (std::uint32_t row = 0; row < kSmall.rows; ++row) {
        for (std::uint32_t column = 0; column < kSmall.columns; ++column) {
          const PeRegisters pe = unit->pe(row, column);
          all.insert(all.end(), {pe.weight, pe.weight_mask, pe.shadow_weight, pe.shadow_mask,
                                 pe.activation, pe.activation_mask, pe.partial_sum});
        }
      }
      for (std::uint32_t row = 0; row < kSmall.accumulator_rows; ++row) {
        const auto sums = unit->accumulators(row);
        all.insert(all.end(), sums.begin(), sums.end());
      }
      return all;
    };
    const auto before = snapshot();
    for (int cycle = 0; cycle < 30; ++cycle) {
      EXPECT_FALSE(unit->step({}).result_valid) << "cycle " << cycle;
    }
    EXPECT_EQ(snapshot(), before) << "seed " << seed;
  }
}

TEST_F(RtlUnit, UnitsOfDifferentShapesLiveSideBySide) {
  const UnitShape other{3, 5, 7};
  UnitBench a(make_rtl_unit(kSmall), kSmall);
  UnitBench b(make_rtl_unit(other), other);
  UnitBench c(make_rtl_unit(kSmall), kSmall);
  a.stimulus = RandomStimulus(kSmall, 1).make(5, true);
  b.stimulus = RandomStimulus(other, 2).make(5, true);
  c.stimulus = RandomStimulus(kSmall, 3).make(5, true);
  GoldenUnit golden_a(kSmall);
  GoldenUnit golden_b(other);
  GoldenUnit golden_c(kSmall);
  for (Time cycle = 0; cycle < 60; ++cycle) {
    a.run_to(cycle);
    b.run_to(cycle);
    c.run_to(cycle);
    golden_a.advance(a.stimulus, cycle);
    golden_b.advance(b.stimulus, cycle);
    golden_c.advance(c.stimulus, cycle);
  }
  a.run_to(60);
  b.run_to(60);
  c.run_to(60);
  for (std::uint32_t row = 0; row < 7; ++row) {
    for (std::uint32_t column = 0; column < 4; ++column) {
      EXPECT_EQ(a.accumulator(row, column), golden_a.accumulators[row * 4 + column]);
      EXPECT_EQ(c.accumulator(row, column), golden_c.accumulators[row * 4 + column]);
      EXPECT_EQ(b.accumulator(row, column), golden_b.accumulators[row * 5 + column]);
    }
  }
}

}  // namespace
}  // namespace systol::test
