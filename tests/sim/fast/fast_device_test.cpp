#include "sim/fast/fast_device.h"

#include <gtest/gtest.h>

#include <map>

#include "sim/base/error.h"

namespace systol {
namespace {

using isa::Command, isa::Load, isa::LoadWeights, isa::Matmul, isa::Program, isa::Space, isa::Unit;

ArrayConfig small_array() {
  ArrayConfig config;
  config.name = "small";
  config.clock = Hertz(1'000'000'000);
  config.rows = 2;
  config.columns = 3;
  config.weight_fifo_tiles = 2;
  config.accumulator_rows = 8;
  config.unified_buffer = Bytes(2048);
  config.command_queue_depth = 4;
  config.dma_outstanding = 2;
  MemoryConfig memory;
  memory.name = "dram";
  memory.holds = {Space::Weights, Space::Activations};
  memory.bandwidth = BytesPerSecond(1'000'000'000);  // a byte a cycle
  memory.latency = Picoseconds(5'000);               // five cycles
  config.memories = {memory};
  return config;
}

struct Times : Observer {
  void completed(std::uint64_t index, const Command&, Cycles start, Cycles end) override {
    of[index] = {start.count(), end.count()};
  }
  std::map<std::uint64_t, std::pair<std::uint64_t, std::uint64_t>> of;
};

/// One matmul of 4 rows: [4][2] activations times [2][3] weights.
Program one_matmul() {
  Program program;
  program.nodes = {"only"};
  program.space_bytes = {6, 8};
  program.image = {{Space::Weights, 0, {1, 2, 3, 4, 5, 6}},
                   {Space::Activations, 0, {1, 0, 0, 1, 1, 1, 2, 2}}};
  program.commands = {
      {Load{{Space::Activations, {}, {}, 8}}, {}, {Unit::Matrix}, {}},
      {LoadWeights{Space::Weights, 0, 2, 3}, {}, {}, {}},
      {Matmul{{0, 4, 2}, 2, 3, 0, false, false}, {Unit::Load}, {}, {}},
  };
  return program;
}

TEST(FastDevice, FollowsTheClosedFormsCommandByCommand) {
  const ArrayConfig config = small_array();
  const Program program = one_matmul();
  MemoryImage memory(program);
  CommandList commands(program.commands);
  Times times;
  const RunResult result =
      make_fast_device(config, {})->run(commands, program.nodes, memory, &times);
  // 8 bytes and 5 cycles of latency.
  EXPECT_EQ(times.of[0], (std::pair<std::uint64_t, std::uint64_t>{0, 13}));
  // Dispatched a cycle later; the channel is busy with the load until 8.
  EXPECT_EQ(times.of[1], (std::pair<std::uint64_t, std::uint64_t>{1, 19}));
  // The tile shifts from 19 on; the feed follows a cycle later: M + R + C = 9.
  EXPECT_EQ(times.of[2], (std::pair<std::uint64_t, std::uint64_t>{20, 29}));
  EXPECT_EQ(result.cycles, Cycles(29));
  const Ledger ledger = result.ledger();
  EXPECT_EQ(ledger[CycleClass::ArrayActive], Cycles(4));
  EXPECT_EQ(ledger[CycleClass::InputStall], Cycles(11));  // from its dispatch in 2 to 13
  EXPECT_EQ(ledger[CycleClass::WeightStall], Cycles(6));  // to 19
  EXPECT_EQ(ledger[CycleClass::WeightShift], Cycles(1));
  EXPECT_EQ(ledger[CycleClass::NonMatrix], Cycles(7));  // 0 and 1, and the drain
  EXPECT_EQ(ledger.total(), result.cycles);
  EXPECT_EQ(result.activity()[Action::MacsUseful], 24U);
  EXPECT_EQ(result.activity()[Action::MacsZero], 6U);
}

TEST(FastDevice, WithoutDataTakesTheSameCycles) {
  const ArrayConfig config = small_array();
  const Program program = one_matmul();
  MemoryImage memory(program);
  CommandList commands(program.commands);
  const RunResult result = make_fast_device(config, {.data = false, .check_program = true})
                               ->run(commands, program.nodes, memory, nullptr);
  EXPECT_EQ(result.cycles, Cycles(29));
  EXPECT_EQ(result.activity()[Action::MacsZero], 0U);
}

TEST(FastDevice, EveryRunStartsFromZeros) {
  const ArrayConfig config = small_array();
  Program program = one_matmul();
  std::get<Matmul>(program.commands[2].operation).add = true;
  program.commands[2].signal = {Unit::Activate};
  // Sums as they are: nine planes with a multiplier of 1 and a shift of 0.
  program.image.push_back({Space::Weights, 6, std::vector<std::uint8_t>(27)});
  std::fill_n(program.image.back().bytes.begin() + 12, 3, std::uint8_t{1});
  program.space_bytes = {33, 8 + 12};
  program.commands.push_back(
      {isa::Load{{Space::Weights, isa::Walk(6), isa::Walk(16), 27}}, {}, {Unit::Activate}, {}});
  program.commands.push_back({isa::SetChannels{16, 3}, {Unit::Load}, {}, {}});
  program.commands.push_back(
      {isa::Activate{0, 3, {48, 4, 3}, {}}, {Unit::Matrix}, {Unit::Store}, {}});
  program.commands.push_back(
      {isa::Store{{Space::Activations, {8, 4, 3}, {48, 4, 3}, 3}}, {Unit::Activate}, {}, {}});
  const auto device = make_fast_device(config, {});
  std::vector<std::vector<std::uint8_t>> outputs;
  for (int run = 0; run < 2; ++run) {
    MemoryImage memory(program);
    CommandList commands(program.commands);
    device->run(commands, program.nodes, memory, nullptr);
    const auto output = memory.space(Space::Activations).subspan(8);
    outputs.emplace_back(output.begin(), output.end());
  }
  EXPECT_NE(outputs[0], std::vector<std::uint8_t>(12));
  EXPECT_EQ(outputs[0], outputs[1]) << "nothing is added to the first run's sums";
}

TEST(FastDevice, NamesWhatADeadlockWaitsFor) {
  const ArrayConfig config = small_array();
  Program program = one_matmul();
  // Three tiles for a FIFO of two, and a queue that the fourth and later ones fill.
  program.commands.erase(program.commands.begin() + 2);
  for (int i = 0; i < 8; ++i) {
    program.commands.push_back({LoadWeights{Space::Weights, 0, 2, 3}, {}, {}, {}});
  }
  MemoryImage memory(program);
  CommandList commands(program.commands);
  try {
    make_fast_device(config, {})->run(commands, program.nodes, memory, nullptr);
    FAIL() << "no deadlock";
  } catch (const InputError& error) {
    EXPECT_EQ(std::string(error.what()),
              "the program deadlocks at cycle 32: command 4 (load_weights space=weights memory=0x0 "
              "rows=2 columns=3 @0,0,0,0) waits for a free slot in the weight FIFO, command 8 "
              "(load_weights space=weights memory=0x0 rows=2 columns=3 @0,0,0,0) waits for room in "
              "the queue of the weights unit");
  }
}

}  // namespace
}  // namespace systol
