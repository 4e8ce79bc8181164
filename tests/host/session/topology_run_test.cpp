// run_topology: layers that run one after another and add up.
#include "host/session/topology_run.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <numeric>

#include "host/import/synthetic.h"
#include "host/report/timeline.h"
#include "sim/base/error.h"
#include "sim/config/array_file.h"
#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

class TopologyRun : public ::testing::Test {
 protected:
  ArrayConfig array_ = load_array_config(SYSTOL_SOURCE_DIR "/configs/edge_8x8.yaml");
  Topology topology_ = {"three", {{"a", 20, 9, 17}, {"b", 1, 3, 5}, {"a", 20, 9, 17}}};

  RunReport run(const EngineSpec& engine = {}, const RunOptions& options = {}) const {
    return run_topology(topology_, array_, engine, options);
  }
  RunReport run_one(std::size_t i, const EngineSpec& engine = {},
                    const RunOptions& options = {}) const {
    return run_topology({"one", {topology_.layers[i]}}, array_, engine, options);
  }
};

TEST_F(TopologyRun, TheReportIsOfAllLayersInOrder) {
  const RunReport report = run();
  EXPECT_EQ(report.model, "three");
  EXPECT_EQ(report.engine, "fast");
  EXPECT_EQ(report.array.name, "edge-8x8");
  EXPECT_EQ(report.input,
            "3 layer shapes with made-up values, one after another, each from memory to memory");
  EXPECT_EQ(report.samples, 1U);
  EXPECT_EQ(report.batch, 1U);
  ASSERT_EQ(report.nodes.size(), 3U);
  EXPECT_EQ(report.nodes[1].name, "b");
  EXPECT_EQ(report.nodes[0].m, 20U);
  EXPECT_EQ(report.nodes[0].n, 9U);
  EXPECT_EQ(report.nodes[0].k, 17U);
  EXPECT_EQ(run_one(0).input,
            "1 layer shape with made-up values, one after another, each from memory to memory");
}

TEST_F(TopologyRun, EverythingAddsUp) {
  const RunReport report = run();
  const std::array parts = {run_one(0), run_one(1), run_one(2)};
  RunReport sum;
  double energy = 0;
  for (const RunReport& part : parts) {
    sum.cycles += part.cycles;
    sum.ledger += part.ledger;
    sum.check.compared += part.check.compared;
    for (std::size_t i = 0; i < sum.commands.size(); ++i) {
      sum.commands[i] += part.commands[i];
    }
    energy += part.energy.total.count();
  }
  EXPECT_EQ(report.cycles, sum.cycles);
  EXPECT_EQ(report.ledger, sum.ledger);
  EXPECT_EQ(report.ledger.total(), report.cycles);
  EXPECT_EQ(report.commands, sum.commands);
  EXPECT_NEAR(report.energy.total.count(), energy, energy * 0.01) << "values differ by the seed";
  EXPECT_EQ(report.activity[Action::MacsUseful], 2U * 20 * 9 * 17 + 3 * 5);
  // Each value as it is computed and once more as it is stored.
  EXPECT_EQ(report.check.compared, 2U * (2 * 20 * 9 + 3));
  EXPECT_EQ(report.check.compared, sum.check.compared);
  EXPECT_TRUE(report.check.passed());
  double components = 0;
  for (const EnergyComponent& component : report.energy.components) {
    components += component.energy.count();
  }
  EXPECT_NEAR(components, report.energy.total.count(), 1e-6 * components);
}

TEST_F(TopologyRun, ALayerIsTheNetworkOfThatSize) {
  // The same as one dense layer with M samples in one batch.
  Graph graph = graph_of(topology_.layers[0], 1);
  fill_constants(graph);
  Samples samples;
  samples.count = 20;
  samples.values = synthetic_inputs(graph, 20, 1);
  samples.calibration = samples.values;
  const RunReport network = systol::run(prepare(graph, samples), array_);
  EXPECT_EQ(run_one(0).cycles, network.cycles);
  EXPECT_EQ(run_one(0).ledger, network.ledger);
  EXPECT_EQ(run_one(0).commands, network.commands);
}

TEST_F(TopologyRun, CommandTimesGoOnFromLayerToLayer) {
  RunOptions options;
  options.command_times = true;
  const RunReport report = run({}, options);
  const RunReport first = run_one(0, {}, options);
  const RunReport second = run_one(1, {}, options);
  ASSERT_EQ(report.command_times.size(),
            2 * first.command_times.size() + second.command_times.size());
  const CommandTime& time = report.command_times[first.command_times.size()];
  EXPECT_EQ(time.node, 1U);
  EXPECT_EQ(time.start, first.cycles + second.command_times[0].start);
  EXPECT_EQ(time.end, first.cycles + second.command_times[0].end);
}

TEST_F(TopologyRun, NotesAreSaidOnce) {
  const EngineSpec time_only = FastEngine{.values = false};
  EXPECT_EQ(run(time_only).notes, run_one(0, time_only).notes);
  EXPECT_EQ(run(time_only).notes.size(), 1U);
  EXPECT_FALSE(run(time_only).check.enabled);
  EXPECT_EQ(run(time_only).cycles, run().cycles);
}

TEST_F(TopologyRun, AFaultInAnyLayerIsAMismatch) {
  topology_ = {"two", {{"narrow", 4, 1, 1}, {"wide", 4, 8, 8}}};
  const RunReport report =
      run(ClockedEngine{ClockedUnit::SystemC, std::nullopt, StuckBit{2, 2, 14}});
  EXPECT_FALSE(report.check.passed());
  ASSERT_TRUE(report.check.first_mismatch);
  EXPECT_EQ(report.check.first_mismatch->node, "wide");
}

TEST_F(TopologyRun, AWaveOfAWholeRunIsOfOneLayer) {
  WaveOptions wave;
  wave.path = "never-written.fst";
  try {
    run(ClockedEngine{ClockedUnit::SystemC, wave, {}});
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "three: a wave records one run, and each of the 3 layers is a run of its own: "
                 "choose a layer");
  }
}

TEST_F(TopologyRun, AWindowIsOfTheLayerThatItNames) {
  const TempFiles files;
  WindowedEngine engine{ClockedUnit::SystemC, {"b", std::nullopt}, {}, true};
  engine.wave.path = files.path("b.vcd");
  EXPECT_EQ(run(engine).cycles, run().cycles);
  EXPECT_TRUE(std::filesystem::exists(files.path("b.vcd")));
  engine.window.layer = "nope";
  EXPECT_THROW(run(engine), InputError);
}

TEST_F(TopologyRun, ATimelineGoesOnFromLayerToLayer) {
  const EnergyTable table = load_energy_table(array_.energy);
  Timeline timeline(array_, table, {});
  RunOptions options;
  options.observers = {&timeline};
  const RunReport report = run({}, options);
  const nlohmann::json events = nlohmann::json::parse(timeline.json())["traceEvents"];
  std::uint64_t last = 0;
  std::size_t commands = 0;
  for (const nlohmann::json& event : events) {
    if (event["ph"] == "X" && event["args"].contains("command")) {
      ++commands;
      last = std::max(last, event["args"]["end"].get<std::uint64_t>());
    }
  }
  EXPECT_EQ(last, report.cycles.count());
  EXPECT_EQ(commands, std::accumulate(report.commands.begin(), report.commands.end(), 0U));
}

}  // namespace
}  // namespace systol
