// hw/TIMING.md, "The commands": load_tile, and what an input-stationary program makes of it.
#include <gtest/gtest.h>

#include "tests/sim/systemc/small_machine.h"

namespace systol::test {
namespace {

TEST(LoadTile, TakesACyclePerRowAndItsMatmulOneMore) {
  for (const std::uint32_t rows : {1U, 3U, 4U}) {
    Script script;
    script(load_tile(rows))(matmul(2, {.buffer = 64, .depth = rows}));
    const Outcome outcome = run(script);
    EXPECT_EQ(outcome.at(0), (Span{0, rows})) << rows;
    EXPECT_EQ(outcome.start(1), rows + 1) << "it begins to shift in the cycle in which it arrives";
  }
}

TEST(LoadTile, IsOneAtATime) {
  Script script;
  script(load_tile(4))(load_tile(2))(tile())(load_tile(3));
  for (int i = 0; i < 4; ++i) {
    script(matmul(1, {.buffer = 64, .depth = 2}));
  }
  const Outcome outcome = run(script);
  EXPECT_EQ(outcome.at(0), (Span{0, 4}));
  EXPECT_EQ(outcome.at(1), (Span{4, 6}));
  EXPECT_EQ(outcome.at(2), (Span{6, 7})) << "weights from memory wait until after it";
  EXPECT_EQ(outcome.at(3), (Span{7, 10})) << "and occupy the unit for a cycle";
}

TEST(LoadTile, CompletesBehindWeightsThatWereAskedForBefore) {
  ArrayConfig config = small_array();
  config.memories = shared_memory(0, 20);
  Script script;
  script(tile())(load_tile(4, 4, 512))(matmul(1))(matmul(1, {.accumulator = 1}));
  const Outcome outcome = run(script, config);
  EXPECT_EQ(outcome.at(0), (Span{0, 20}));
  EXPECT_EQ(outcome.at(1), (Span{1, 20}));
}

TEST(LoadTile, NeedsASlotOfTheFifo) {
  ArrayConfig config = small_array();
  config.weight_fifo_tiles = 1;
  Script script;
  script(load_tile(4))(load_tile(4))(matmul(1, {.buffer = 64}))(matmul(1, {.buffer = 64}));
  const Outcome outcome = run(script, config);
  EXPECT_EQ(outcome.at(0), (Span{0, 4}));
  EXPECT_EQ(outcome.at(1), (Span{8, 12})) << "the first has shifted in cycles 4 to 7";
  EXPECT_EQ(outcome.start(3), 13U);
}

TEST(LoadTile, WaitsForTheBytesItReads) {
  ArrayConfig config = small_array();
  config.memories = shared_memory(0, 20);
  Script script;
  script(load(16), {.signal = {Unit::Weights}})(load_tile(),
                                                {.wait = {Unit::Load}})(matmul(4, {.buffer = 64}));
  const Outcome outcome = run(script, config);
  EXPECT_EQ(outcome.at(1), (Span{20, 24}));
  EXPECT_EQ(outcome.start(2), 25U);
  // The matmul is dispatched in cycle 2; the tile shifts from cycle 24 on.
  EXPECT_EQ(
      classes(outcome),
      (Classes{.array_active = 4, .weight_stall = 22, .weight_shift = 1, .non_matrix = 2 + 8}));
}

/// Nine planes of two channels: no bias, times 2^30, shifted back by 30 and by 31.
std::vector<std::uint8_t> whole_and_half() {
  std::vector<std::uint8_t> planes(18);
  planes[14] = planes[15] = 0x40;
  planes[16] = 30;
  planes[17] = 31;
  return planes;
}

TEST(LoadTile, ASampleIsAColumnAndAChannelARow) {
  // The samples (5, 6) and (-1, 10) stay; the channels (1, 3) and (2, 4) are fed.
  Script script;
  script.put(Space::Weights, 0, {1, 3, 2, 4});
  script.put(Space::Weights, 64, whole_and_half());
  script.put(Space::Activations, 0, {5, 6, 0xff, 10});
  script(load(18, 7000, Space::Weights, 64))(load(4, 128, Space::Weights))(
      load(4), {.signal = {Unit::Weights, Unit::Matrix}});
  script(load_tile(2, 2), {.wait = {Unit::Load}})(
      matmul(2, {.buffer = 128, .depth = 2, .columns = 2}),
      {.wait = {Unit::Load}, .signal = {Unit::Activate}});
  isa::ActivateTransposed activation = activate_transposed(2, 256, 2);
  activation.buffer = {256, 2, 3};
  script(activation, {.wait = {Unit::Matrix}, .signal = {Unit::Store}})(store(5, 256),
                                                                        {.wait = {Unit::Activate}});
  const Outcome outcome = run(script);
  // 23, 34 / 2 and 29, 38 / 2; a byte in between is nobody's.
  const auto stored = outcome.memory.space(Space::Activations).subspan(2048, 5);
  EXPECT_EQ((std::vector<std::uint8_t>{stored.begin(), stored.end()}),
            (std::vector<std::uint8_t>{23, 17, 0, 29, 19}));
}

TEST(LoadTile, WithoutTranspositionAPieceIsARow) {
  // (1, 2) times the rows (5, 6) and (-1, 10), which lie three bytes apart.
  Script script;
  script.put(Space::Weights, 64, whole_and_half());
  script.put(Space::Activations, 0, {5, 6, 0, 0xff, 10, 0, 1, 2});
  script(load(18, 7000, Space::Weights, 64), {.signal = {Unit::Activate}})(
      load(8), {.signal = {Unit::Weights, Unit::Matrix}});
  script(isa::LoadTile{{0, 2, 3}, 2, false}, {.wait = {Unit::Load}})(
      matmul(1, {.buffer = 6, .depth = 2, .columns = 2}),
      {.wait = {Unit::Load}, .signal = {Unit::Activate}});
  script(isa::SetChannels{7000, 2}, {.wait = {Unit::Load}})(activate(1, 256, 0, 2),
                                                            {.wait = {Unit::Matrix}});
  const Outcome outcome = run(script);
  EXPECT_EQ(outcome.at(2).end - outcome.at(2).start, 2U) << "a row a cycle";
  EXPECT_EQ(outcome.rows, (std::vector<std::vector<std::int8_t>>{{3, 13}})) << "3 and 26 / 2";
}

}  // namespace
}  // namespace systol::test
