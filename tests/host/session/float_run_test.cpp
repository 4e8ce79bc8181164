#include "host/session/float_run.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "host/import/sizes.h"
#include "sim/base/error.h"
#include "sim/config/array_file.h"

namespace systol {
namespace {

ArrayConfig floats() {
  return load_array_config(std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs" / "edge_8x8.yaml",
                           std::vector<std::string>{"array.pe=bf16"});
}

/// y = x W + 1, of two values.
Graph line(std::vector<float> weights) {
  Graph graph;
  graph.name = "line";
  const TensorId x = graph.add_input("x", {2});
  const TensorId w = graph.add_constant("w", {2, 1}, std::move(weights));
  const TensorId bias = graph.add_constant("bias", {1}, {1.0F});
  graph.outputs = {graph.add_node("sum", MatMul{}, {x, w, bias})};
  return graph;
}

Samples given(std::vector<float> values) {
  Samples samples;
  samples.count = values.size() / 2;
  samples.values = std::move(values);
  return samples;
}

/// 1 + 2^-8 is half-way between two bf16, of which 1 is the even one.
TEST(FloatRun, OperandsAreRoundedAndBiasesAreNot) {
  const Prepared line_of_two = prepare(line({1.0F, 0.5F}), given({1.00390625F, 2.0F, 3.0F, -8.0F}));
  const RunReport report = run(line_of_two, floats());
  EXPECT_EQ(report.outputs.front().values, (std::vector<float>{3.0F, 0.0F}));
  EXPECT_TRUE(report.check.passed());
  EXPECT_EQ(report.check.compared, 2U);
  EXPECT_EQ(report.on_host, "biases");
  EXPECT_FLOAT_EQ(static_cast<float>(report.score_error->largest), 0.00390625F);
}

TEST(FloatRun, ANetworkWithoutProductsIsRefused) {
  Graph graph;
  graph.name = "soft";
  graph.outputs = {graph.add_node("s", Softmax{}, {graph.add_input("x", {2})})};
  try {
    run(prepare(graph, given({1.0F, 2.0F})), floats());
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "soft: no layer of it multiplies, and PEs of floating-point numbers are given "
                 "products alone ('pe: bf16'); allowed: a network with a dense layer or a "
                 "convolution, or an array with 'pe: int8'");
  }
}

class FloatRunTest : public ::testing::Test {
 protected:
  ArrayConfig array_ = floats();
  Prepared prepared_ = prepare(dense_from_sizes("19x13x6"), synthetic_samples(5));
};

TEST_F(FloatRunTest, TimeAndTrafficAreTheSameWithAClockAndWithoutValues) {
  const RunReport fast = run(prepared_, array_);
  const RunReport clocked = run(prepared_, array_, ClockedEngine{ClockedUnit::SystemC, {}, {}});
  const RunReport shapes = run(prepared_, array_, FastEngine{.values = false});
  EXPECT_EQ(fast.outputs.front().values, clocked.outputs.front().values);
  EXPECT_TRUE(clocked.check.passed());
  ASSERT_EQ(fast.nodes.size(), 2U);
  EXPECT_EQ(fast.nodes[0].m, 5U);
  EXPECT_EQ(fast.nodes[0].k, 19U);
  EXPECT_EQ(fast.nodes[0].n, 13U);
  EXPECT_EQ(fast.cycles, clocked.cycles);
  EXPECT_EQ(fast.activity, clocked.activity);
  EXPECT_EQ(fast.ledger, clocked.ledger);
  EXPECT_EQ(fast.nodes[1].waits, clocked.nodes[1].waits);
  EXPECT_EQ(shapes.ledger, fast.ledger);
  EXPECT_TRUE(shapes.outputs.empty());
}

TEST_F(FloatRunTest, BatchesHaveTheValuesOfAllAtOnce) {
  const RunReport whole = run(prepared_, array_);
  const RunReport batches = run(prepared_, array_, {}, {.batch = 2});
  EXPECT_EQ(batches.outputs.front().values, whole.outputs.front().values);
  EXPECT_EQ(batches.check.compared, 5U * (13 + 6));
  EXPECT_EQ(batches.activity[Action::MacsUseful], whole.activity[Action::MacsUseful]);
  EXPECT_GT(batches.cycles, whole.cycles);
}

TEST_F(FloatRunTest, CommandsFollowEachOther) {
  RunOptions options;
  options.command_times = true;
  const RunReport report = run(prepared_, array_, {}, options);
  std::uint64_t commands = 0;
  for (const std::uint64_t count : report.commands) {
    commands += count;
  }
  ASSERT_EQ(report.command_times.size(), commands);
  EXPECT_EQ(report.command_times.front().node, 0U);
  EXPECT_EQ(report.command_times.back().node, 1U);
  EXPECT_LE(report.command_times.back().end, report.cycles);
  EXPECT_GE(report.command_times.back().start, report.nodes[0].ledger.total());
}

TEST_F(FloatRunTest, RefusesWhatIsOfIntegersOrOfOneProgram) {
  RunOptions tensors;
  tensors.tensors = true;
  EXPECT_THROW(run(prepared_, array_, {}, tensors), InputError);
  EXPECT_THROW(run(prepared_, array_, {}, {.batch = 0}), InputError);
  EXPECT_THROW(run(prepared_, array_, ClockedEngine{ClockedUnit::SystemC, WaveOptions{}, {}}),
               InputError);
  EXPECT_THROW(run(prepared_, array_, WindowedEngine{}), InputError);
}

}  // namespace
}  // namespace systol
