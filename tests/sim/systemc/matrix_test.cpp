// hw/TIMING.md, "The commands": weight shift and matmul, as a whole machine runs them.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sim/systemc/small_machine.h"

namespace systol::test {
namespace {

/// `count` tiles of `rows` activation rows each; tiles and matmuls are dispatched in turn, so that
/// command 2 k + 1 is matmul k.
Script tiles(std::uint32_t count, std::uint32_t rows, bool add = false) {
  Script script;
  for (std::uint32_t i = 0; i < count; ++i) {
    script(tile())(matmul(rows, {.add = add && i > 0}));
  }
  return script;
}

TEST(Matmul, StartsOneCycleAfterItsTileBeginsToShift) {
  // The tile is requested in cycle 0, arrives and shifts in cycle 1.
  const Outcome run_of = run(tiles(1, 4));
  EXPECT_EQ(run_of.at(0), (Span{0, 1}));
  EXPECT_EQ(run_of.start(1), 2U);
}

TEST(Matmul, ItsTileShiftsBeforeItIsDispatched) {
  // It is command 7 and can be dispatched in cycle 7; its tile has begun to shift in cycle 1.
  Script script;
  script(tile());
  for (std::uint64_t i = 0; i < 6; ++i) {
    script(load(1, 1024 + i));
  }
  script(matmul(4));
  EXPECT_EQ(run(script).start(7), 7U);
}

TEST(Matmul, IsCompleteMPlusRPlusCCyclesAfterItsStart) {
  for (const auto& [rows, columns] : {std::pair{4U, 4U}, {1U, 1U}, {3U, 7U}, {8U, 2U}}) {
    for (const std::uint32_t m : {1U, 2U, 5U, 16U}) {
      Script script;
      script(tile(1, 1))(matmul(m, {.depth = 1, .columns = 1}));
      const Outcome outcome = run(script, small_array(rows, columns));
      EXPECT_EQ(outcome.at(1), (Span{2, 2 + m + rows + columns}))
          << rows << "x" << columns << ", M = " << m;
      EXPECT_EQ(outcome.cycles(), 2 + m + rows + columns) << "the run ends with its last command";
    }
  }
}

TEST(Matmul, ConsecutiveTilesTakeMaxOfMAndRCycles) {
  constexpr std::uint64_t kTiles = 5;
  for (const std::uint32_t m : {1U, 2U, 3U, 4U, 5U, 7U}) {
    const std::uint64_t period = std::max(m, 4U);
    const Outcome outcome = run(tiles(kTiles, m));
    for (std::uint64_t i = 0; i < kTiles; ++i) {
      EXPECT_EQ(outcome.start(2 * i + 1), 2 + i * period) << "M = " << m << ", tile " << i;
    }
    const std::uint64_t last = 2 + (kTiles - 1) * period;
    EXPECT_EQ(outcome.cycles(), last + m + 8);
    EXPECT_EQ(classes(outcome), (Classes{.array_active = kTiles * m,
                                         .weight_shift = 1 + (kTiles - 1) * (period - m),
                                         .non_matrix = 1 + 8}))
        << "M = " << m;
  }
}

ArrayConfig used_in_whole(ArrayConfig config = small_array()) {
  config.tile_use = TileUse::Whole;
  return config;
}

TEST(Matmul, UsedInWholeATileIsFedRCyclesAfterItBeginsToShift) {
  for (const std::uint32_t rows : {1U, 2U, 3U, 8U}) {
    Script script;
    script(tile(1, 1))(matmul(3, {.depth = 1, .columns = 1}));
    const Outcome outcome = run(script, used_in_whole(small_array(rows, 5)));
    EXPECT_EQ(outcome.start(1), std::max(1 + rows, 2U)) << rows;
    EXPECT_EQ(classes(outcome),
              (Classes{.array_active = 3, .weight_shift = rows, .non_matrix = 1 + rows + 5}))
        << rows;
  }
}

TEST(Matmul, UsedInWholeConsecutiveTilesTakeMaxOfMAndRCycles) {
  for (const std::uint32_t m : {1U, 3U, 4U, 5U, 7U}) {
    const std::uint64_t period = std::max(m, 4U);
    const Outcome outcome = run(tiles(5, m), used_in_whole());
    for (std::uint64_t i = 0; i < 5; ++i) {
      EXPECT_EQ(outcome.start(2 * i + 1), 5 + i * period) << "M = " << m << ", tile " << i;
    }
    EXPECT_EQ(
        classes(outcome),
        (Classes{.array_active = 5 * m, .weight_shift = 4 + 4 * (period - m), .non_matrix = 1 + 8}))
        << "M = " << m;
  }
}

TEST(Matmul, UsedInWholeATileIsNotWaitedForByMatmulsThatReuseTheOneBefore) {
  Script script;
  script(tile())(tile())(matmul(2))(matmul(6, {.accumulator = 8, .reuse = true}))(matmul(1));
  const Outcome outcome = run(script, used_in_whole());
  EXPECT_EQ(outcome.start(2), 5U);
  EXPECT_EQ(outcome.start(3), 7U);
  EXPECT_EQ(outcome.start(4), 13U) << "the second tile has shifted in cycles 5 to 8";
  EXPECT_EQ(outcome.in(CycleClass::WeightShift), 3U) << "from its dispatch in cycle 2 to 5";
}

TEST(Matmul, OnAWideArrayPartialTilesStillShiftAllRows) {
  Script script;
  for (int i = 0; i < 3; ++i) {
    script(tile(1, 1))(matmul(1, {.depth = 1, .columns = 1}));
  }
  const Outcome outcome = run(script, small_array(6, 9));
  EXPECT_EQ(outcome.start(1), 2U);
  EXPECT_EQ(outcome.start(3), 8U);
  EXPECT_EQ(outcome.start(5), 14U);
}

TEST(Matmul, WithReuseFollowsWithoutAShift) {
  Script script;
  script(tile())(matmul(3))(matmul(2, {.accumulator = 8, .reuse = true}))(
      matmul(1, {.accumulator = 16, .reuse = true}));
  const Outcome outcome = run(script);
  EXPECT_EQ(outcome.at(1), (Span{2, 13}));
  EXPECT_EQ(outcome.at(2), (Span{5, 15}));
  EXPECT_EQ(outcome.at(3), (Span{7, 16}));
  EXPECT_EQ(classes(outcome), (Classes{.array_active = 6, .weight_shift = 1, .non_matrix = 9}));
  EXPECT_EQ(outcome.result.activity()[Action::ShiftedRows], 4U);
}

TEST(Matmul, NextTileShiftsWhileReusingMatmulsStillFeed) {
  Script script;
  script(tile())(tile())(matmul(2))(matmul(6, {.accumulator = 8, .reuse = true}))(matmul(1));
  const Outcome outcome = run(script);
  EXPECT_EQ(outcome.start(2), 2U);
  EXPECT_EQ(outcome.start(3), 4U);
  // The shift began with the swap, in cycle 2.
  EXPECT_EQ(outcome.start(4), 10U);
  EXPECT_EQ(outcome.in(CycleClass::WeightShift), 0U);
}

///////////////////////////////////////////////////////////////////////////////////////////////////
// The accumulator rule

TEST(Matmul, BatchOneAccumulatesWithoutAStallWhereTilesAreTwoRowsApart) {
  for (const bool add : {false, true}) {
    const Outcome outcome = run(tiles(5, 1, add));
    EXPECT_EQ(outcome.start(9), 2U + 4U * 4U);
    EXPECT_EQ(outcome.in(CycleClass::RawStall), 0U);
  }
}

/// One-row tiles, all on the chip before the first matmul.
Script one_row_tiles(bool add) {
  Script script;
  for (int i = 0; i < 4; ++i) {
    script(tile(1, 4));
  }
  for (int i = 0; i < 4; ++i) {
    script(matmul(1, {.add = add && i > 0, .depth = 1}));
  }
  return script;
}

TEST(Matmul, BatchOneOnOneRowOfPesCostsOneCyclePerTile) {
  ArrayConfig config = small_array(1, 4);
  config.weight_fifo_tiles = 8;
  const Outcome overwrites = run(one_row_tiles(false), config);
  const Outcome adds = run(one_row_tiles(true), config);
  for (std::uint64_t i = 0; i < 4; ++i) {
    EXPECT_EQ(overwrites.start(4 + i), 4 + i);
    EXPECT_EQ(adds.start(4 + i), 4 + 2 * i);
  }
  EXPECT_EQ(overwrites.in(CycleClass::RawStall), 0U);
  EXPECT_EQ(adds.in(CycleClass::RawStall), 3U);
  EXPECT_EQ(adds.cycles(), overwrites.cycles() + 3);
}

/// The start of the second of two matmuls on one tile; the first feeds rows 4 and 5 in cycles 2
/// and 3.
std::uint64_t second_start(const MatmulOptions& second) {
  Script script;
  script(tile())(matmul(2, {.accumulator = 4}))(matmul(2, second));
  return run(script).start(2);
}

TEST(Matmul, AddingToTheRowFedOneCycleBeforeWaitsOneCycle) {
  EXPECT_EQ(second_start({.accumulator = 5, .add = true, .reuse = true}), 5U);
}

TEST(Matmul, AddingToAnyOtherRowDoesNotWait) {
  EXPECT_EQ(second_start({.accumulator = 4, .add = true, .reuse = true}), 4U);
  EXPECT_EQ(second_start({.accumulator = 6, .add = true, .reuse = true}), 4U);
}

TEST(Matmul, OverwritingTheRowFedOneCycleBeforeDoesNotWait) {
  EXPECT_EQ(second_start({.accumulator = 5, .add = false, .reuse = true}), 4U);
}

TEST(Matmul, AddingAfterAGapDoesNotWait) {
  // The second waits for a load until cycle 20, long after the first.
  Script script;
  script(tile())(load(16), {.signal = {Unit::Matrix}})(matmul(2, {.accumulator = 4}))(
      matmul(2, {.accumulator = 5, .add = true, .reuse = true, .buffer = 0}),
      {.wait = {Unit::Load}});
  ArrayConfig config = small_array();
  config.memories = {memory("weights", {Space::Weights}, 0, 0),
                     memory("activations", {Space::Activations}, 0, 19)};
  script.program.commands[2].operation = matmul(2, {.accumulator = 4, .buffer = 64});
  EXPECT_EQ(run(script, config).start(3), 20U);
}

TEST(Matmul, EveryMatmulIsCompleteInTheOrderOfTheProgram) {
  // The second has fewer rows, but its rows come later.
  Script script;
  script(tile())(matmul(9))(matmul(1, {.accumulator = 9, .reuse = true}));
  const Outcome outcome = run(script);
  EXPECT_EQ(outcome.completed, (std::vector<std::uint64_t>{0, 1, 2}));
  EXPECT_EQ(outcome.at(1), (Span{2, 19}));
  EXPECT_EQ(outcome.at(2), (Span{11, 20}));
}

}  // namespace
}  // namespace systol::test
