#include "host/session/misfit.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "host/compile/program.h"
#include "host/session/run.h"
#include "sim/config/array_file.h"
#include "tests/host/compile/networks.h"

namespace systol::test {
namespace {

ArrayConfig machine(std::uint64_t buffer = 1 << 20) {
  ArrayConfig config = array(4, 4, buffer);
  const std::filesystem::path configs = std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs";
  config.energy = load_array_config(configs / "edge_8x8.yaml").energy;
  config.memories.front().energy = "ddr4";
  return config;
}

class MisfitTest : public ::testing::Test {
 protected:
  Graph chain() const {
    Graph graph;
    graph.name = "chain";
    const TensorId x = graph.add_input("x", {12});
    const TensorId hidden = add_dense(graph, "one", x, 9);
    graph.outputs = {add_dense(graph, "two", hidden, 4)};
    return graph;
  }
  RunReport timed(const ArrayConfig& config) const {
    FastEngine engine;
    engine.values = false;
    return run(prepared_, config, engine, {.batch = 10});
  }
  NetworkProgram program(const ArrayConfig& config) const {
    return {prepared_.shared_graph(), config, 10, 10};
  }

  Prepared prepared_ = prepare(chain(), synthetic_samples(10));
};

TEST_F(MisfitTest, NothingIsAMisfitWhereAllSamplesFit) {
  EXPECT_FALSE(has_misfits(program(machine()).plan()));
}

/// Ten samples need 210 bytes. Where they go through in two groups, weights and parameters are
/// loaded a second time: 12 x 9 + 9 x 9 bytes of the first layer, 9 x 4 + 9 x 4 of the second.
TEST_F(MisfitTest, ASecondGroupLoadsTheWeightsAgain) {
  const ArrayConfig config = machine(least_buffer(4, 4) - 16 + 190);
  ASSERT_TRUE(program(config).plan().resident());
  ASSERT_TRUE(has_misfits(program(config).plan()));
  const MisfitReport misfits = misfits_of(prepared_, timed(config), 10);
  ASSERT_EQ(misfits.nodes.size(), 2U);
  EXPECT_EQ(misfits.nodes[0].bytes, 12 * 9 + 9 * 9);
  EXPECT_EQ(misfits.nodes[1].bytes, 9 * 4 + 9 * 4);
  EXPECT_EQ(misfits.total.bytes, 12 * 9 + 9 * 9 + 9 * 4 + 9 * 4);
  EXPECT_EQ(misfits.nodes[0].cycles + misfits.nodes[1].cycles, misfits.total.cycles);
  const std::uint64_t whole = timed(machine()).cycles.count();
  EXPECT_EQ(static_cast<std::uint64_t>(misfits.total.cycles) + whole, timed(config).cycles.count());
}

/// A row at a time: of the first layer the input three times, once for each column tile, and the
/// hidden values out; of the second the hidden values in; the weights of both ten times, not once.
TEST_F(MisfitTest, WhatStreamsLoadsTheInputForEachColumnTile) {
  const ArrayConfig config = machine(least_buffer(4, 4));
  ASSERT_FALSE(program(config).plan().resident());
  const MisfitReport misfits = misfits_of(prepared_, timed(config), 10);
  EXPECT_EQ(misfits.nodes[0].bytes, 2 * 120 + 90 + 9 * 108);
  EXPECT_EQ(misfits.nodes[1].bytes, 90 + 9 * 36);
}

}  // namespace
}  // namespace systol::test
