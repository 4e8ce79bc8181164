// hw/TIMING.md, "The commands": the vector unit's. What is computed is compared with the fast
// engine.
#include <gtest/gtest.h>

#include "tests/sim/systemc/small_machine.h"

namespace systol::test {
namespace {

/// `pieces` pieces of `columns` values, with a window of `places`.
isa::Vector vector(std::uint32_t columns, std::uint64_t pieces, std::uint64_t places = 1) {
  isa::Vector op;
  op.operation = isa::LaneOperation::Add;
  op.columns = columns;
  op.a = isa::Walk(0, pieces, columns);
  op.b = isa::Walk(512, pieces, columns);
  op.a_window = op.b_window = isa::Walk(0, places, 1);
  op.destination = isa::Walk(2048, pieces, columns);
  op.a_multiplier = op.b_multiplier = 1;
  op.multiplier = isa::kUnitMultiplier;
  op.shift = isa::kUnitShift;
  return op;
}

std::uint64_t cycles_of(const isa::Operation& operation, std::uint32_t lanes) {
  Script script;
  script(operation);
  const Outcome outcome = run(script, small_array(4, lanes));
  EXPECT_EQ(outcome.at(0).start, 0U);
  return outcome.at(0).end;
}

TEST(Vector, TakesACycleForEachPlaceOfEachPieceAndSevenMore) {
  EXPECT_EQ(cycles_of(vector(1, 1), 4), 8U);
  EXPECT_EQ(cycles_of(vector(4, 3), 4), 10U);
  EXPECT_EQ(cycles_of(vector(5, 3), 4), 13U) << "two groups of lanes";
  EXPECT_EQ(cycles_of(vector(4, 3, 6), 4), 25U);
  EXPECT_EQ(cycles_of(vector(9, 2, 6), 4), 43U);
  EXPECT_EQ(cycles_of(vector(9, 2, 6), 1), 115U);
  EXPECT_EQ(cycles_of(vector(9, 2, 6), 16), 19U);
}

TEST(Vector, FillHasNoWindow) {
  isa::Vector op = vector(4, 3, 6);
  op.operation = isa::LaneOperation::Fill;
  EXPECT_EQ(cycles_of(op, 4), 10U);
}

TEST(Vector, TheTableComesFirst) {
  isa::Vector op = vector(4, 3);
  op.table = true;
  op.entries = 1024;
  EXPECT_EQ(cycles_of(op, 4), 64U + 10U);
  EXPECT_EQ(cycles_of(op, 5), 52U + 10U);
  EXPECT_EQ(cycles_of(op, 1), 256U + 12U + 7U);
}

TEST(Vector, WithChannelsEachGroupHasItsPlanesAndDrains) {
  isa::Vector op = vector(4, 3, 2);
  op.channels = true;
  op.planes = 1024;
  EXPECT_EQ(cycles_of(op, 4), 9U + 6U + 7U);
  EXPECT_EQ(cycles_of(op, 2), 2 * (9U + 6U + 7U));
  op.table = true;
  op.entries = 1536;
  EXPECT_EQ(cycles_of(op, 3), 86U + 2 * (9U + 6U + 7U));
}

TEST(Vector, OneCommandFollowsAnother) {
  Script script;
  script(vector(4, 3))(vector(4, 1));
  const Outcome outcome = run(script);
  EXPECT_EQ(outcome.at(0), (Span{0, 10}));
  EXPECT_EQ(outcome.at(1), (Span{10, 18}));
}

TEST(Vector, AStoreThatWaitsForItFindsAllValues) {
  Script script;
  script.put(Space::Activations, 0, {1, 2, 3, 4, 5, 250});
  isa::Vector op = vector(3, 2);
  script(load(6), {.signal = {Unit::Vector}})(op, {.wait = {Unit::Load}, .signal = {Unit::Store}})(
      store(6, 2048), {.wait = {Unit::Vector}});
  const Outcome outcome = run(script);
  EXPECT_EQ(outcome.at(1), (Span{1, 1 + 2 + 7}));
  EXPECT_EQ(outcome.at(2).start, 10U);
  const auto stored = outcome.memory.space(Space::Activations).subspan(2048, 6);
  EXPECT_EQ(std::vector<int>(stored.begin(), stored.end()), (std::vector<int>{1, 2, 3, 4, 5, 250}));
}

TEST(Vector, RowsAreShownWhenAllTheirLanesAreThere) {
  Script script;
  isa::Vector op = vector(5, 2);
  op.operation = isa::LaneOperation::Fill;
  op.zero_point = 7;
  script(op);
  EXPECT_EQ(run(script).rows, (std::vector<std::vector<std::int8_t>>(2, {7, 7, 7, 7, 7})));
  op.wide_destination = true;
  op.maximum = 300;
  op.zero_point = 260;
  op.columns = 1;
  Script wide;
  wide(op);
  EXPECT_EQ(run(wide).rows, (std::vector<std::vector<std::int8_t>>(2, {4, 1})));
}

TEST(Vector, RunsBesideTheActivationUnit) {
  Script script;
  script(channels())(activate(30, 256))(vector(4, 30));
  const Outcome outcome = run(script);
  EXPECT_EQ(outcome.at(1), (Span{9, 9 + 35}));
  EXPECT_EQ(outcome.at(2), (Span{2, 2 + 37}));
}

TEST(Vector, SoftmaxTakesThreePassesAndFortyCyclesPerRow) {
  for (const auto& [n, columns] : {std::pair{10U, 4U}, {10U, 16U}, {1U, 1U}, {5U, 4U}, {4U, 4U}}) {
    for (const std::uint32_t rows : {1U, 3U}) {
      Script script;
      script(isa::Softmax{{0, rows, n}, {1024, rows, n}, 4096, n});
      const std::uint64_t passes = (n + columns - 1) / columns;
      EXPECT_EQ(run(script, small_array(4, columns)).at(0), (Span{0, rows * (3 * passes + 40)}))
          << n << " on " << columns << " lanes, " << rows << " rows";
    }
  }
}

TEST(Vector, NormaliseTakesTwoPassesAndSeventyNineCyclesPerRow) {
  for (const auto& [n, columns] : {std::pair{10U, 4U}, {10U, 16U}, {1U, 1U}, {5U, 4U}, {4U, 4U}}) {
    for (const std::uint32_t rows : {1U, 3U}) {
      Script script;
      isa::Normalise op;
      op.source = isa::Walk(0, rows, n);
      op.destination = isa::Walk(1024, rows, 2 * n);
      op.columns = n;
      script(op);
      const std::uint64_t passes = (n + columns - 1) / columns;
      EXPECT_EQ(run(script, small_array(4, columns)).at(0), (Span{0, rows * (2 * passes + 79)}))
          << n << " on " << columns << " lanes, " << rows << " rows";
    }
  }
}

TEST(Vector, NormaliseMayTakeValuesThatLieApart) {
  Script script;
  script.put(Space::Activations, 0, {1, 10, 255, 20});  // rows 1, -1 and 10, 20
  isa::Normalise op;
  op.source = isa::Walk(0, 2, 1);
  op.source_stride = 2;
  op.destination = isa::Walk(1024, 2, 2);
  op.destination_stride = 4;
  op.columns = 2;
  script(load(4), {.signal = {Unit::Vector}})(op, {.wait = {Unit::Load}, .signal = {Unit::Store}})(
      store(8, 1024), {.wait = {Unit::Vector}});
  const Outcome outcome = run(script);
  // One deviation is 2^11, and minus one has the bytes 0 and 0xf8.
  const auto stored = outcome.memory.space(Space::Activations).subspan(2048, 8);
  EXPECT_EQ(std::vector<int>(stored.begin(), stored.end()),
            (std::vector<int>{0, 8, 0, 0xf8, 0, 0xf8, 0, 8}));
}

TEST(Vector, AMatmulThatWaitsForItIsARawStall) {
  Script script;
  script(vector(4, 3), {.signal = {Unit::Matrix}})(tile())(matmul(2, {.buffer = 2048}),
                                                           {.wait = {Unit::Vector}});
  const Outcome outcome = run(script);
  EXPECT_EQ(outcome.start(2), 10U);
  // The matmul is dispatched in cycle 2, and from then on lacks its token.
  EXPECT_EQ(outcome.in(CycleClass::RawStall), 8U);
}

}  // namespace
}  // namespace systol::test
