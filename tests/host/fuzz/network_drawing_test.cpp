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

}  // namespace
}  // namespace systol
