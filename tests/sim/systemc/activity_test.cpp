// What flowed, exactly: the base of the energy account.
#include <gtest/gtest.h>

#include "tests/sim/systemc/small_machine.h"

namespace systol::test {
namespace {

constexpr auto kWeights = static_cast<std::size_t>(Space::Weights);
constexpr auto kActivations = static_cast<std::size_t>(Space::Activations);

TEST(Activity, OfAMatmulThatFillsTheArray) {
  Script script;
  script.put(Space::Weights, 0, std::vector<std::uint8_t>(16, 1));
  script.put(Space::Activations, 0, std::vector<std::uint8_t>(12, 1));
  script(tile())(load(12), {.signal = {Unit::Matrix}})(matmul(3), {.wait = {Unit::Load}});
  Activity expected;
  expected.macs_useful = 3 * 16;
  expected.fed_rows = 3;
  expected.shifted_rows = 4;
  expected.accumulator_writes = 3 * 4;
  expected.buffer_read_bytes = 12;
  expected.buffer_write_bytes = 12;
  expected.fifo_read_bytes = 16;
  expected.fifo_write_bytes = 16;
  expected.memory_read_bytes[kWeights] = 16;
  expected.memory_read_bytes[kActivations] = 12;
  EXPECT_EQ(run(script).result.activity(), expected);
}

TEST(Activity, ARaggedTileLeavesSlotsUnusedAndMovesNoPaddingThroughMemories) {
  Script script;
  script.put(Space::Weights, 0, std::vector<std::uint8_t>(6, 1));
  script.put(Space::Activations, 0, std::vector<std::uint8_t>(15, 1));
  script(tile(3, 2))(load(15), {.signal = {Unit::Matrix}})(matmul(5, {.depth = 3, .columns = 2}),
                                                           {.wait = {Unit::Load}});
  const Activity activity = run(script).result.activity();
  EXPECT_EQ(activity.macs_useful, 5U * 3 * 2);
  EXPECT_EQ(activity.macs_unused, 5U * (16 - 6));
  EXPECT_EQ(activity.macs_zero, 0U);
  EXPECT_EQ(activity.shifted_rows, 4U) << "padding rows shift too";
  EXPECT_EQ(activity.accumulator_writes, 5U * 2);
  EXPECT_EQ(activity.fifo_write_bytes, 6U);
  EXPECT_EQ(activity.fifo_read_bytes, 6U);
  EXPECT_EQ(activity.memory_read_bytes[kWeights], 6U);
  EXPECT_EQ(activity.buffer_read_bytes, 15U);
}

TEST(Activity, EveryMacWithAZeroOperandIsCountedOnce) {
  // Weights: row 0 has two zeros, row 1 none, row 2 three, row 3 is all zeros.
  Script script;
  script.put(Space::Weights, 0, {0, 0, 1, 2, 3, 4, 5, 6, 0, 0, 0, 7, 0, 0, 0, 0});
  script.put(Space::Activations, 0,
             {1, 1, 1, 1,    // 2 + 0 + 3 + 4
              0, 1, 0, 0,    // 4 + 0 + 4 + 4
              255, 0, 2, 0,  // 2 + 4 + 3 + 4
              0, 0, 0, 0});  // all
  script(tile())(load(16), {.signal = {Unit::Matrix}})(matmul(4), {.wait = {Unit::Load}});
  const Activity activity = run(script).result.activity();
  EXPECT_EQ(activity.macs_zero, 9U + 12U + 13U + 16U);
  EXPECT_EQ(activity.macs_useful, 64U) << "gated or not, it is part of the product";
}

TEST(Activity, AdditionsReadTheAccumulatorsAndOverwritingDoesNot) {
  Script script;
  script(tile())(matmul(3))(matmul(2, {.add = true, .reuse = true}));
  const Activity activity = run(script).result.activity();
  EXPECT_EQ(activity.accumulator_writes, 3U * 4 + 2 * 4);
  EXPECT_EQ(activity.accumulator_reads, 2U * 4);
  EXPECT_EQ(activity.fed_rows, 5U);
  EXPECT_EQ(activity.shifted_rows, 4U) << "one tile";
}

TEST(Activity, OfTheActivationUnit) {
  Script script;
  script(isa::SetTable{1024})(channels(3))(activate(5, 256, 0, 3));
  Activity expected;
  expected.buffer_read_bytes = 256 + 9 * 3;
  expected.buffer_write_bytes = 15;
  expected.accumulator_reads = 15;
  expected.requantised = 15;
  EXPECT_EQ(run(script).result.activity(), expected);
  std::get<isa::Activate>(script.program.commands[2].operation).table = true;
  expected.table_lookups = 15;
  EXPECT_EQ(run(script).result.activity(), expected);
}

TEST(Activity, OfAProductInPlace) {
  Script script;
  script.put(Space::Weights, 0, std::vector<std::uint8_t>(16, 1));
  script.put(Space::Activations, 0, std::vector<std::uint8_t>(12, 1));
  script(tile())(load(12), {.signal = {Unit::Matrix}})(in_place(4, {.rows = 3}),
                                                       {.wait = {Unit::Load}});
  Activity expected;
  expected.macs_useful = 4 * 3 * 4;
  expected.macs_unused = 4 * (16 - 12);
  expected.fed_rows = 4;
  expected.drained_rows = 4;  // those of no sample leave, too
  expected.accumulator_writes = 3 * 4;
  expected.buffer_read_bytes = 12;
  expected.buffer_write_bytes = 12;
  expected.fifo_read_bytes = 16;
  expected.fifo_write_bytes = 16;
  expected.memory_read_bytes[kWeights] = 16;
  expected.memory_read_bytes[kActivations] = 12;
  EXPECT_EQ(run(script, in_place_array()).result.activity(), expected);
}

TEST(Activity, SumsInPlaceMeetTheAccumulatorsOnlyWhenTheyDrain) {
  Script script;
  script(tile(2))(in_place(2, {.drain = false}))(tile(3))(
      in_place(3, {.begin = false, .drain = false}))(tile(1))(in_place(1, {.begin = false}));
  const Activity activity = run(script, in_place_array(4, 6)).result.activity();
  EXPECT_EQ(activity.fed_rows, 2U + 3 + 1);
  EXPECT_EQ(activity.drained_rows, 4U) << "one product";
  EXPECT_EQ(activity.shifted_rows, 0U);
  EXPECT_EQ(activity.accumulator_writes, 16U);
  EXPECT_EQ(activity.accumulator_reads, 0U);
  EXPECT_EQ(activity.macs_useful, 6U * 16);
  EXPECT_EQ(activity.macs_unused, 6U * (24 - 16));
  EXPECT_EQ(activity.fifo_read_bytes, 6U * 4);
}

TEST(Activity, EveryMacInPlaceWithAZeroOperandIsCountedOnce) {
  // As above. Step by step, samples and weights that are not zero: 2 and 2, 2 and 4, 2 and 1, 1
  // and none.
  Script script;
  script.put(Space::Weights, 0, {0, 0, 1, 2, 3, 4, 5, 6, 0, 0, 0, 7, 0, 0, 0, 0});
  script.put(Space::Activations, 0, {1, 1, 1, 1, 0, 1, 0, 0, 255, 0, 2, 0, 0, 0, 0, 0});
  script(tile())(load(16), {.signal = {Unit::Matrix}})(in_place(4), {.wait = {Unit::Load}});
  const Activity activity = run(script, in_place_array()).result.activity();
  EXPECT_EQ(activity.macs_zero, 64U - (4 + 8 + 2));
  EXPECT_EQ(activity.macs_useful, 64U);
}

TEST(Activity, OfATileFromTheBuffer) {
  Script script;
  script(load_tile(3, 2, 512))(matmul(1, {.buffer = 1024, .depth = 3, .columns = 2}));
  const Activity activity = run(script).result.activity();
  EXPECT_EQ(activity.buffer_read_bytes, 6U + 3);
  EXPECT_EQ(activity.fifo_write_bytes, 6U);
  EXPECT_EQ(activity.fifo_read_bytes, 6U);
  EXPECT_EQ(activity.shifted_rows, 4U);
  EXPECT_EQ(activity.memory_read_bytes[kWeights], 0U);
  EXPECT_EQ(activity.memory_read_bytes[kActivations], 0U);
}

TEST(Activity, OfATransposedActivation) {
  Script script;
  script(isa::SetTable{1024})(activate_transposed(5, 256, 3));
  Activity expected;
  expected.buffer_read_bytes = 256 + 9 * 5;
  expected.buffer_write_bytes = 15;
  expected.accumulator_reads = 15;
  expected.requantised = 15;
  EXPECT_EQ(run(script).result.activity(), expected);
  std::get<isa::ActivateTransposed>(script.program.commands[1].operation).table = true;
  expected.table_lookups = 15;
  EXPECT_EQ(run(script).result.activity(), expected);
}

TEST(Activity, OfSoftmax) {
  Script script;
  script(isa::Softmax{0, 10, 1024, 10, 4096, 3, 10});
  Activity expected;
  expected.softmax_elements = 30;
  expected.buffer_read_bytes = 2 * 30 + 512;
  expected.buffer_write_bytes = 30;
  EXPECT_EQ(run(script).result.activity(), expected);
}

TEST(Activity, OfAStore) {
  Script script;
  script(store(24));
  Activity expected;
  expected.buffer_read_bytes = 24;
  expected.memory_write_bytes[kActivations] = 24;
  EXPECT_EQ(run(script).result.activity(), expected);
}

TEST(Activity, BelongsToTheLayerOfItsCommand) {
  Script script;
  script.program.layers = {"a", "b", "unused"};
  script(tile(), {.layer = 1})(load(16, 512), {.layer = 0})(matmul(2), {.layer = 1});
  const Outcome outcome = run(script);
  ASSERT_EQ(outcome.result.layers.size(), 3U);
  EXPECT_EQ(outcome.result.layers[0].activity.memory_read_bytes[kActivations], 16U);
  EXPECT_EQ(outcome.result.layers[0].activity.macs_useful, 0U);
  EXPECT_EQ(outcome.result.layers[1].activity.macs_useful, 32U);
  EXPECT_EQ(outcome.result.layers[1].activity.shifted_rows, 4U);
  EXPECT_EQ(outcome.result.layers[2].activity, Activity{});
}

}  // namespace
}  // namespace systol::test
