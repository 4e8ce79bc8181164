// What a run says of how far it is.
#include "host/session/progress.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "host/import/sizes.h"
#include "host/session/run.h"
#include "host/session/topology_run.h"
#include "sim/config/array_file.h"

namespace systol {
namespace {

struct Heard {
  std::string step;
  std::size_t layer = 0;
  std::size_t layers = 0;
  std::string name;
  std::optional<Cycles> cycle;
  double done = -1;
};

class RunProgress : public ::testing::Test {
 protected:
  ArrayConfig array_ = load_array_config(SYSTOL_SOURCE_DIR "/configs/edge_8x8.yaml");
  Prepared prepared_ = prepare(dense_from_sizes("19x13x6"), synthetic_samples(5));
  std::vector<Heard> heard_;
  Progress listen_ = [this](const ProgressReport& report) {
    Heard one;
    one.step = report.step;
    if (report.position) {
      const ProgressPosition& at = *report.position;
      one = {one.step, at.layer, at.layers, std::string(at.name), at.cycle, at.done};
    }
    heard_.push_back(one);
  };

  /// Each step once, in the order in which they began.
  std::vector<std::string> steps() const {
    std::vector<std::string> result;
    for (const Heard& one : heard_) {
      if (result.empty() || result.back() != one.step) {
        result.push_back(one.step);
      }
    }
    return result;
  }
  std::vector<Heard> of(const std::string& step) const {
    std::vector<Heard> result;
    for (const Heard& one : heard_) {
      if (one.step == step) {
        result.push_back(one);
      }
    }
    return result;
  }
};

TEST_F(RunProgress, GoesFromStepToStepAndSaysThatItIsOver) {
  run(prepared_, array_, {}, {}, listen_);
  EXPECT_EQ(steps(), (std::vector<std::string>{"making up weights", "calibrating",
                                               "computing the expected values", "simulating",
                                               "computing in floating point", ""}));
}

TEST_F(RunProgress, CountsTheWeightsThatAreMadeUp) {
  run(prepared_, array_, {}, {}, listen_);
  const std::vector<Heard> positions = of("making up weights");
  ASSERT_EQ(positions.size(), 2U);
  EXPECT_EQ(positions[0].layers, 2U);
  // 19 x 13 weights and 13 biases, then 13 x 6 and 6.
  EXPECT_EQ(positions[0].done, 260.0 / (260 + 84));
  EXPECT_EQ(positions[1].done, 1);
}

TEST_F(RunProgress, OfWhatIsKnownAlreadyIsNotHeardAgain) {
  run(prepared_, array_);
  run(prepared_, array_, {}, {}, listen_);
  EXPECT_EQ(steps(), (std::vector<std::string>{"simulating", ""}));
}

TEST_F(RunProgress, CountsANodesWorkByItsProducts) {
  run(prepared_, array_, {}, {}, listen_);
  // 13 sums of 19 products and 6 of 13, each with the writing of a value.
  const double all = 13 * 20 + 6 * 14;
  for (const char* step : {"computing the expected values", "computing in floating point"}) {
    const std::vector<Heard> positions = of(step);
    ASSERT_EQ(positions.size(), 2U) << step;
    EXPECT_EQ(positions[0].name, "dense_1");
    EXPECT_EQ(positions[0].layer, 1U);
    EXPECT_EQ(positions[0].layers, 2U);
    EXPECT_EQ(positions[0].cycle, std::nullopt);
    EXPECT_DOUBLE_EQ(positions[0].done, 13 * 20 / all);
    EXPECT_EQ(positions[1].name, "dense_2");
    EXPECT_EQ(positions[1].done, 1.0);
  }
}

TEST_F(RunProgress, OfTheSimulationIsCyclesAndProducts) {
  for (const EngineSpec& engine : {EngineSpec(FastEngine{}), EngineSpec(FastEngine{false}),
                                   EngineSpec(ClockedEngine{ClockedUnit::SystemC, {}, {}})}) {
    heard_.clear();
    const RunReport report = run(prepared_, array_, engine, {}, listen_);
    const std::vector<Heard> positions = of("simulating");
    // 5 samples through the first tile of 8 x 8, of (19 * 13 + 13 * 6) * 5 products in all.
    EXPECT_EQ(std::ranges::find_if(positions, [](const Heard& at) { return at.done > 0; })->done,
              5.0 * 8 * 8 / 1625);
    EXPECT_EQ(positions.back().done, 1.0);
    EXPECT_EQ(positions.back().cycle, report.cycles) << report.engine;
    EXPECT_EQ(positions.back().name, "dense_2");
  }
}

TEST_F(RunProgress, DoesNotChangeTheRun) {
  const RunReport silent = run(prepared_, array_);
  const RunReport heard = run(prepared_, array_, {}, {}, listen_);
  EXPECT_EQ(heard.cycles, silent.cycles);
  EXPECT_EQ(heard.activity, silent.activity);
  EXPECT_EQ(heard.outputs.front().quantised, silent.outputs.front().quantised);
}

TEST_F(RunProgress, ThatThrowsEndsTheRun) {
  const Progress stop = [](const ProgressReport& report) {
    if (report.step == "simulating") {
      throw std::runtime_error("enough");
    }
  };
  EXPECT_THROW(run(prepared_, array_, {}, {}, stop), std::runtime_error);
}

TEST_F(RunProgress, OfATopologyGoesFromLayerToLayer) {
  const Topology topology{"three", {{"a", 20, 9, 17}, {"b", 1, 3, 5}, {"c", 20, 9, 17}}};
  run_topology(topology, array_, FastEngine{}, {}, listen_);
  EXPECT_EQ(steps(), (std::vector<std::string>{"running layers", ""}));
  const double all = 2.0 * 20 * 9 * 17 + 1 * 3 * 5;
  double before = 0;
  for (const Heard& at : of("running layers")) {
    EXPECT_GE(at.done, before);
    before = at.done;
    EXPECT_EQ(at.layers, 3U);
    if (at.name == "b" && !at.cycle) {
      EXPECT_DOUBLE_EQ(at.done, 20 * 9 * 17 / all);
      EXPECT_EQ(at.layer, 2U);
    }
  }
  EXPECT_DOUBLE_EQ(before, 1.0);
}

}  // namespace
}  // namespace systol
