// SystemC has one kernel in a process.
#include <gtest/gtest.h>

#include "sim/base/error.h"
#include "tests/sim/systemc/small_machine.h"

namespace systol::test {
namespace {

RunResult run_once(Observer* observer) {
  const ArrayConfig config = small_array();
  Script script;
  script(tile())(matmul(4));
  CommandList commands(script.program.commands);
  MemoryImage memory(script.program);
  return make_systemc_device("systemc", config, make_model_unit, {})
      ->run(commands, script.program.nodes, memory, observer);
}

/// Starts another run while one is going on.
class RunsAgain : public Observer {
 public:
  void completed(std::uint64_t /*index*/, const isa::Command& /*command*/, Cycles /*start*/,
                 Cycles /*end*/) override {
    try {
      run_once(nullptr);
    } catch (const EnvironmentError& error) {
      refused.emplace_back(error.what());
    }
  }
  std::vector<std::string> refused;
};

TEST(Kernel, ASecondRunAtOnceIsRefusedAndTheFirstGoesOn) {
  RunsAgain observer;
  const Cycles alone = run_once(nullptr).cycles;
  EXPECT_EQ(run_once(&observer).cycles, alone);
  const std::string expected =
      "another run with a clock has not ended in this process; allowed: one at a time, because "
      "SystemC has one kernel";
  EXPECT_EQ(observer.refused, std::vector(2, expected));
  EXPECT_EQ(run_once(nullptr).cycles, alone) << "and then there may be another";
}

/// What ends a run from outside.
class Ends : public Observer {
 public:
  void completed(std::uint64_t /*index*/, const isa::Command& /*command*/, Cycles /*start*/,
                 Cycles /*end*/) override {
    throw std::runtime_error("enough");
  }
};

TEST(Kernel, ARunThatAnObserverEndsLeavesRoomForTheNext) {
  Ends ends;
  EXPECT_THROW(run_once(&ends), std::runtime_error);
  EXPECT_GT(run_once(nullptr).cycles, Cycles(0));
}

}  // namespace
}  // namespace systol::test
