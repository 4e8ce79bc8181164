#include "host/report/timeline.h"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

namespace systol {
namespace {

const std::vector<std::string> kOneNode = {"fc"};

using isa::Unit;
using nlohmann::json;

ArrayConfig config() {
  ArrayConfig config;
  config.name = "array";
  config.clock = Hertz(1'000'000'000);
  config.rows = 4;
  config.columns = 4;
  config.weight_fifo_tiles = 4;
  config.accumulator_rows = 8;
  config.unified_buffer = Bytes(1024);
  return config;
}

EnergyTable table() {
  EnergyTable table;
  table.sram = {{Bytes(1024), {Picojoules(1.0), "1 pJ", FigureStatus::Confirmed, "s"}},
                {Bytes(8192), {Picojoules(8.0), "8 pJ", FigureStatus::Confirmed, "s"}}};
  table.area.utilisation.value = 1.0;
  table.area.sram_efficiency.value = 1.0;
  return table;
}

/// The events of commands shown one by one, each with its start and end.
struct Shown {
  struct Entry {
    isa::Operation operation;
    std::uint64_t start;
    std::uint64_t end;
    isa::UnitSet wait{};
    isa::UnitSet signal{};
  };

  explicit Shown(const std::vector<Entry>& entries) {
    const ArrayConfig array = config();
    const EnergyTable energy = table();
    Timeline timeline(array, energy, kOneNode);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      timeline.completed(i, {entries[i].operation, entries[i].wait, entries[i].signal, {}},
                         Cycles(entries[i].start), Cycles(entries[i].end));
    }
    events = json::parse(timeline.json())["traceEvents"];
  }

  /// The slice of a command.
  json slice(std::size_t command) const {
    for (const json& event : events) {
      if (event["ph"] == "X" && event["args"].contains("command") &&
          event["args"]["command"] == command) {
        return event;
      }
    }
    ADD_FAILURE() << "no slice of command " << command;
    return {};
  }
  /// Time and value of a counter.
  std::vector<std::pair<int, int>> counter(const std::string& name) const {
    std::vector<std::pair<int, int>> points;
    for (const json& event : events) {
      if (event["ph"] == "C" && event["name"] == name) {
        points.emplace_back(event["ts"], *event["args"].begin());
      }
    }
    return points;
  }

  json events;
};

isa::MatmulOutputStationary output_stationary(std::uint32_t depth) {
  return {{0, 3, depth}, depth, 4, 0, true, true};
}
const isa::LoadWeights kTile{isa::Space::Weights, 0, 4, 4};
const isa::LoadTile kTileOfSamples{{0, 3, 4}, 4, true};

TEST(Timeline, AMatmulOutputStationaryIsShownForTheStepsItFeeds) {
  const Shown shown(
      {{kTile, 0, 1}, {output_stationary(4), 1, 16}, {kTile, 2, 3}, {output_stationary(4), 5, 20}});
  EXPECT_EQ(shown.slice(1)["name"], "matmul_output_stationary");
  EXPECT_EQ(shown.slice(1)["tid"], static_cast<int>(Unit::Matrix));
  EXPECT_EQ(shown.slice(1)["ts"], 1);
  EXPECT_EQ(shown.slice(1)["dur"], 4);
  EXPECT_EQ(shown.slice(1)["args"]["end"], 16);
  EXPECT_EQ(shown.slice(1)["args"]["buffer_bytes"], 3 * 4);
  EXPECT_EQ(shown.slice(3)["ts"], 5) << "after it, though its sums are still on their way";
}

TEST(Timeline, ATileFromTheBufferIsTheWeightsUnits) {
  const Shown shown({{kTileOfSamples, 0, 4}});
  EXPECT_EQ(shown.slice(0)["name"], "load_tile");
  EXPECT_EQ(shown.slice(0)["tid"], static_cast<int>(Unit::Weights));
  EXPECT_EQ(shown.slice(0)["dur"], 4);
  EXPECT_EQ(shown.slice(0)["args"]["memory_bytes"], 0);
  EXPECT_EQ(shown.slice(0)["args"]["buffer_bytes"], 12);
}

TEST(Timeline, ATransposedActivationIsTheActivateUnits) {
  isa::ActivateTransposed activate;
  activate.rows = 2;
  activate.channels = 512;
  activate.buffer = {0, 3, 2};
  const Shown shown({{activate, 10, 17}});
  EXPECT_EQ(shown.slice(0)["name"], "activate_transposed");
  EXPECT_EQ(shown.slice(0)["tid"], static_cast<int>(Unit::Activate));
  EXPECT_EQ(shown.slice(0)["ts"], 10);
  EXPECT_EQ(shown.slice(0)["dur"], 7);
  EXPECT_EQ(shown.slice(0)["args"]["buffer_bytes"], 9 * 2 + 2 * 3);
}

TEST(Timeline, TilesWaitUntilTheyAreFedOrBecomeActive) {
  using Points = std::vector<std::pair<int, int>>;
  const Shown fed(
      {{kTile, 0, 1}, {kTile, 1, 2}, {output_stationary(4), 3, 18}, {output_stationary(4), 7, 22}});
  EXPECT_EQ(fed.counter("weight tiles"), (Points{{1, 1}, {2, 2}, {3, 1}, {7, 0}}));
  isa::Matmul matmul{{0, 2, 4}, 4, 3, 0, false, false};
  isa::Matmul reused = matmul;
  reused.reuse = true;
  const Shown active({{kTileOfSamples, 0, 4}, {matmul, 5, 15}, {reused, 7, 17}});
  EXPECT_EQ(active.counter("weight tiles"), (Points{{4, 1}, {5, 0}}));
}

TEST(Timeline, AnArrowLeavesAMatmulOutputStationaryWhereItFeedsLast) {
  isa::Activate activate;
  activate.columns = 4;
  activate.buffer = {0, 3, 4};
  const Shown shown({{kTile, 0, 1},
                     {output_stationary(4), 1, 16, {}, {Unit::Activate}},
                     {activate, 16, 24, {Unit::Matrix}, {}}});
  std::vector<std::pair<std::string, int>> arrows;
  for (const json& event : shown.events) {
    if (event["ph"] == "s" || event["ph"] == "f") {
      arrows.emplace_back(event["ph"], event["ts"]);
    }
  }
  EXPECT_EQ(arrows, (std::vector<std::pair<std::string, int>>{{"s", 4}, {"f", 16}}));
}

/// One memory of 8 GB/s: 8 bytes a cycle.
ArrayConfig with_memory() {
  ArrayConfig array = config();
  array.memories.resize(1);
  array.memories[0].name = "dram";
  array.memories[0].holds = {isa::Space::Weights, isa::Space::Activations};
  array.memories[0].bandwidth = BytesPerSecond(8'000'000'000);
  array.memories[0].energy = "dram";
  return array;
}
EnergyTable with_memory_energy() {
  EnergyTable energy = table();
  const EnergyFigure bit{Picojoules(1.0), "1 pJ/bit", FigureStatus::Confirmed, "s"};
  energy.memories = {{"dram", bit, bit, {}, {}, {}, {}}};
  return energy;
}

isa::Load load_of(std::uint64_t bytes) {
  isa::Load load;
  load.piece_bytes = bytes;
  return load;
}

/// A timeline of a window, shown by a function.
class Windowed {
 public:
  Windowed(TimelineWindow window, const std::function<void(Timeline&)>& show)
      : timeline_(array_, energy_, kOneNode, window) {
    show(timeline_);
    events_ = json::parse(timeline_.json())["traceEvents"];
  }

  std::vector<std::pair<int, double>> counter(const std::string& name) const {
    std::vector<std::pair<int, double>> points;
    for (const json& event : events_) {
      if (event["ph"] == "C" && event["name"] == name) {
        points.emplace_back(event["ts"], *event["args"].begin());
      }
    }
    return points;
  }
  /// The numbers of the commands that have a slice.
  std::vector<int> commands() const {
    std::vector<int> numbers;
    for (const json& event : events_) {
      if (event["ph"] == "X" && event["args"].contains("command")) {
        numbers.push_back(event["args"]["command"]);
      }
    }
    return numbers;
  }
  const json& events() const { return events_; }
  std::optional<Cycles> cut() const { return timeline_.cut(); }

 private:
  ArrayConfig array_ = with_memory();
  EnergyTable energy_ = with_memory_energy();
  Timeline timeline_;
  json events_;
};

using Curve = std::vector<std::pair<int, double>>;

/// Two loads of 32 bytes wait for one channel; both are there in cycle 10 or 14, from cycle 0 on.
void show_two_loads(Timeline& timeline) {
  timeline.moved({Unit::Load, 0, Bytes(32), 0, 4});
  timeline.moved({Unit::Load, 0, Bytes(32), 4, 8});
  timeline.completed(0, {load_of(32), {}, {}, {}}, Cycles(0), Cycles(10));
  timeline.completed(1, {load_of(32), {}, {}, {}}, Cycles(0), Cycles(14));
}

TEST(Timeline, BytesAreShownWhileTheChannelMovesThem) {
  const Windowed shown({}, show_two_loads);
  Curve expected;
  for (int cycle = 0; cycle < 14; ++cycle) {
    expected.emplace_back(cycle, cycle < 8 ? 8.0 : 0.0);
  }
  EXPECT_EQ(shown.counter("traffic of dram"), expected) << "GB/s, at 1 GHz bytes a cycle";
}

TEST(Timeline, PowerFollowsTheBytes) {
  // 8 bytes a cycle: 64 bits of 1 pJ, and one access of 64 bits to the buffer, 1 pJ: 65 mW.
  const Windowed shown({}, show_two_loads);
  const Curve power = shown.counter("power");
  ASSERT_EQ(power.size(), 14U);
  for (const auto& [cycle, milliwatts] : power) {
    EXPECT_DOUBLE_EQ(milliwatts, cycle < 8 ? 65.0 : 0.0) << cycle;
  }
}

TEST(Timeline, ThePeakIsTheMostPowerInACycleOfEachPoint) {
  // 2000 cycles are points of two cycles: 130 mW in the first of them, 65 on average.
  const Windowed shown({}, [](Timeline& timeline) {
    timeline.moved({Unit::Load, 0, Bytes(16), 2, 3});
    timeline.completed(0, {load_of(16), {}, {}, {}}, Cycles(0), Cycles(2000));
  });
  const Curve average = shown.counter("power");
  const Curve peak = shown.counter("peak power in a cycle");
  ASSERT_EQ(average.size(), 1000U);
  ASSERT_EQ(peak.size(), 1000U);
  EXPECT_DOUBLE_EQ(average[1].second, 65.0);
  EXPECT_EQ(peak[1].first, 2);
  EXPECT_DOUBLE_EQ(peak[1].second, 130.0);
  EXPECT_DOUBLE_EQ(peak[2].second, 0.0);
}

TEST(Timeline, ATransportThatTakesNoTimeIsInOneCycle) {
  const Windowed shown({}, [](Timeline& timeline) {
    timeline.moved({Unit::Load, 0, Bytes(32), 2, 2});
    timeline.completed(0, {load_of(32), {}, {}, {}}, Cycles(2), Cycles(4));
  });
  EXPECT_EQ(shown.counter("traffic of dram"), (Curve{{0, 0}, {1, 0}, {2, 32}, {3, 0}}));
}

TEST(Timeline, AWindowShowsTheCommandsThatRunInItAndClipsTheRest) {
  const auto show = [](Timeline& timeline) {
    timeline.moved({Unit::Load, 0, Bytes(80), 0, 10});
    for (std::uint64_t i = 0; i < 5; ++i) {
      timeline.completed(i, {load_of(16), {}, {}, {}}, Cycles(2 * i), Cycles(2 * i + 2));
    }
    timeline.matrix_cycles(0, CycleClass::InputStall, Cycles(0), Cycles(10));
  };
  const Windowed shown({Cycles(3), Cycles(6), 100}, show);
  EXPECT_EQ(shown.commands(), (std::vector<int>{1, 2}));
  EXPECT_EQ(shown.counter("traffic of dram"), (Curve{{3, 8}, {4, 8}, {5, 8}}));
  EXPECT_FALSE(shown.cut());
  for (const json& event : shown.events()) {
    if (event["ph"] == "X" && event["name"] == "input_stall") {
      EXPECT_EQ(event["ts"], 3);
      EXPECT_EQ(event["dur"], 3);
    }
  }
}

TEST(Timeline, TokensInAWindowAreThoseOfTheWholeProgram) {
  const Windowed shown({Cycles(8), Cycles(20), 100}, [](Timeline& timeline) {
    const isa::Store store = {};
    for (std::uint64_t i = 0; i < 4; ++i) {  // load, store, load, store ...
      timeline.completed(2 * i, {load_of(16), {}, {Unit::Store}, {}}, Cycles(5 * i),
                         Cycles(5 * i + 2));
      timeline.completed(2 * i + 1, {store, {Unit::Load}, {}, {}}, Cycles(5 * i + 3),
                         Cycles(5 * i + 4));
    }
  });
  std::vector<std::pair<std::string, int>> arrows;
  for (const json& event : shown.events()) {
    if (event["ph"] == "s" || event["ph"] == "f") {
      arrows.emplace_back(event["ph"], event["ts"]);
    }
  }
  EXPECT_EQ(arrows,
            (std::vector<std::pair<std::string, int>>{{"s", 11}, {"f", 13}, {"s", 16}, {"f", 18}}));
}

TEST(Timeline, TooManyCommandsEndTheWindowWhereTheFirstOfTheRestStarts) {
  const auto show = [](Timeline& timeline) {
    for (std::uint64_t i = 0; i < 10; ++i) {
      timeline.completed(i, {load_of(16), {}, {}, {}}, Cycles(4 * i), Cycles(4 * i + 4));
    }
  };
  const Windowed shown({Cycles(0), Cycles(UINT64_MAX), 3}, show);
  EXPECT_EQ(shown.commands(), (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(shown.cut(), Cycles(12));
  const Windowed all({Cycles(0), Cycles(UINT64_MAX), 10}, show);
  EXPECT_EQ(all.commands().size(), 10U);
  EXPECT_FALSE(all.cut());
}

TEST(Timeline, RunsFollowOneAnother) {
  const Windowed shown({}, [](Timeline& timeline) {
    timeline.moved({Unit::Load, 0, Bytes(16), 0, 2});
    timeline.completed(0, {load_of(16), {}, {}, {}}, Cycles(0), Cycles(3));
    timeline.begin_run(std::vector<std::string>{"conv"});
    timeline.moved({Unit::Load, 0, Bytes(16), 1, 3});
    timeline.completed(0, {load_of(16), {}, {}, {}}, Cycles(1), Cycles(4));
  });
  EXPECT_EQ(shown.commands(), (std::vector<int>{0, 1}));
  EXPECT_EQ(shown.counter("traffic of dram"),
            (Curve{{0, 8}, {1, 8}, {2, 0}, {3, 0}, {4, 8}, {5, 8}, {6, 0}}));
  std::vector<std::string> layers;
  for (const json& event : shown.events()) {
    if (event["ph"] == "X" && event["args"].contains("command")) {
      layers.push_back(event["args"]["layer"]);
    }
  }
  EXPECT_EQ(layers, (std::vector<std::string>{"fc", "conv"}));
}

}  // namespace
}  // namespace systol
