#include "host/explain/parameter.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace systol {
namespace {

/// Two memories, the second with neither a limit nor a latency.
ArrayConfig two_memories() {
  ArrayConfig config;
  config.clock = Hertz(500'000'000);
  config.weight_fifo_tiles = 4;
  config.dma_outstanding = 60;
  config.command_queue_depth = 1'024;
  config.memories.resize(2);
  config.memories[0].name = "dram";
  config.memories[0].bandwidth = BytesPerSecond(8'000'000'000);
  config.memories[0].latency = Picoseconds(80'000);
  config.memories[1].name = "host";
  return config;
}

TEST(Parameter, AreThoseThatTheArrayHas) {
  std::vector<std::string> keys;
  for (const Parameter& parameter : parameters_of(two_memories())) {
    keys.push_back(key_of(two_memories(), parameter));
  }
  EXPECT_EQ(keys, (std::vector<std::string>{"memory.dram.bandwidth", "memory.dram.latency",
                                            "weight_fifo.tiles", "dma.outstanding",
                                            "command_queue.depth", "clock"}));
}

TEST(Parameter, HasBetterValuesUpToTheBestOfAnyMachine) {
  const ArrayConfig config = two_memories();
  const auto better = [&](ParameterKind kind) { return better_values(config, {kind, 0}); };
  using Values = std::vector<std::uint64_t>;
  EXPECT_EQ(better(ParameterKind::FifoTiles), (Values{5, 6, 8, 12, 20, 36, 64}));
  EXPECT_EQ(better(ParameterKind::Outstanding), (Values{61, 62, 64}));
  EXPECT_EQ(better(ParameterKind::QueueDepth), Values{});
  EXPECT_EQ(better(ParameterKind::Latency), (Values{60'000, 40'000, 20'000, 0}));
  EXPECT_EQ(better(ParameterKind::Bandwidth),
            (Values{10'000'000'000, 12'000'000'000, 16'000'000'000, 32'000'000'000, 64'000'000'000,
                    kNoLimit}));
  EXPECT_EQ(better(ParameterKind::Clock),
            (Values{625'000'000, 750'000'000, 1'000'000'000, 2'000'000'000, 4'000'000'000}));
}

TEST(Parameter, OfAClockStaysWithinWhatAnArrayMayHave) {
  ArrayConfig config = two_memories();
  config.clock = Hertz(8'000'000'000);
  EXPECT_EQ(better_values(config, {ParameterKind::Clock, 0}),
            (std::vector<std::uint64_t>{10'000'000'000}));
}

TEST(Parameter, IsChangedAloneAndReadBack) {
  const ArrayConfig config = two_memories();
  for (const Parameter& parameter : parameters_of(config)) {
    const ArrayConfig changed = with_change(config, {parameter, 7});
    for (const Parameter& other : parameters_of(config)) {
      EXPECT_EQ(value_of(changed, other), other == parameter ? 7 : value_of(config, other))
          << key_of(config, parameter) << ", " << key_of(config, other);
    }
  }
  const Parameter bandwidth{ParameterKind::Bandwidth, 0};
  EXPECT_FALSE(with_change(config, {bandwidth, kNoLimit}).memories[0].bandwidth);
}

TEST(Parameter, IsSpokenOfInWords) {
  const ArrayConfig config = two_memories();
  EXPECT_EQ(words_of(config, {{ParameterKind::FifoTiles, 0}, 8}),
            "4 more tiles in the weight FIFO");
  EXPECT_EQ(words_of(config, {{ParameterKind::FifoTiles, 0}, 3}),
            "1 fewer tile in the weight FIFO");
  EXPECT_EQ(words_of(config, {{ParameterKind::Bandwidth, 0}, kNoLimit}),
            "memory dram with an unlimited bandwidth instead of 8 GB/s");
  EXPECT_EQ(words_of(config, {{ParameterKind::Clock, 0}, 1'000'000'000}),
            "an array clock of 1 GHz instead of 500 MHz");
}

}  // namespace
}  // namespace systol
