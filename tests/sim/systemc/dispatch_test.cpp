// The front end: one command a cycle, in order, to queues of a fixed depth.
#include <gtest/gtest.h>

#include "tests/sim/systemc/small_machine.h"

namespace systol::test {
namespace {

TEST(Dispatch, SendsOneCommandPerCycle) {
  // Commands of five of the units, none of which waits for anything.
  Script script;
  script(load(4))(store(4, 64))(channels())(tile())(load(4, 128))(store(4, 192))(
      matmul(1, {.buffer = 512}));
  const Outcome outcome = run(script);
  for (const std::uint64_t command : {0U, 1U, 2U, 3U, 4U, 5U, 6U}) {
    EXPECT_EQ(outcome.start(command), command);
  }
}

TEST(Dispatch, AFullQueueHoldsUpTheCommandsOfOtherUnits) {
  // The load unit waits 9 cycles for set_channels; the store comes after four loads.
  const auto store_start = [](std::uint32_t depth) {
    Script script;
    script(channels(), {.signal = {Unit::Load}})(load(4), {.wait = {Unit::Activate}})(load(4, 64))(
        load(4, 128))(load(4, 192))(store(4, 1024));
    ArrayConfig config = small_array();
    config.command_queue_depth = depth;
    return run(script, config).start(5);
  };
  EXPECT_EQ(store_start(4), 5U) << "all four loads have a place";
  // The first load leaves the queue in cycle 9, the fourth takes the free place in cycle 10.
  EXPECT_EQ(store_start(3), 11U);
  EXPECT_EQ(store_start(2), 12U);
  EXPECT_EQ(store_start(1), 13U);
}

TEST(Dispatch, ACommandStartsInTheCycleInWhichItsTokenIsGiven) {
  Script script;
  script(load(4), {.signal = {Unit::Store}})(store(4), {.wait = {Unit::Load}});
  ArrayConfig config = small_array();
  config.memories = shared_memory(0, 10);
  const Outcome outcome = run(script, config);
  EXPECT_EQ(outcome.at(0), (Span{0, 10}));
  EXPECT_EQ(outcome.at(1), (Span{10, 20}));
}

TEST(Dispatch, TokensQueueUpAndAreTakenOneByOne) {
  Script script;
  script(load(4), {.signal = {Unit::Store}})(load(4, 64), {.signal = {Unit::Store}})(
      store(4), {.wait = {Unit::Load}})(store(4, 64), {.wait = {Unit::Load}});
  ArrayConfig config = small_array();
  config.memories = shared_memory(4, 10);
  const Outcome outcome = run(script, config);
  EXPECT_EQ(outcome.at(0), (Span{0, 11}));
  EXPECT_EQ(outcome.at(1), (Span{1, 12}));
  EXPECT_EQ(outcome.start(2), 11U);
  EXPECT_EQ(outcome.start(3), 12U);
}

TEST(Dispatch, CommandsAreCountedByKind) {
  Script script;
  script(load(4))(load(4, 64))(tile())(matmul(1, {.buffer = 512}))(channels())(isa::SetTable{1024})(
      activate(1, 2048, 31))(isa::Softmax{isa::Walk(3000), isa::Walk(3100), 3200, 4})(
      store(4, 4000, 100));
  EXPECT_EQ(run(script).result.commands,
            (std::array<std::uint64_t, isa::kOpcodes>{2, 1, 1, 1, 1, 1, 1, 1}));
}

TEST(Dispatch, ASecondRunInTheSameProcessIsTheSameRun) {
  Script script;
  script(tile())(matmul(4), {.signal = {Unit::Activate}})(channels())(
      activate(4, 256), {.wait = {Unit::Matrix}, .signal = {Unit::Store}})(
      store(16, 256), {.wait = {Unit::Activate}});
  const ArrayConfig config = small_array();
  const auto device = make_systemc_device("systemc", config, make_model_unit, {});
  std::vector<RunResult> results;
  for (int i = 0; i < 5; ++i) {
    MemoryImage memory(script.program);
    CommandList commands(script.program.commands);
    results.push_back(device->run(commands, script.program.nodes, memory, nullptr));
    EXPECT_EQ(results.back(), results.front()) << "run " << i;
  }
  EXPECT_EQ(results.front().cycles, Cycles(14 + 9 + 1));
}

TEST(Dispatch, ARunAfterAFailedOneIsNotDisturbed) {
  Script wrong;
  wrong(load(1'000'000));
  Script right;
  right(tile())(matmul(4));
  const Outcome before = run(right);
  EXPECT_NE(run(wrong).error, "");
  EXPECT_EQ(run(right).result, before.result);
}

TEST(Dispatch, TheEngineIsCalledAsItsMakerSays) {
  const ArrayConfig config = small_array();
  EXPECT_EQ(make_systemc_device("rtl", config, make_model_unit, {})->engine(), "rtl");
  EXPECT_EQ(unit_shape(config), (UnitShape{4, 4, 32}));
}

}  // namespace
}  // namespace systol::test
