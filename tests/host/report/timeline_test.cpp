#include "host/report/timeline.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace systol {
namespace {

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
    Timeline timeline(array, energy, {"fc"});
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

isa::MatmulInPlace in_place(std::uint32_t depth) {
  return {{0, 3, depth}, depth, 4, 0, true, true};
}
const isa::LoadWeights kTile{isa::Space::Weights, 0, 4, 4};
const isa::LoadTile kTileOfSamples{{0, 3, 4}, 4, true};

TEST(Timeline, AMatmulInPlaceIsShownForTheStepsItFeeds) {
  const Shown shown({{kTile, 0, 1}, {in_place(4), 1, 16}, {kTile, 2, 3}, {in_place(4), 5, 20}});
  EXPECT_EQ(shown.slice(1)["name"], "matmul_in_place");
  EXPECT_EQ(shown.slice(1)["tid"], static_cast<int>(Unit::Matrix));
  EXPECT_EQ(shown.slice(1)["ts"], 1);
  EXPECT_EQ(shown.slice(1)["dur"], 4);
  EXPECT_EQ(shown.slice(1)["args"]["end"], 16);
  EXPECT_EQ(shown.slice(1)["args"]["buffer_bytes"], 3 * 4);
  EXPECT_EQ(shown.slice(3)["ts"], 5) << "behind it, though its sums are still on their way";
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
  const Shown fed({{kTile, 0, 1}, {kTile, 1, 2}, {in_place(4), 3, 18}, {in_place(4), 7, 22}});
  EXPECT_EQ(fed.counter("weight tiles"), (Points{{1, 1}, {2, 2}, {3, 1}, {7, 0}}));
  isa::Matmul matmul{{0, 2, 4}, 4, 3, 0, false, false};
  isa::Matmul reused = matmul;
  reused.reuse = true;
  const Shown active({{kTileOfSamples, 0, 4}, {matmul, 5, 15}, {reused, 7, 17}});
  EXPECT_EQ(active.counter("weight tiles"), (Points{{4, 1}, {5, 0}}));
}

TEST(Timeline, AnArrowLeavesAMatmulInPlaceWhereItFeedsLast) {
  isa::Activate activate;
  activate.columns = 4;
  activate.buffer = {0, 3, 4};
  const Shown shown({{kTile, 0, 1},
                     {in_place(4), 1, 16, {}, {Unit::Activate}},
                     {activate, 16, 24, {Unit::Matrix}, {}}});
  std::vector<std::pair<std::string, int>> arrows;
  for (const json& event : shown.events) {
    if (event["ph"] == "s" || event["ph"] == "f") {
      arrows.emplace_back(event["ph"], event["ts"]);
    }
  }
  EXPECT_EQ(arrows, (std::vector<std::pair<std::string, int>>{{"s", 4}, {"f", 16}}));
}

}  // namespace
}  // namespace systol
