// hw/TIMING.md, "The commands": matmul_output_stationary on an output-stationary array.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sim/systemc/small_machine.h"

namespace systol::test {
namespace {

constexpr std::uint64_t kOutputStationaryDrain = 2 * 4 + 4 - 1;  // 2R + C - 1

/// `count` products of `depth` steps; command 2 k + 1 is product k.
Script products(std::uint32_t count, std::uint32_t depth) {
  Script script;
  for (std::uint32_t i = 0; i < count; ++i) {
    script(tile(depth))(output_stationary(depth));
  }
  return script;
}

ArrayConfig slow_weights(std::uint64_t latency) {
  ArrayConfig config = output_stationary_array();
  config.memories = {memory("weights", {Space::Weights}, 0, latency),
                     memory("activations", {Space::Activations}, 0, 0)};
  return config;
}

TEST(MatmulOutputStationary, StartsInTheCycleInWhichItsTileArrives) {
  const Outcome at_once = run(products(1, 4), output_stationary_array());
  EXPECT_EQ(at_once.at(0), (Span{0, 1}));
  EXPECT_EQ(at_once.start(1), 1U);
  const Outcome late = run(products(1, 4), slow_weights(20));
  EXPECT_EQ(late.at(0), (Span{0, 20}));
  EXPECT_EQ(late.start(1), 20U);
  EXPECT_EQ(
      classes(late),
      (Classes{.array_active = 4, .weight_stall = 19, .non_matrix = 1 + kOutputStationaryDrain}));
}

TEST(MatmulOutputStationary, IsCompleteKPlus2RPlusCLessOneCyclesAfterItsStart) {
  for (const auto& [rows, columns] : {std::pair{4U, 4U}, {1U, 1U}, {3U, 7U}, {8U, 2U}}) {
    for (std::uint32_t k = 1; k <= rows; ++k) {
      Script script;
      script(tile(k, 1))(output_stationary(k, {.rows = 1, .columns = 1}));
      const Outcome outcome = run(script, output_stationary_array(rows, columns));
      EXPECT_EQ(outcome.at(1), (Span{1, 1 + k + 2 * rows + columns - 1}))
          << rows << "x" << columns << ", K = " << k;
      EXPECT_EQ(outcome.cycles(), k + 2 * rows + columns) << "the run ends with its last command";
    }
  }
}

TEST(MatmulOutputStationary, ConsecutiveProductsOfOneTileTakeRCycles) {
  // The sums of the one before are on their way out: a stall, read after write.
  constexpr std::uint64_t kProducts = 5;
  for (const std::uint32_t k : {2U, 3U, 4U}) {
    const Outcome outcome = run(products(kProducts, k), output_stationary_array());
    for (std::uint64_t i = 0; i < kProducts; ++i) {
      EXPECT_EQ(outcome.start(2 * i + 1), 1 + 4 * i) << "K = " << k << ", product " << i;
    }
    EXPECT_EQ(outcome.cycles(), 1 + 4 * (kProducts - 1) + k + kOutputStationaryDrain);
    EXPECT_EQ(classes(outcome), (Classes{.array_active = kProducts * k,
                                         .raw_stall = (kProducts - 1) * (4 - k),
                                         .non_matrix = 1 + kOutputStationaryDrain}))
        << "K = " << k;
  }
}

TEST(MatmulOutputStationary, ConsecutiveProductsOfManyTilesTakeKCycles) {
  // Three tiles of three steps: K = 9.
  Script script;
  for (int i = 0; i < 3; ++i) {
    for (int part = 0; part < 3; ++part) {
      script(tile(3))(output_stationary(3, {.begin = part == 0, .drain = part == 2}));
    }
  }
  const Outcome outcome = run(script, output_stationary_array());
  for (std::uint64_t i = 0; i < 9; ++i) {
    EXPECT_EQ(outcome.at(2 * i + 1), (Span{1 + 3 * i, 1 + 3 * i + 3 + kOutputStationaryDrain}));
  }
  EXPECT_EQ(classes(outcome),
            (Classes{.array_active = 27, .non_matrix = 1 + kOutputStationaryDrain}));
}

/// The start of a product of `depth` steps after one of a single step, whose last step is in cycle
/// 2.
Outcome after_one_step(std::uint32_t depth, bool drain) {
  Script script;
  script(tile(1))(tile(depth))(output_stationary(1))(output_stationary(depth, {.drain = drain}));
  if (!drain) {
    script(tile())(output_stationary(4, {.begin = false}));
  }
  return run(script, output_stationary_array());
}

TEST(MatmulOutputStationary, LastStepsOfProductsAreRCyclesApart) {
  // The second drains in cycle 6 at the earliest, whenever it begins.
  EXPECT_EQ(after_one_step(1, true).start(3), 6U);
  EXPECT_EQ(after_one_step(2, true).start(3), 5U);
  EXPECT_EQ(after_one_step(3, true).start(3), 4U);
  EXPECT_EQ(after_one_step(4, true).start(3), 3U) << "as soon as it is there";
  EXPECT_EQ(after_one_step(3, true).in(CycleClass::RawStall), 1U);
  EXPECT_EQ(after_one_step(4, true).in(CycleClass::RawStall), 0U);
}

TEST(MatmulOutputStationary, SumsThatDoNotDrainWaitForNoOthers) {
  EXPECT_EQ(after_one_step(1, false).start(3), 3U);
  EXPECT_EQ(after_one_step(3, false).start(3), 3U);
}

TEST(MatmulOutputStationary, OnlyTheLastPartOfAProductWaitsForTheWayOut) {
  Script script;
  for (int i = 0; i < 4; ++i) {
    script(tile(1));
  }
  for (const bool drain : {false, true, false, true}) {
    script(output_stationary(1, {.begin = !drain, .drain = drain}));
  }
  const Outcome outcome = run(script, output_stationary_array());
  EXPECT_EQ(outcome.start(4), 4U);
  EXPECT_EQ(outcome.start(5), 5U);
  EXPECT_EQ(outcome.start(6), 6U);
  EXPECT_EQ(outcome.start(7), 9U) << "R cycles after cycle 5";
  EXPECT_EQ(classes(outcome),
            (Classes{.array_active = 4, .raw_stall = 2, .non_matrix = 4 + kOutputStationaryDrain}));
}

TEST(MatmulOutputStationary, ATilesSlotIsFreeWhenItHasBeenFed) {
  constexpr std::uint64_t kProducts = 4;
  ArrayConfig config = output_stationary_array();
  config.weight_fifo_tiles = 1;
  const Outcome one = run(products(kProducts, 4), config);
  for (std::uint64_t i = 0; i < kProducts; ++i) {
    EXPECT_EQ(one.at(2 * i), (Span{5 * i, 5 * i + 1}));
    EXPECT_EQ(one.start(2 * i + 1), 1 + 5 * i);
  }
  EXPECT_EQ(classes(one), (Classes{.array_active = 4 * kProducts,
                                   .weight_stall = kProducts - 1,
                                   .non_matrix = 1 + kOutputStationaryDrain}));
  config.weight_fifo_tiles = 2;
  EXPECT_EQ(run(products(kProducts, 4), config).in(CycleClass::WeightStall), 0U);
}

TEST(MatmulOutputStationary, WaitsForTokensLikeAnyMatmul) {
  Script script;
  script(tile())(output_stationary(4), {.signal = {Unit::Activate}})(channels())(
      activate(4, 64), {.wait = {Unit::Matrix}, .signal = {Unit::Matrix}})(tile())(
      output_stationary(4, {.buffer = 64}), {.wait = {Unit::Activate}});
  const Outcome outcome = run(script, output_stationary_array());
  EXPECT_EQ(outcome.at(1), (Span{1, 16}));
  EXPECT_EQ(outcome.at(3), (Span{16, 25}));
  EXPECT_EQ(outcome.at(5), (Span{25, 40}));
  EXPECT_EQ(
      classes(outcome),
      (Classes{.array_active = 8, .raw_stall = 20, .non_matrix = 1 + kOutputStationaryDrain}));
}

///////////////////////////////////////////////////////////////////////////////////////////////////
// Values

/// Nine planes: no bias, times 2^30, shifted back by 30.
std::vector<std::uint8_t> identity_planes(std::uint32_t columns) {
  std::vector<std::uint8_t> planes(std::size_t{9} * columns);
  std::fill_n(planes.begin() + 7 * columns, columns, std::uint8_t{0x40});
  std::fill_n(planes.begin() + 8 * columns, columns, std::uint8_t{30});
  return planes;
}

/// Two steps per sample at buffer 0 and parameters for two columns; tiles of two ones come from
/// memory 0.
Script two_samples() {
  Script script;
  script.put(Space::Weights, 0, {1, 1});
  script.put(Space::Weights, 64, identity_planes(2));
  script.put(Space::Activations, 0, {5, 6, 7, 8});
  script(load(18, 7000, Space::Weights, 64), {.signal = {Unit::Activate}})(
      load(4), {.signal = {Unit::Matrix}})(isa::SetChannels{7000, 2}, {.wait = {Unit::Load}});
  return script;
}

TEST(MatmulOutputStationary, IsCompleteAtTheSameTimeWhetherItDrainsOrNot) {
  Script script;
  script(tile(3))(output_stationary(3, {.drain = false}))(tile(3))(
      output_stationary(3, {.begin = false}));
  const Outcome outcome = run(script, output_stationary_array());
  for (const std::size_t matmul : {1U, 3U}) {  // K + 2R + C - 1
    EXPECT_EQ(outcome.at(matmul).end - outcome.at(matmul).start, 3 + 2 * 4 + 4 - 1U);
  }
}

TEST(MatmulOutputStationary, BeginsInRowsWithoutASampleToo) {
  // Two samples, then one; then its product goes on with two: the second has only the last step.
  Script script = two_samples();
  const auto step = [](std::uint64_t buffer, std::uint32_t rows, bool begin, bool drain) {
    return isa::MatmulOutputStationary{{buffer, rows, 2}, 1, 2, 0, begin, drain};
  };
  script(tile(1, 2))(step(0, 2, true, true), {.wait = {Unit::Load}});
  script(tile(1, 2))(step(0, 1, true, false));
  script(tile(1, 2))(step(1, 2, false, true), {.signal = {Unit::Activate}});
  script(activate(2, 256, 0, 2), {.wait = {Unit::Matrix}, .signal = {Unit::Store}});
  script(store(4, 256), {.wait = {Unit::Activate}});
  EXPECT_EQ(run(script, output_stationary_array()).rows,
            (std::vector<std::vector<std::int8_t>>{{11, 11}, {8, 8}}));
}

TEST(MatmulOutputStationary, SumsOverTilesAndBeginsAnew) {
  // [[5, 6], [-1, 10]] times [[1, 2], [3, 4]], a row of weights at a time, and times the first row
  // alone.
  Script script;
  script.put(Space::Weights, 0, {1, 2, 3, 4});
  script.put(Space::Weights, 64, identity_planes(2));
  script.put(Space::Activations, 0, {5, 6, 0xff, 10});
  script(load(18, 7000, Space::Weights, 64), {.signal = {Unit::Activate}})(
      load(4), {.signal = {Unit::Matrix}})(isa::SetChannels{7000, 2}, {.wait = {Unit::Load}});
  const auto step = [](std::uint64_t buffer, bool begin, bool drain, std::uint32_t accumulator) {
    return isa::MatmulOutputStationary{{buffer, 2, 2}, 1, 2, accumulator, begin, drain};
  };
  script(tile(1, 2, 0))(step(0, true, false, 0), {.wait = {Unit::Load}});
  script(tile(1, 2, 2))(step(1, false, true, 0));
  script(tile(1, 2, 0))(step(0, true, true, 2), {.signal = {Unit::Activate}});
  script(activate(4, 256, 0, 2), {.wait = {Unit::Matrix}});
  EXPECT_EQ(run(script, output_stationary_array()).rows,
            (std::vector<std::vector<std::int8_t>>{{23, 34}, {29, 38}, {5, 10}, {-1, -2}}));
}

}  // namespace
}  // namespace systol::test
