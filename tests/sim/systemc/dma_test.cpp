// load, store and load_weights: how long they take and what they move.
#include <gtest/gtest.h>

#include <numeric>

#include "sim/config/dram_types.h"
#include "tests/sim/systemc/small_machine.h"

namespace systol::test {
namespace {

/// Four bytes a cycle and three cycles of latency.
ArrayConfig slow(std::uint32_t outstanding = 8) {
  ArrayConfig config = small_array();
  config.memories = shared_memory(4, 3);
  config.dma_outstanding = outstanding;
  return config;
}

TEST(Dma, ALoadTakesItsTransferAndTheLatency) {
  Script script;
  script(load(32));
  EXPECT_EQ(run(script, slow()).at(0), (Span{0, 8 + 3}));
}

TEST(Dma, AStoreTakesAsLongAsALoad) {
  Script script;
  script(store(32));
  EXPECT_EQ(run(script, slow()).at(0), (Span{0, 8 + 3}));
}

TEST(Dma, ATileTakesItsBytesWithoutPadding) {
  Script script;
  script(tile(3, 2))(matmul(1, {.depth = 3, .columns = 2}));
  EXPECT_EQ(run(script, slow()).at(0), (Span{0, 2 + 3})) << "6 bytes";
}

TEST(Dma, RequestsFollowOneAnotherInTheChannel) {
  Script script;
  script(load(32))(load(32, 64))(load(1, 128));
  const Outcome outcome = run(script, slow());
  EXPECT_EQ(outcome.at(0), (Span{0, 11}));
  EXPECT_EQ(outcome.at(1), (Span{1, 19}));
  EXPECT_EQ(outcome.at(2), (Span{2, 20}));
}

TEST(Dma, NoMoreThanTheConfiguredRequestsAreUnderWay) {
  Script script;
  script(load(32))(load(32, 64))(load(32, 128));
  const Outcome one = run(script, slow(1));
  EXPECT_EQ(one.at(0), (Span{0, 11}));
  EXPECT_EQ(one.at(1), (Span{11, 22}));
  EXPECT_EQ(one.at(2), (Span{22, 33}));
  const Outcome two = run(script, slow(2));
  EXPECT_EQ(two.at(1), (Span{1, 19}));
  EXPECT_EQ(two.at(2), (Span{11, 27}));
}

TEST(Dma, StridedRowsTakeAsLongAsTheirBytes) {
  // Three rows of five bytes, eight apart: 15 bytes, not three times two cycles.
  isa::Load strided = load(5);
  strided.memory = {0, 3, 8};
  strided.buffer = {0, 3, 5};
  Script script;
  script(strided);
  EXPECT_EQ(run(script, slow()).at(0), (Span{0, 4 + 3}));
}

TEST(Dma, StridesPlaceEveryRow) {
  Script script;
  std::vector<std::uint8_t> bytes(64);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{1});
  script.put(Space::Activations, 0, bytes);
  isa::Load in = load(3, 100);
  in.memory = {2, 4, 10};
  in.buffer = {100, 4, 5};
  isa::Store out = store(3, 100, 1000);
  out.buffer = {100, 4, 5};
  out.memory = {1000, 4, 7};
  script(in, {.signal = {Unit::Store}})(out, {.wait = {Unit::Load}});
  Outcome outcome = run(script);
  const auto memory = outcome.memory.space(Space::Activations);
  for (std::size_t row = 0; row < 4; ++row) {
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(memory[1000 + 7 * row + i], 3 + 10 * row + i);
    }
  }
  EXPECT_EQ(memory[1003], 0) << "what lies between the rows is not touched";
}

TEST(Dma, UnitsShareAMemoryInTheOrderWeightsLoadStore) {
  // All three wait for one command and start in cycle 9, whatever their order in the program.
  Script script;
  script(channels(), {.signal = {Unit::Weights, Unit::Load, Unit::Store}})(
      store(4, 256), {.wait = {Unit::Activate}})(load(8, 512), {.wait = {Unit::Activate}})(
      tile(), {.wait = {Unit::Activate}})(matmul(1));
  ArrayConfig config = small_array();
  config.memories = shared_memory(4, 0);
  const Outcome outcome = run(script, config);
  EXPECT_EQ(outcome.at(3), (Span{9, 13})) << "load_weights";
  EXPECT_EQ(outcome.at(2), (Span{9, 15})) << "load";
  EXPECT_EQ(outcome.at(1), (Span{9, 16})) << "store";
}

TEST(Dma, MemoriesOfTheirOwnDoNotShareAChannel) {
  Script script;
  script(load(32))(tile())(matmul(1, {.buffer = 64}));
  ArrayConfig config = small_array();
  config.memories = {memory("a", {Space::Activations}, 4, 0), memory("w", {Space::Weights}, 4, 0)};
  const Outcome outcome = run(script, config);
  EXPECT_EQ(outcome.at(0), (Span{0, 8}));
  EXPECT_EQ(outcome.at(1), (Span{1, 5}));
  config.memories = shared_memory(4, 0);
  EXPECT_EQ(run(script, config).at(1), (Span{1, 12}));
}

TEST(Dma, AFastMemoryDoesNotOvertakeASlowOneWithinAUnit) {
  Script script;
  script(load(4, 0, Space::Weights))(load(4, 64));
  ArrayConfig config = small_array();
  config.memories = {memory("slow", {Space::Weights}, 0, 20),
                     memory("fast", {Space::Activations}, 0, 2)};
  const Outcome outcome = run(script, config);
  EXPECT_EQ(outcome.at(0), (Span{0, 20}));
  EXPECT_EQ(outcome.at(1), (Span{1, 20}));
  EXPECT_EQ(outcome.completed, (std::vector<std::uint64_t>{0, 1}));
}

TEST(Dma, AUnitStartsOneRequestPerCycle) {
  // Three loads are queued after a token and then start one after another.
  Script script;
  script(channels(), {.signal = {Unit::Load}})(
      load(4), {.wait = {Unit::Activate}})(load(4, 64))(load(4, 128));
  const Outcome outcome = run(script);
  EXPECT_EQ(outcome.start(1), 9U);
  EXPECT_EQ(outcome.start(2), 10U);
  EXPECT_EQ(outcome.start(3), 11U);
}

/// SystemC renames a second object of a name, and says so on standard output.
TEST(Dma, MemoriesMayHaveTheNamesOfUnits) {
  Script script;
  script(load(4))(tile())(matmul(1, {.buffer = 64}));
  for (const std::string name : {"weights", "load", "store", "matrix_unit", "clock", "system"}) {
    ArrayConfig config = small_array();
    config.memories[0].name = name;
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(run(script, config).error, "");
    EXPECT_EQ(::testing::internal::GetCapturedStdout(), "") << name;
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "") << name;
  }
}

/// A DDR4-2400 without refreshes, at its own clock: its times in clocks are cycles.
ArrayConfig with_ddr4() {
  ArrayConfig config = small_array();
  config.clock = Hertz(1'200'000'000);
  config.memories[0].dram = typical_dram(DramType::Ddr4);
  config.memories[0].dram->refresh = DramRefresh::None;
  return config;
}

TEST(Dma, ADramAnswersToAWholeTransfer) {
  // Two pieces of one row, in the first bank groups, then a store to the same bytes. The rows are
  // opened at 0 and 4 (tRRD_S), read at 16 and 20 (tRCD), and the last data have come at 20 + 16 +
  // 4. The store, made in cycle 1, is written at 20 + 16 + 4 + 2 - 12 = 30 and 34; its last data
  // are there at 34 + 12 + 4.
  isa::Load two = load(64);
  two.memory = isa::Walk(0, 2, 64);
  two.piece_bytes = 64;
  two.buffer = isa::Walk(0, 2, 64);
  isa::Store back = store(128, 512);
  Script script;
  script(two)(back);
  const Outcome outcome = run(script, with_ddr4());
  EXPECT_EQ(outcome.at(0), (Span{0, 40}));
  EXPECT_EQ(outcome.at(1), (Span{1, 50}));
  const Activity activity = outcome.result.activity();
  EXPECT_EQ(activity[Action::ActivationsRowMisses], 2U);
  EXPECT_EQ(activity[Action::ActivationsActivates], 2U);
  EXPECT_EQ(activity[Action::ActivationsRowHits], 2U);
  EXPECT_EQ(activity[Action::ActivationsReadBursts], 2U);
  EXPECT_EQ(activity[Action::ActivationsWriteBursts], 2U);
  EXPECT_EQ(activity[Action::WeightsReadBursts], 0U);
}

TEST(Dma, PaddingOfATileIsReadBehindIt) {
  ArrayConfig config = with_ddr4();
  config.rows = 16;
  config.columns = 16;
  config.tile_fetch = TileFetch::Whole;
  Script script;
  script(tile(3, 2))(matmul(1, {.depth = 3, .columns = 2}));
  const Outcome outcome = run(script, config);
  // 256 bytes from address 0: a burst of each of four groups, the last of a row opened at 12.
  EXPECT_EQ(outcome.at(0), (Span{0, 12 + 16 + 16 + 4}));
  EXPECT_EQ(outcome.result.activity()[Action::WeightsReadBursts], 4U);
}

TEST(Dma, RefreshesAreCountedToTheEndOfTheRun) {
  ArrayConfig config = with_ddr4();
  config.memories[0].dram->refresh = DramRefresh::AllBank;
  Script script;
  constexpr int kSoftmaxes = 5;
  for (int i = 0; i < kSoftmaxes; ++i) {
    script(isa::Softmax{{0, 100, 4}, {1024, 100, 4}, 4096, 4});  // 4300 cycles
  }
  const Outcome outcome = run(script, config);
  EXPECT_EQ(outcome.result.cycles, Cycles(21'500));
  EXPECT_EQ(outcome.result.activity()[Action::WeightsRefreshes], 2U) << "at 9360 and 18720";
}

TEST(Dma, AProgramMustFitItsDram) {
  ArrayConfig config = with_ddr4();
  DramConfig& dram = *config.memories[0].dram;
  dram.groups = 1;
  dram.banks = 1;
  dram.row = Bytes(1024);
  dram.capacity = Bytes(4096);
  Script script;
  script(load(32));
  EXPECT_EQ(run(script, config).error,
            "weights take 4 KiB, and memory 'dram' has 2 KiB for them; it needs a larger capacity");
}

/// The system's clock is in whole picoseconds, cycles are not: nothing may drift.
TEST(Dma, MemoryTimesAreExactLateInARunAtAnOddClock) {
  Script script;
  constexpr int kSoftmaxes = 40;
  const isa::Softmax wait{{0, 100, 4}, {1024, 100, 4}, 4096, 4};  // 100 rows of 43 cycles
  for (int i = 0; i < kSoftmaxes; ++i) {
    script(wait, {.signal = i + 1 == kSoftmaxes ? UnitSet{Unit::Load} : UnitSet{}});
  }
  script(load(340, 6000), {.wait = {Unit::Vector}});
  for (const std::uint64_t clock : {700'000'000U, 33'333'333U, 999'999'937U}) {
    ArrayConfig config = small_array();
    config.clock = Hertz(clock);
    config.memories = shared_memory(0, 0);
    config.memories[0].bandwidth = BytesPerSecond(clock * 20 / 7 + 1);  // just over 20/7 bytes
    config.memories[0].latency = Picoseconds(1);
    const Outcome outcome = run(script, config);
    constexpr std::uint64_t kStart = kSoftmaxes * 100 * 43;
    EXPECT_EQ(outcome.at(kSoftmaxes), (Span{kStart, kStart + 119 + 1})) << clock;
  }
}

}  // namespace
}  // namespace systol::test
