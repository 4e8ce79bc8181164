// Which class each cycle of the matrix unit is in. `run` checks that the classes sum to the total.
#include <gtest/gtest.h>

#include "tests/sim/systemc/small_machine.h"

namespace systol::test {
namespace {

constexpr std::uint64_t kStationaryDrain = 8;  // R + C

/// Memories of their own, so that one side can be slow.
ArrayConfig with_latencies(std::uint64_t weights, std::uint64_t activations) {
  ArrayConfig config = small_array();
  config.memories = {memory("weights", {Space::Weights}, 0, weights),
                     memory("activations", {Space::Activations}, 0, activations)};
  return config;
}

TEST(Ledger, OneMatmulIsShiftedThenActiveThenDrains) {
  Script script;
  script(tile())(matmul(4));
  const Outcome outcome = run(script);
  // Cycle 0 requests the tile, cycle 1 begins to shift it, 2 to 5 feed.
  EXPECT_EQ(classes(outcome),
            (Classes{.array_active = 4, .weight_shift = 1, .non_matrix = 1 + kStationaryDrain}));
}

TEST(Ledger, ATileThatHasNotArrivedIsAWeightStall) {
  Script script;
  script(tile())(matmul(4));
  const Outcome outcome = run(script, with_latencies(20, 0));
  EXPECT_EQ(outcome.at(0), (Span{0, 20}));
  EXPECT_EQ(outcome.start(1), 21U);
  // The matmul waits from cycle 1 on; in cycle 20 the tile is there and shifts.
  EXPECT_EQ(classes(outcome), (Classes{.array_active = 4,
                                       .weight_stall = 19,
                                       .weight_shift = 1,
                                       .non_matrix = 1 + kStationaryDrain}));
}

/// A tile arrives every 10 cycles, and its rows are fed long before the next: what a shift takes is
/// seen for each. One row behind the load, a cycle of it is.
TEST(Ledger, ATileThatIsUsedInWholeShowsItsShiftWhereMemoryIsTheBound) {
  ArrayConfig config = small_array();
  config.memories = {memory("weights", {Space::Weights}, 16, 0),
                     memory("activations", {Space::Activations}, 0, 0)};
  config.memories[0].bandwidth = BytesPerSecond(1'600'000'000);
  Script script;
  for (int i = 0; i < 3; ++i) {
    script(tile())(matmul(2));
  }
  EXPECT_EQ(classes(run(script, config)), (Classes{.array_active = 6,
                                                   .weight_stall = 9 + 2 * 7,
                                                   .weight_shift = 3,
                                                   .non_matrix = 1 + kStationaryDrain}));
  config.tile_use = TileUse::Whole;
  EXPECT_EQ(classes(run(script, config)), (Classes{.array_active = 6,
                                                   .weight_stall = 9 + 2 * 4,
                                                   .weight_shift = 3 * 4,
                                                   .non_matrix = 1 + kStationaryDrain}));
}

TEST(Ledger, APartialTileThatIsFetchedWholeTakesTheMemoryAsLongAsAFullOne) {
  ArrayConfig config = small_array();
  config.memories = shared_memory(2, 3);
  Script script;
  script(tile(3, 2))(tile(1, 4))(load(2, 1024))(matmul(1, {.depth = 3, .columns = 2}))(
      matmul(1, {.depth = 1}));
  const Outcome filled = run(script, config);
  EXPECT_EQ(filled.at(0), (Span{0, 3 + 3}));
  EXPECT_EQ(filled.at(1), (Span{1, 3 + 2 + 3}));
  EXPECT_EQ(filled.at(2), (Span{2, 3 + 2 + 1 + 3}));
  EXPECT_EQ(filled.result.activity()[memory_read(Space::Weights)], 6U + 4U);
  config.tile_fetch = TileFetch::Whole;
  const Outcome whole = run(script, config);
  EXPECT_EQ(whole.at(0), (Span{0, 8 + 3}));
  EXPECT_EQ(whole.at(1), (Span{1, 8 + 8 + 3}));
  EXPECT_EQ(whole.at(2), (Span{2, 8 + 8 + 1 + 3}));
  EXPECT_EQ(whole.result.activity()[memory_read(Space::Weights)], 16U + 16U);
  EXPECT_EQ(whole.result.activity()[Action::FifoWriteBytes], 16U + 16U);
  EXPECT_EQ(whole.result.activity()[Action::FifoReadBytes], 6U + 4U);
}

TEST(Ledger, WaitingForTheLoadUnitIsAnInputStall) {
  Script script;
  script(load(16), {.signal = {Unit::Matrix}})(tile())(matmul(4), {.wait = {Unit::Load}});
  const Outcome outcome = run(script, with_latencies(0, 20));
  EXPECT_EQ(outcome.at(0), (Span{0, 20}));
  EXPECT_EQ(outcome.start(2), 20U);
  EXPECT_EQ(classes(outcome),
            (Classes{.array_active = 4, .input_stall = 18, .non_matrix = 2 + kStationaryDrain}));
}

TEST(Ledger, WaitingForTheActivateUnitIsARawStall) {
  Script script;
  script(tile())(matmul(4), {.signal = {Unit::Activate}})(channels())(
      activate(4, 64), {.wait = {Unit::Matrix}, .signal = {Unit::Matrix}})(tile())(
      matmul(4, {.buffer = 64}), {.wait = {Unit::Activate}});
  const Outcome outcome = run(script);
  EXPECT_EQ(outcome.at(1), (Span{2, 14}));
  EXPECT_EQ(outcome.at(3), (Span{14, 23}));
  EXPECT_EQ(outcome.at(5), (Span{23, 35}));
  EXPECT_EQ(classes(outcome), (Classes{.array_active = 8,
                                       .weight_shift = 1,
                                       .raw_stall = 17,
                                       .non_matrix = 1 + kStationaryDrain}));
}

TEST(Ledger, WaitingForTheStoreUnitIsARawStall) {
  Script script;
  script(store(16, 256), {.signal = {Unit::Matrix}})(tile())(matmul(4), {.wait = {Unit::Store}});
  const Outcome outcome = run(script, with_latencies(0, 20));
  EXPECT_EQ(classes(outcome),
            (Classes{.array_active = 4, .raw_stall = 18, .non_matrix = 2 + kStationaryDrain}));
}

TEST(Ledger, AnAccumulatorRowThatIsBeingAddedToIsARawStall) {
  Script script;
  script(tile())(matmul(1))(matmul(1, {.add = true, .reuse = true}));
  EXPECT_EQ(classes(run(script)), (Classes{.array_active = 2,
                                           .weight_shift = 1,
                                           .raw_stall = 1,
                                           .non_matrix = 1 + kStationaryDrain}));
}

TEST(Ledger, OfSeveralReasonsTokensOfTheLoadUnitComeFirst) {
  // The matmul lacks its tile (until 12), the load unit's token (until 8) and the store unit's
  // (until 10).
  ArrayConfig config = small_array();
  config.memories = {memory("weights", {Space::Weights}, 0, 10),
                     memory("activations", {Space::Activations}, 0, 8)};
  Script script;
  script(load(16), {.signal = {Unit::Matrix}})(store(16, 256), {.signal = {Unit::Matrix}})(tile())(
      matmul(4), {.wait = {Unit::Load, Unit::Store}});
  const Outcome outcome = run(script, config);
  EXPECT_EQ(outcome.at(0), (Span{0, 8}));
  EXPECT_EQ(outcome.at(1), (Span{1, 9}));
  EXPECT_EQ(outcome.at(2), (Span{2, 12}));
  EXPECT_EQ(outcome.start(3), 13U);
  EXPECT_EQ(classes(outcome), (Classes{.array_active = 4,
                                       .weight_stall = 3,  // 9, 10, 11
                                       .weight_shift = 1,  // 12
                                       .raw_stall = 1,     // 8
                                       .input_stall = 5,   // 3 to 7
                                       .non_matrix = 3 + kStationaryDrain}));
}

TEST(Ledger, AFifoOfOneTileStallsForEachTile) {
  // The slot is free again when the tile has shifted out (R cycles), the next one takes one cycle
  // to come: R + 1 cycles per tile instead of R.
  constexpr std::uint64_t kTiles = 5;
  Script script;
  for (std::uint64_t i = 0; i < kTiles; ++i) {
    script(tile())(matmul(1));
  }
  ArrayConfig config = small_array();
  config.weight_fifo_tiles = 1;
  const Outcome one = run(script, config);
  for (std::uint64_t i = 0; i < kTiles; ++i) {
    EXPECT_EQ(one.start(2 * i + 1), 2 + 5 * i);
    EXPECT_EQ(one.at(2 * i).start, 5 * i) << "a slot is free when the tile before has left";
  }
  EXPECT_EQ(classes(one), (Classes{.array_active = kTiles,
                                   .weight_stall = 3 * (kTiles - 1),
                                   .weight_shift = kTiles,
                                   .non_matrix = 1 + kStationaryDrain}));
  config.weight_fifo_tiles = 2;
  const Outcome two = run(script, config);
  EXPECT_EQ(two.start(2 * kTiles - 1), 2 + 4 * (kTiles - 1));
  EXPECT_EQ(two.in(CycleClass::WeightStall), 0U);
}

TEST(Ledger, ABandwidthBoundRunStallsForTheRestOfEachTransfer) {
  // 16 bytes a tile at 2 bytes a cycle: a tile every 8 cycles.
  constexpr std::uint64_t kTiles = 4;
  Script script;
  for (std::uint64_t i = 0; i < kTiles; ++i) {
    script(tile())(matmul(4));
  }
  ArrayConfig config = small_array();
  config.memories = shared_memory(2, 0);
  const Outcome outcome = run(script, config);
  for (std::uint64_t i = 0; i < kTiles; ++i) {
    EXPECT_EQ(outcome.start(2 * i + 1), 9 + 8 * i);
  }
  EXPECT_EQ(classes(outcome), (Classes{.array_active = 4 * kTiles,
                                       .weight_stall = 7 + 3 * (kTiles - 1),
                                       .weight_shift = kTiles,
                                       .non_matrix = 1 + kStationaryDrain}));
}

TEST(Ledger, WorkOfOtherUnitsWithoutAMatmulIsNonMatrix) {
  Script script;
  script(channels())(load(16))(store(16, 64));
  const Outcome outcome = run(script);
  EXPECT_EQ(classes(outcome), (Classes{.non_matrix = 9}));
  EXPECT_EQ(outcome.cycles(), 9U);
}

TEST(Ledger, DispatchingWhileNothingMovesIsIdle) {
  // One slot: after two tiles the weights unit waits for a matmul, which comes after all tiles.
  constexpr std::uint64_t kTiles = 9;
  Script script;
  for (std::uint64_t i = 0; i < kTiles; ++i) {
    script(tile());
  }
  for (std::uint64_t i = 0; i < kTiles; ++i) {
    script(matmul(1));
  }
  ArrayConfig config = small_array();
  config.weight_fifo_tiles = 1;
  const Outcome outcome = run(script, config);
  EXPECT_EQ(outcome.at(1), (Span{5, 6}));
  EXPECT_EQ(outcome.start(kTiles), 9U);
  EXPECT_EQ(outcome.in(CycleClass::Idle), 3U) << "cycles 6, 7 and 8";
}

TEST(Ledger, AnEmptyProgramTakesNoCycle) {
  const Outcome outcome = run({});
  EXPECT_EQ(outcome.cycles(), 0U);
  EXPECT_EQ(classes(outcome), Classes{});
}

TEST(Ledger, EveryCycleBelongsToTheLayerThatWaitsOrLastFed) {
  Script script;
  script.program.nodes = {"first", "second"};
  script(tile(), {.node = 0})(matmul(4), {.node = 0})(tile(), {.node = 1})(
      matmul(1, {.accumulator = 8}), {.node = 1});
  const Outcome outcome = run(script, with_latencies(20, 0));
  // The second tile arrives in cycle 22, shifts from 24 on, after the first, and is fed without a
  // gap.
  EXPECT_EQ(outcome.start(1), 21U);
  EXPECT_EQ(outcome.start(3), 25U);
  EXPECT_EQ(classes(outcome.result.nodes[0].ledger),
            (Classes{.array_active = 4, .weight_stall = 19, .weight_shift = 1, .non_matrix = 1}));
  EXPECT_EQ(classes(outcome.result.nodes[1].ledger),
            (Classes{.array_active = 1, .non_matrix = kStationaryDrain}));
}

}  // namespace
}  // namespace systol::test
