#include "sim/fast/event_history.h"

#include <gtest/gtest.h>

#include "sim/fast/fast_device.h"

namespace systol {
namespace {

using isa::Command, isa::Load, isa::LoadWeights, isa::Matmul, isa::Space, isa::Unit;

/// A 2 x 3 array whose only memory moves a byte a cycle and answers five cycles later.
ArrayConfig slow_memory_array() {
  ArrayConfig config;
  config.clock = Hertz(1'000'000'000);
  config.rows = 2;
  config.columns = 3;
  config.weight_fifo_tiles = 2;
  config.accumulator_rows = 8;
  config.unified_buffer = Bytes(2048);
  config.command_queue_depth = 4;
  config.dma_outstanding = 2;
  config.memories.resize(1);
  config.memories[0].holds = {Space::Weights, Space::Activations};
  config.memories[0].bandwidth = BytesPerSecond(1'000'000'000);
  config.memories[0].latency = Picoseconds(5'000);
  return config;
}

struct KeptStall {
  Stall stall;
  std::vector<StallLink> links;
};

struct Stalls : Observer {
  void stalled(const Stall& stall) override {
    all.push_back({stall, {stall.links.begin(), stall.links.end()}});
  }
  std::vector<KeptStall> all;
};

std::vector<KeptStall> stalls_of(const std::vector<Command>& program, const ArrayConfig& config) {
  Stalls stalls;
  CommandList commands(program);
  MemoryImage memory;
  const std::vector<std::string> nodes = {"only"};
  make_fast_device(config, {.data = false, .check_program = false})
      ->run(commands, nodes, memory, &stalls);
  return stalls.all;
}

/// [wait, reason, command, from, to] of each link.
using Plain = std::tuple<Wait, Reason, std::uint64_t, std::uint64_t, std::uint64_t>;
std::vector<Plain> plain(const KeptStall& stall) {
  std::vector<Plain> links;
  for (const StallLink& link : stall.links) {
    links.emplace_back(link.wait, link.reason, link.command, link.from.count(), link.to.count());
  }
  return links;
}

Command tile() { return {LoadWeights{Space::Weights, 0, 2, 3}, {}, {}, {}}; }
Command rows(std::uint32_t count) {
  return {Matmul{{0, count, 2}, 2, 3, 0, false, false}, {}, {}, {}};
}

TEST(EventHistory, FollowsAFeedBackToTheLoadThatWasInTheWayOfItsTile) {
  // The times are worked out in FastDevice.FollowsTheClosedFormsCommandByCommand.
  const std::vector<Command> program = {
      {Load{{Space::Activations, {}, {}, 8}}, {}, {Unit::Matrix}, {}},
      tile(),
      {Matmul{{0, 4, 2}, 2, 3, 0, false, false}, {Unit::Load}, {}, {}}};
  const std::vector<KeptStall> stalls = stalls_of(program, slow_memory_array());
  ASSERT_EQ(stalls.size(), 2U);
  EXPECT_EQ(plain(stalls[0]),
            (std::vector<Plain>{{Wait::WeightShift, Reason::TileArrived, 1, 19, 20},
                                {Wait::WeightsLatency, Reason::Dispatched, 1, 14, 19},
                                {Wait::WeightsTransfer, Reason::Channel, 1, 8, 14},
                                {Wait::ActivationsBeforeWeights, Reason::Dispatched, 0, 0, 8}}));
  EXPECT_EQ(stalls[0].stall.waiting_from, Cycles(2));
  EXPECT_EQ(stalls[0].stall.command, 2U);
  // 4 rows were fed up to 24, and need R + C = 5 more.
  EXPECT_EQ(plain(stalls[1]),
            (std::vector<Plain>{{Wait::Accumulators, Reason::TileShifted, 2, 24, 29}}));
  EXPECT_EQ(stalls[1].stall.waiting_from, Cycles(29));
}

TEST(EventHistory, OfAFullFifoGoesOnWithTheShiftThatMadeRoom) {
  ArrayConfig config = slow_memory_array();
  config.weight_fifo_tiles = 1;
  const std::vector<KeptStall> stalls = stalls_of({tile(), rows(1), tile(), rows(1)}, config);
  // The first tile moves in [0, 6), arrives in 11, shifts in [11, 13) and feeds in 12. Its slot is
  // free in 13: the second moves in [13, 19), arrives in 24, and is fed in 25.
  ASSERT_EQ(stalls.size(), 3U);
  EXPECT_EQ(stalls[1].stall.from, Cycles(13));
  EXPECT_EQ(plain(stalls[1]),
            (std::vector<Plain>{{Wait::WeightShift, Reason::TileArrived, 2, 24, 25},
                                {Wait::WeightsLatency, Reason::FifoFull, 2, 19, 24},
                                {Wait::WeightsTransfer, Reason::FifoFull, 2, 13, 19}}));
}

TEST(EventHistory, OfTooFewRequestsInFlightGoesOnWithTheOneThatWasAwaited) {
  ArrayConfig config = slow_memory_array();
  config.weight_fifo_tiles = 8;
  config.dma_outstanding = 1;
  // Tiles arrive in 11, and the second, asked for then, in 22; without the limit in 17.
  const std::vector<KeptStall> stalls = stalls_of({tile(), tile(), rows(1), rows(1)}, config);
  ASSERT_EQ(stalls.size(), 3U);
  EXPECT_EQ(plain(stalls[1]),
            (std::vector<Plain>{{Wait::WeightShift, Reason::TileArrived, 1, 22, 23},
                                {Wait::WeightsLatency, Reason::Outstanding, 1, 17, 22},
                                {Wait::WeightsTransfer, Reason::Outstanding, 1, 13, 17}}));
}

TEST(EventHistory, OfAFullQueueGoesOnWithTheStartThatMadeRoom) {
  ArrayConfig config = slow_memory_array();
  config.command_queue_depth = 1;
  config.memories[0].bandwidth.reset();
  config.memories[0].latency = Picoseconds(0);
  // The table takes ceil(256 / 3) = 86 cycles from 0 on; the second waits for it from 1 on, and
  // the third for room in the queue, up to the start of the second in 86.
  const Command table{isa::SetTable{0}, {}, {}, {}};
  const std::vector<KeptStall> stalls = stalls_of({table, table, table, tile(), rows(1)}, config);
  // The third is dispatched in 87, the tile in 88, used from 89 on; the matmul is fed in 90.
  EXPECT_EQ(plain(stalls[0]),
            (std::vector<Plain>{{Wait::WeightShift, Reason::TileArrived, 3, 89, 90},
                                {Wait::WeightsLatency, Reason::QueueFull, 3, 88, 89},
                                {Wait::Dispatch, Reason::QueueFull, 3, 86, 88},
                                {Wait::ActivationUnit, Reason::Dispatched, 0, 0, 86}}));
}

TEST(EventHistory, OfARowThatIsAddedToGoesOnWithTheFeedBefore) {
  const std::vector<Command> program = {
      tile(), rows(1), {Matmul{{0, 1, 2}, 2, 3, 0, true, true}, {}, {}, {}}};
  const std::vector<KeptStall> stalls = stalls_of(program, slow_memory_array());
  ASSERT_EQ(stalls.size(), 3U);
  EXPECT_EQ(plain(stalls[1]),
            (std::vector<Plain>{{Wait::Accumulators, Reason::TileShifted, 1, 13, 14}}));
}

TEST(EventHistory, OfMoreStartsThanItKeepsGivesTheRestToTheEarliestLink) {
  constexpr std::uint64_t kStarts = EventHistory::kLongest + 10;
  EventHistory history;
  for (std::uint64_t i = 0; i < kStarts; ++i) {
    Event event;
    event.unit = Unit::Vector;
    event.cause = {Cycles(i), Reason::UnitBusy, i, {}};  // the event before it
    event.end = Cycles(i + 1);
    history.add(event);
  }
  const auto links =
      history.chain({Cycles(kStarts), Reason::UnitBusy, kStarts, {}}, Cycles(0), 0, 0);
  ASSERT_EQ(links.size(), EventHistory::kLongest + 1);
  EXPECT_EQ(links.back().wait, Wait::VectorUnit);
  EXPECT_EQ(links.back().reason, Reason::Begin);
  EXPECT_EQ(links.back().from, Cycles(0));
  EXPECT_EQ(links.back().to, Cycles(10));
}

TEST(EventHistory, ForgetsWhatEndedBefore) {
  EventHistory history;
  Event event;
  event.end = Cycles(10);
  history.add(event);
  event.end = Cycles(20);
  history.add(event);
  history.forget(Cycles(10));
  EXPECT_EQ(history.next(), 3U);
  // The second is there still: a unit was busy with it from 0 on.
  const auto links = history.chain({Cycles(20), Reason::UnitBusy, 2, {}}, Cycles(10), 7, 0);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_EQ(links[0].from, Cycles(10));
  EXPECT_EQ(links[0].to, Cycles(20));
}

}  // namespace
}  // namespace systol
