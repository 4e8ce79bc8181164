#include "host/fuzz/network_drawing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>

#include "host/compile/program.h"
#include "host/fuzz/equality_case.h"
#include "host/graph/text.h"
#include "host/graph/verify.h"
#include "host/quantise/quantise.h"
#include "host/reference/integer_network.h"
#include "host/run/output_check.h"
#include "sim/base/error.h"
#include "sim/fast/fast_device.h"
#include "tests/sanitized.h"

namespace systol {
namespace {

TEST(NetworkDrawing, NetworksAreGraphsOfEveryOperation) {
  std::set<std::string> operations;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Graph graph = draw_network(seed, 12, true);
    verify(graph);
    for (const Node& node : graph.nodes) {
      operations.emplace(name_of(node.operation));
    }
  }
  for (const char* operation :
       {"matmul", "softmax", "reshape", "convolution", "max_pool", "average_pool", "add",
        "subtract", "multiply", "maximum", "minimum", "normalise", "mean", "concat", "slice",
        "transpose", "pad", "repeat", "gelu"}) {
    EXPECT_EQ(operations.count(operation), 1U) << operation;
  }
}

TEST(NetworkDrawing, TheFirstNodesDoNotDependOnHowManyFollow) {
  const std::string whole = to_text(draw_network(5, 12, true));
  const Graph part = draw_network(5, 4, true);
  for (const Node& node : part.nodes) {
    EXPECT_NE(whole.find("node " + node.name + " = " + std::string(name_of(node.operation))),
              std::string::npos)
        << node.name;
  }
}

/// Every value that the fast engine writes is the reference's, whatever the network and machine.
TEST(NetworkDrawing, DrawnNetworksComputeWhatTheReferenceDoes) {
  constexpr int kNetworks = test::kSanitized ? 300 : 1500;
  SplitMix64 random(11);
  int compared = 0;
  int of_signs = 0;
  for (int i = 0; i < kNetworks; ++i) {
    const EqualityCase drawn = draw_network_case(random, false);
    try {
      const auto quantised = drawn.quantised();
      const NetworkProgram program(quantised, drawn.config, drawn.samples, drawn.batch);
      const std::vector<std::int8_t> input = quantise_inputs(*quantised, drawn.inputs());
      const IntegerResult expected = run_integer(*quantised, input, drawn.samples);
      OutputCheck check(program, expected);
      MemoryImage memory = program.memory(input);
      make_fast_device(drawn.config, {})->run(*program.commands(), program.nodes(), memory, &check);
      const CheckReport report = check.finish(memory);
      ASSERT_TRUE(report.passed())
          << "case " << i << ": " << drawn.text() << "\n"
          << to_text(drawn.graph()) << report.mismatches << " wrong, " << report.missing
          << " missing; " << (report.first_mismatch ? report.first_mismatch->command_text : "");
      ++compared;
      of_signs += isa::is_signs(drawn.config.pe) ? 1 : 0;
    } catch (const InputError& error) {
      const std::string problem = error.what();
      ASSERT_NE(problem.find("unified_buffer.capacity"), std::string::npos)
          << "case " << i << ": " << drawn.text() << "\n"
          << to_text(drawn.graph()) << problem;
    }
  }
  EXPECT_GT(compared, kNetworks / 8);
  EXPECT_GT(of_signs, kNetworks / 15);
}

/// With their values at hand or without, drawn networks are the same program but for its numbers.
TEST(NetworkDrawing, DrawnNetworksTakeTheSameTimeAndTrafficWithoutValues) {
  SplitMix64 random(12);
  int changed = 0;
  for (int i = 0; i < 200; ++i) {
    const EqualityCase drawn = draw_possible_case(random, false, draw_network_case);
    const auto graph = std::make_shared<const Graph>(drawn.graph());
    const auto quantised = drawn.quantised();
    const NetworkProgram whole(quantised, drawn.config, drawn.samples, drawn.batch);
    const NetworkProgram time(graph, drawn.config, drawn.samples, drawn.batch);
    ASSERT_EQ(time.nodes(), whole.nodes()) << drawn.text() << "\n" << to_text(*graph);
    const auto run = [&](const NetworkProgram& program) {
      MemoryImage none;
      return make_fast_device(drawn.config, {.data = false, .check_program = false})
          ->run(*program.commands(), program.nodes(), none, nullptr);
    };
    const RunResult of_whole = run(whole);
    const RunResult of_time = run(time);
    EXPECT_EQ(of_time.cycles, of_whole.cycles) << drawn.text() << "\n" << to_text(*graph);
    EXPECT_EQ(of_time.activity(), of_whole.activity()) << drawn.text() << "\n" << to_text(*graph);
    changed += quantised->graph->nodes.size() > graph->nodes.size() ? 1 : 0;
  }
  EXPECT_GT(changed, 10);
}

}  // namespace
}  // namespace systol
