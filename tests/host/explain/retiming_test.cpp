#include "host/explain/retiming.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "host/import/model.h"
#include "host/session/prepared.h"
#include "sim/config/array_file.h"

namespace systol {
namespace {

Prepared prepared(std::uint32_t samples) {
  return prepare(import_model_or_sizes("64x256x10", {}, {}), synthetic_samples(samples));
}

/// A small array, and what differs from its file.
ArrayConfig small_array(const std::vector<std::string>& overrides) {
  const auto path = std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs/edge_8x8.yaml";
  return load_array_config(path, overrides);
}

struct Walked {
  RunResult result;
  WaitTally waits;
};

Walked walked(CommandSource& commands, std::span<const std::string> nodes,
              const ArrayConfig& array) {
  Walked walked{{}, WaitTally(nodes.size())};
  walked.result = walk(commands, nodes, array, walked.waits);
  return walked;
}

/// Each better value of each parameter takes what a whole walk on the changed machine takes, and is
/// bound by what that says. Returns what binds the run as it is.
std::string_view expect_as_walked(const ArrayConfig& array, std::size_t most_kept,
                                  std::uint32_t samples = 1) {
  const Prepared model = prepared(samples);
  const NetworkProgram program(model.shared_graph(), array, samples, samples);
  KeptCommands commands(program, array, most_kept);
  const std::vector<std::string> nodes = program.nodes();
  const Walked now = walked(*commands.first(), nodes, array);
  const Retiming retiming(commands, array, now.result, now.waits.nodes());
  for (const Parameter& parameter : parameters_of(array)) {
    for (const std::uint64_t value : better_values(array, parameter)) {
      const ArrayConfig changed = with_change(array, {parameter, value});
      const Walked then = walked(*program.commands(), nodes, changed);
      const ProgramTime expected = time_of(then.result, changed, then.waits.nodes());
      const ProgramTime time = retiming.with({parameter, value});
      EXPECT_EQ(time.cycles, expected.cycles) << key_of(array, parameter) << ' ' << value;
      EXPECT_EQ(time.bound_by, expected.bound_by) << key_of(array, parameter) << ' ' << value;
      EXPECT_EQ(time.seconds, expected.seconds);
    }
  }
  return time_of(now.result, array, now.waits.nodes()).bound_by;
}

TEST(Retiming, TakesTheTimeOfAWholeWalkAndIsBoundAlike) {
  expect_as_walked(small_array({}), KeptCommands::kMost);
}

TEST(Retiming, OfAnArrayThatIsFedMostOfTheTime) {
  EXPECT_EQ(expect_as_walked(small_array({"clock=20 MHz"}), KeptCommands::kMost, 64), "array");
}

TEST(Retiming, OfSumsThatStay) {
  expect_as_walked(small_array({"array.dataflow=output_stationary"}), KeptCommands::kMost);
}

TEST(Retiming, OfAMemoryWithBanks) {
  expect_as_walked(small_array({"memory.dram.model=ddr4"}), KeptCommands::kMost);
}

TEST(Retiming, OfMoreCommandsThanAreKept) {
  expect_as_walked(small_array({}), 10);
  expect_as_walked(small_array({"memory.dram.model=ddr4"}), 10);
}

}  // namespace
}  // namespace systol
