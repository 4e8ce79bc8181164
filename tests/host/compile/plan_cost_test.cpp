#include "host/compile/plan_cost.h"

#include <gtest/gtest.h>

#include "host/compile/program.h"
#include "host/graph/text.h"
#include "sim/fast/fast_device.h"
#include "tests/host/compile/networks.h"

namespace systol::test {
namespace {

std::shared_ptr<const Graph> one_layer(std::int64_t rows) {
  Graph graph;
  graph.name = "network";
  const TensorId input = graph.add_input("x", {rows, 6, 8});
  const TensorId weights = graph.add_constant("w", {3, 3, 8, 12});
  graph.outputs = {graph.add_node("y", Convolution{}, {input, weights})};
  return std::make_shared<const Graph>(std::move(graph));
}

TEST(PlanCost, IsTheTimeOfARunOnEachMachineAndWhatItMoves) {
  const auto graph = one_layer(40);
  const ArrayConfig config = array(4, 4, 2'000);
  std::vector<ArrayConfig> machines(3, config);
  machines[0].memories.front().bandwidth = BytesPerSecond(1'000'000'000);
  machines[2].memories.front().bandwidth = BytesPerSecond(64'000'000'000);
  const NetworkProgram program(graph, config, 1, 1);
  auto cost = cost_of(program.plan(), machines);
  ASSERT_TRUE(cost.has_value());
  const auto cycles_on = [&](const ArrayConfig& machine) {
    MemoryImage memory;
    return make_fast_device(machine, {.data = false, .check_program = false})
        ->run(*program.commands(), program.nodes(), memory, nullptr)
        .cycles;
  };
  for (std::size_t i = 0; i < machines.size(); ++i) {
    EXPECT_LE(cost->least_time(i), cycles_on(machines[i]));
    EXPECT_EQ(cost->time(i), cycles_on(machines[i]));
    EXPECT_EQ(cost->least_time(i), cycles_on(machines[i]));
  }
  EXPECT_LT(cost->time(2), cost->time(1));
  EXPECT_LT(cost->time(1), cost->time(0));
  std::uint64_t bytes = 0;
  const auto commands = program.commands();
  isa::Command command;
  while (commands->next(command)) {
    if (const auto* weights = std::get_if<isa::LoadWeights>(&command.operation)) {
      bytes += std::uint64_t{weights->rows} * weights->columns;
    } else if (const auto* load = std::get_if<isa::Load>(&command.operation)) {
      bytes += load->memory.count() * load->piece_bytes;
    } else if (const auto* store = std::get_if<isa::Store>(&command.operation)) {
      bytes += store->memory.count() * store->piece_bytes;
    }
  }
  EXPECT_EQ(cost->bytes(), Bytes(bytes));
  // Before any time is known: a byte a cycle.
  const auto fresh = cost_of(program.plan(), machines);
  EXPECT_EQ(fresh->least_time(0), Cycles(bytes));
}

TEST(PlanCost, OfALongPlanIsNotFound) {
  const ArrayConfig config = array(4, 4, 2'000);
  const auto plan_of = [&](std::int64_t rows) {
    return make_plan(one_layer(rows), nullptr, config, 1, 1);
  };
  const std::vector<ArrayConfig> machines{config};
  EXPECT_TRUE(cost_of(plan_of(100), machines).has_value());
  EXPECT_FALSE(cost_of(plan_of(4'000), machines).has_value());
}

}  // namespace
}  // namespace systol::test
