// What flowed, exactly: the base of the energy account.
#include <gtest/gtest.h>

#include "tests/sim/systemc/small_machine.h"

namespace systol::test {
namespace {

TEST(Activity, OfAMatmulThatFillsTheArray) {
  Script script;
  script.put(Space::Weights, 0, std::vector<std::uint8_t>(16, 1));
  script.put(Space::Activations, 0, std::vector<std::uint8_t>(12, 1));
  script(tile())(load(12), {.signal = {Unit::Matrix}})(matmul(3), {.wait = {Unit::Load}});
  Activity expected;
  expected[Action::FedValues] = 12;
  // A shadow row at a time, all at once as they become active, and three rows of operands and sums.
  expected[Action::PeClockedBits] = 4 * 4 * 9 + 16 * 9 + 3 * 16 * (9 + 32);
  // 1 + 2 + 3 registers of weights, the same of activations; four sums, and 3 + 2 + 1 on their way.
  expected[Action::SkewClockedBits] = 4 * 6 * 9 + 3 * (6 * 9 + 10 * 32);
  expected[Action::MacsUseful] = 3 * 16;
  expected[Action::ActivationToggles] = 4 * 4;  // from 0 to 1 once in each PE
  expected[Action::ProductToggles] = 4 * 4;
  expected[Action::WeightToggles] = 16;
  expected[Action::WeightBusToggles] = 4 * 4;
  expected[Action::FedRows] = 3;
  expected[Action::ShiftedRows] = 4;
  expected[Action::AccumulatorWrites] = 3 * 4;
  expected[Action::BufferReadBytes] = 12;
  expected[Action::BufferWriteBytes] = 12;
  expected[Action::FifoReadBytes] = 16;
  expected[Action::FifoWriteBytes] = 16;
  expected[memory_read(Space::Weights)] = 16;
  expected[memory_read(Space::Activations)] = 12;
  EXPECT_EQ(run(script).result.activity(), expected);
}

TEST(Activity, ARaggedTileLeavesSlotsUnusedAndMovesNoPaddingThroughMemories) {
  Script script;
  script.put(Space::Weights, 0, std::vector<std::uint8_t>(6, 1));
  script.put(Space::Activations, 0, std::vector<std::uint8_t>(15, 1));
  script(tile(3, 2))(load(15), {.signal = {Unit::Matrix}})(matmul(5, {.depth = 3, .columns = 2}),
                                                           {.wait = {Unit::Load}});
  const Activity activity = run(script).result.activity();
  EXPECT_EQ(activity[Action::MacsUseful], 5U * 3 * 2);
  EXPECT_EQ(activity[Action::MacsUnused], 5U * (16 - 6));
  EXPECT_EQ(activity[Action::MacsZero], 0U);
  EXPECT_EQ(activity[Action::ShiftedRows], 4U) << "padding rows shift too";
  EXPECT_EQ(activity[Action::AccumulatorWrites], 5U * 2);
  EXPECT_EQ(activity[Action::FifoWriteBytes], 6U);
  EXPECT_EQ(activity[Action::FifoReadBytes], 6U);
  EXPECT_EQ(activity[memory_read(Space::Weights)], 6U);
  EXPECT_EQ(activity[Action::BufferReadBytes], 15U);
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
  EXPECT_EQ(activity[Action::MacsZero], 9U + 12U + 13U + 16U);
  EXPECT_EQ(activity[Action::MacsUseful], 64U) << "gated or not, it is part of the product";
}

TEST(Activity, BitsThatChangeAreThoseFromRowToRowAndFromTileToTile) {
  // Weights: row 0 is 3 in column 0, row 1 is -1 in column 1; then row 0 is 1 in column 0.
  Script script;
  std::vector<std::uint8_t> weights(32);
  weights[0] = 3;
  weights[5] = 255;
  weights[16] = 1;
  script.put(Space::Weights, 0, weights);
  script.put(Space::Activations, 0,
             {1, 128, 0, 0,  // 1 and 1 bits come, the second a sign
              1, 0, 0, 0,    // 1 goes
              3, 0, 0, 0});  // with the second tile: 1 comes
  script(tile())(tile(4, 4, 16))(load(12), {.signal = {Unit::Matrix}})(
      matmul(2), {.wait = {Unit::Load}})(matmul(1, {.buffer = 8}));
  const Activity activity = run(script).result.activity();
  EXPECT_EQ(activity[Action::ActivationToggles], 4U * (2 + 1 + 1));
  EXPECT_EQ(activity[Action::ProductToggles], (2U + 8)  // 1 meets 3, and 128 meets -1
                                                  + 8   // 128 goes
                                                  + 2)  // 1 x 3 becomes 3 x 1: bit 1 moves
      << "of one row, as it was 0b11, 0 and is 0b1, 0b1";
  EXPECT_EQ(activity[Action::SignToggles], 1U + 1) << "-(-1) is one bit, which comes and goes";
  EXPECT_EQ(activity[Action::WeightToggles], 2U + 8 + (1 + 8));
  EXPECT_EQ(activity[Action::WeightBusToggles], 4U * (2 + (2 + 8) + 8 + 0 + 1 + 1));
}

TEST(Activity, AdditionsReadTheAccumulatorsAndOverwritingDoesNot) {
  Script script;
  script(tile())(matmul(3))(matmul(2, {.add = true, .reuse = true}));
  const Activity activity = run(script).result.activity();
  EXPECT_EQ(activity[Action::AccumulatorWrites], 3U * 4 + 2 * 4);
  EXPECT_EQ(activity[Action::AccumulatorReads], 2U * 4);
  EXPECT_EQ(activity[Action::FedRows], 5U);
  EXPECT_EQ(activity[Action::ShiftedRows], 4U) << "one tile";
}

TEST(Activity, OfTheActivationUnit) {
  Script script;
  script(isa::SetTable{1024})(channels(3))(activate(5, 256, 0, 3));
  Activity expected;
  expected[Action::BufferReadBytes] = 256 + 9 * 3;
  expected[Action::BufferWriteBytes] = 15;
  expected[Action::AccumulatorReads] = 15;
  expected[Action::Requantised] = 15;
  EXPECT_EQ(run(script).result.activity(), expected);
  std::get<isa::Activate>(script.program.commands[2].operation).requantisation.table = true;
  expected[Action::TableLookups] = 15;
  EXPECT_EQ(run(script).result.activity(), expected);
}

TEST(Activity, OfTheActivationUnitWithResiduals) {
  Script script;
  script(isa::SetTable{1024})(channels(3))(activate_add(5, 256, 512, 3));
  Activity expected;
  expected[Action::BufferReadBytes] = 256 + 9 * 3 + 15;
  expected[Action::BufferWriteBytes] = 15;
  expected[Action::AccumulatorReads] = 15;
  expected[Action::Requantised] = 2 * 15;
  expected[Action::VectorOperations] = 15;
  expected[Action::VectorMultiplications] = 2 * 15;
  EXPECT_EQ(run(script).result.activity(), expected);
  std::get<isa::ActivateAdd>(script.program.commands[2].operation).requantisation.table = true;
  expected[Action::TableLookups] = 15;
  EXPECT_EQ(run(script).result.activity(), expected);
}

TEST(Activity, OfAProductOutputStationary) {
  Script script;
  script.put(Space::Weights, 0, std::vector<std::uint8_t>(16, 1));
  script.put(Space::Activations, 0, std::vector<std::uint8_t>(12, 1));
  script(tile())(load(12), {.signal = {Unit::Matrix}})(output_stationary(4, {.rows = 3}),
                                                       {.wait = {Unit::Load}});
  Activity expected;
  expected[Action::FedValues] = 12;
  // Steps move both operands and the sums; four rows of sums are copied, and pass 3 + 2 + 1 rows.
  expected[Action::PeClockedBits] = 4 * 16 * (9 + 9 + 32) + 4 * (4 + 6) * 32;
  expected[Action::SkewClockedBits] = 4 * (6 + 6) * 9 + 4 * (4 + 6) * 32;
  expected[Action::MacsUseful] = 4 * 3 * 4;
  expected[Action::MacsUnused] = 4 * (16 - 12);
  expected[Action::ActivationToggles] = 3 * 4;
  expected[Action::ProductToggles] = 3 * 4;
  expected[Action::WeightToggles] = 4 * 4;
  expected[Action::FedRows] = 4;
  expected[Action::DrainedRows] = 4;  // those of no sample leave, too
  expected[Action::AccumulatorWrites] = 3 * 4;
  expected[Action::BufferReadBytes] = 12;
  expected[Action::BufferWriteBytes] = 12;
  expected[Action::FifoReadBytes] = 16;
  expected[Action::FifoWriteBytes] = 16;
  expected[memory_read(Space::Weights)] = 16;
  expected[memory_read(Space::Activations)] = 12;
  EXPECT_EQ(run(script, output_stationary_array()).result.activity(), expected);
}

TEST(Activity, OutputStationaryMeetTheAccumulatorsOnlyWhenTheyDrain) {
  Script script;
  script(tile(2))(output_stationary(2, {.drain = false}))(tile(3))(output_stationary(
      3, {.begin = false, .drain = false}))(tile(1))(output_stationary(1, {.begin = false}));
  const Activity activity = run(script, output_stationary_array(4, 6)).result.activity();
  EXPECT_EQ(activity[Action::FedRows], 2U + 3 + 1);
  EXPECT_EQ(activity[Action::DrainedRows], 4U) << "one product";
  EXPECT_EQ(activity[Action::ShiftedRows], 0U);
  EXPECT_EQ(activity[Action::AccumulatorWrites], 16U);
  EXPECT_EQ(activity[Action::AccumulatorReads], 0U);
  EXPECT_EQ(activity[Action::MacsUseful], 6U * 16);
  EXPECT_EQ(activity[Action::MacsUnused], 6U * (24 - 16));
  EXPECT_EQ(activity[Action::FifoReadBytes], 6U * 4);
}

TEST(Activity, EveryMacOutputStationaryWithAZeroOperandIsCountedOnce) {
  // As above. Step by step, samples and weights that are not zero: 2 and 2, 2 and 4, 2 and 1, 1
  // and none.
  Script script;
  script.put(Space::Weights, 0, {0, 0, 1, 2, 3, 4, 5, 6, 0, 0, 0, 7, 0, 0, 0, 0});
  script.put(Space::Activations, 0, {1, 1, 1, 1, 0, 1, 0, 0, 255, 0, 2, 0, 0, 0, 0, 0});
  script(tile())(load(16), {.signal = {Unit::Matrix}})(output_stationary(4),
                                                       {.wait = {Unit::Load}});
  const Activity activity = run(script, output_stationary_array()).result.activity();
  EXPECT_EQ(activity[Action::MacsZero], 64U - (4 + 8 + 2));
  EXPECT_EQ(activity[Action::MacsUseful], 64U);
}

TEST(Activity, OfATileFromTheBuffer) {
  Script script;
  script(load_tile(3, 2, 512))(matmul(1, {.buffer = 1024, .depth = 3, .columns = 2}));
  const Activity activity = run(script).result.activity();
  EXPECT_EQ(activity[Action::BufferReadBytes], 6U + 3);
  EXPECT_EQ(activity[Action::FifoWriteBytes], 6U);
  EXPECT_EQ(activity[Action::FifoReadBytes], 6U);
  EXPECT_EQ(activity[Action::ShiftedRows], 4U);
  EXPECT_EQ(activity[memory_read(Space::Weights)], 0U);
  EXPECT_EQ(activity[memory_read(Space::Activations)], 0U);
}

TEST(Activity, OfATransposedActivation) {
  Script script;
  script(isa::SetTable{1024})(activate_transposed(5, 256, 3));
  Activity expected;
  expected[Action::BufferReadBytes] = 256 + 9 * 5;
  expected[Action::BufferWriteBytes] = 15;
  expected[Action::AccumulatorReads] = 15;
  expected[Action::Requantised] = 15;
  EXPECT_EQ(run(script).result.activity(), expected);
  std::get<isa::ActivateTransposed>(script.program.commands[1].operation).requantisation.table =
      true;
  expected[Action::TableLookups] = 15;
  EXPECT_EQ(run(script).result.activity(), expected);
}

TEST(Activity, OfSoftmax) {
  Script script;
  script(isa::Softmax{{0, 3, 10}, {1024, 3, 10}, 4096, 10});
  Activity expected;
  expected[Action::SoftmaxElements] = 30;
  expected[Action::BufferReadBytes] = 2 * 30 + 512;
  expected[Action::BufferWriteBytes] = 30;
  EXPECT_EQ(run(script).result.activity(), expected);
}

TEST(Activity, OfAVector) {
  isa::Vector op;
  op.operation = isa::LaneOperation::Add;
  op.columns = 5;
  op.wide_a = true;
  op.a = isa::Walk(0, 3, 10);
  op.b = isa::Walk(512, 3, 5);
  op.a_window = op.b_window = isa::Walk(0, 2, 20);
  op.destination = isa::Walk(2048, 3, 5);
  op.channels = true;
  op.planes = 1024;
  op.table = true;
  op.entries = 1536;
  Script script;
  script(op);
  Activity expected;
  expected[Action::VectorOperations] = 3 * 2 * 5;
  expected[Action::VectorMultiplications] = 2 * 3 * 2 * 5;
  expected[Action::Requantised] = 15;
  expected[Action::TableLookups] = 15;
  expected[Action::BufferReadBytes] = 30 * (2 + 1) + 9 * 5 + 256;
  expected[Action::BufferWriteBytes] = 15;
  EXPECT_EQ(run(script).result.activity(), expected);
}

TEST(Activity, OfAFill) {
  isa::Vector op;
  op.operation = isa::LaneOperation::Fill;
  op.columns = 5;
  op.destination = isa::Walk(2048, 3, 10);
  op.wide_destination = true;
  op.shift = 1;
  Script script;
  script(op);
  Activity expected;
  expected[Action::VectorOperations] = 15;
  expected[Action::Requantised] = 15;
  expected[Action::BufferWriteBytes] = 30;
  EXPECT_EQ(run(script).result.activity(), expected);
}

TEST(Activity, OfANormalise) {
  isa::Normalise op;
  op.columns = 10;
  op.source = isa::Walk(0, 3, 10);
  op.destination = isa::Walk(1024, 3, 20);
  Script script;
  script(op);
  Activity expected;
  expected[Action::NormalisedElements] = 30;
  expected[Action::BufferReadBytes] = 2 * 30;
  expected[Action::BufferWriteBytes] = 2 * 30;
  EXPECT_EQ(run(script).result.activity(), expected);
}

TEST(Activity, OfAStore) {
  Script script;
  script(store(24));
  Activity expected;
  expected[Action::BufferReadBytes] = 24;
  expected[memory_write(Space::Activations)] = 24;
  EXPECT_EQ(run(script).result.activity(), expected);
}

TEST(Activity, BelongsToTheLayerOfItsCommand) {
  Script script;
  script.program.nodes = {"a", "b", "unused"};
  script(tile(), {.node = 1})(load(16, 512), {.node = 0})(matmul(2), {.node = 1});
  const Outcome outcome = run(script);
  ASSERT_EQ(outcome.result.nodes.size(), 3U);
  EXPECT_EQ(outcome.result.nodes[0].activity[memory_read(Space::Activations)], 16U);
  EXPECT_EQ(outcome.result.nodes[0].activity[Action::MacsUseful], 0U);
  EXPECT_EQ(outcome.result.nodes[1].activity[Action::MacsUseful], 32U);
  EXPECT_EQ(outcome.result.nodes[1].activity[Action::ShiftedRows], 4U);
  EXPECT_EQ(outcome.result.nodes[2].activity, Activity{});
}

}  // namespace
}  // namespace systol::test
