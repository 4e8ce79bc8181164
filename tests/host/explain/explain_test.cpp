#include "host/explain/explain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "host/explain/explanation_json.h"
#include "host/import/model.h"
#include "host/session/run.h"
#include "sim/config/array_file.h"

namespace systol {
namespace {

/// A 16 x 16 array of 1 GHz whose memory answers 100 cycles later, a tile at a time.
ArrayConfig one_tile_at_a_time() {
  ArrayConfig config =
      load_array_config(std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs/edge_16x16.yaml");
  config.clock = Hertz(1'000'000'000);
  config.weight_fifo_tiles = 1;
  config.memories[0].bandwidth.reset();
  config.memories[0].latency = Picoseconds(100'000);
  return config;
}

Explanation explained(const std::string& sizes, const ArrayConfig& config) {
  return explain(prepare(import_model_or_sizes(sizes, {}, {}), synthetic_samples(1)), config, 1, 1);
}

const ParameterEffect& effect_of(const Explanation& explanation, const std::string& key) {
  return *std::ranges::find(explanation.effects, key, &ParameterEffect::key);
}

TEST(Explain, OfALatencyGainsItOncePerTile) {
  // A tile is asked for when the one before it has shifted, and comes 100 cycles later, or without
  // a latency in the next: 99 cycles less for each tile more.
  const auto gain = [](const std::string& sizes) {
    const Explanation explanation = explained(sizes, one_tile_at_a_time());
    const ParameterEffect& effect = effect_of(explanation, "memory.dram.latency");
    EXPECT_EQ(effect.steps.back().value, 0U);
    return (explanation.time.cycles - effect.steps.back().time.cycles).count();
  };
  EXPECT_EQ(gain("16x512") - gain("16x256"), 16U * 99U);
}

TEST(Explain, NamesTheChangesThatGainMostAndWhatBindsThen) {
  const Explanation explanation = explained("64x1024", one_tile_at_a_time());
  EXPECT_EQ(explanation.time.bound_by, "weights' memory");
  ASSERT_EQ(explanation.best.size(), 3U);
  const ParameterEffect& first = explanation.effects[explanation.best[0]];
  EXPECT_EQ(first.key, "memory.dram.latency");
  EXPECT_EQ(explanation.effects[explanation.best[1]].key, "weight_fifo.tiles");
  EXPECT_EQ(explanation.effects[explanation.best[2]].key, "clock");
  // Without a latency a tile shifts every 17 cycles, and is waited for in one of them.
  EXPECT_EQ(first.steps[first.enough.value()].time.bound_by, "weight shift");
  const std::string text = to_text(explanation, 1);
  EXPECT_NE(text.find("more tiles in the weight FIFO: -"), std::string::npos) << text;
  EXPECT_NE(text.find("as the weight FIFO was full"), std::string::npos) << text;
}

TEST(Explain, SaysWhatEachStalledCycleWentTo) {
  const Explanation explanation = explained("64x64x10", one_tile_at_a_time());
  Cycles waits;
  for (const Cycles wait : explanation.waits) {
    waits += wait;
  }
  EXPECT_EQ(waits + explanation.ledger[CycleClass::ArrayActive], explanation.time.cycles);
  Cycles chains;
  for (const ChainGroup& group : explanation.chains) {
    chains += group.total;
  }
  EXPECT_EQ(chains, waits);
}

TEST(Explain, PredictsWhatTheProgramTakesOnTheOtherMachine) {
  // The compiler makes of one dense layer the same program for both.
  const ArrayConfig config = one_tile_at_a_time();
  const Explanation explanation = explained("64x1024", config);
  const ParameterEffect& fifo = effect_of(explanation, "weight_fifo.tiles");
  for (const StepEffect& step : fifo.steps) {
    ArrayConfig other = config;
    other.weight_fifo_tiles = static_cast<std::uint32_t>(step.value);
    const Prepared prepared =
        prepare(import_model_or_sizes("64x1024", {}, {}), synthetic_samples(1));
    ClockedEngine clocked;
    clocked.unit = ClockedUnit::SystemC;
    EXPECT_EQ(run(prepared, other, clocked).cycles, step.time.cycles) << step.value;
  }
}

TEST(Explain, SaysHowFarItIs) {
  std::vector<std::string> steps;
  std::vector<std::string> keys;
  const Progress listen = [&](const ProgressReport& report) {
    if (steps.empty() || steps.back() != report.step) {
      steps.emplace_back(report.step);
    }
    if (report.position && report.position->counted == "parameter") {
      keys.emplace_back(report.position->name);
    }
  };
  explain(prepare(import_model_or_sizes("16x512", {}, {}), synthetic_samples(1)),
          one_tile_at_a_time(), 1, 1, listen);
  EXPECT_EQ(steps,
            (std::vector<std::string>{"simulating", "changing one parameter at a time", ""}));
  EXPECT_EQ(keys.front(), "memory.dram.latency");
  EXPECT_EQ(keys.back(), "clock");
}

TEST(Explain, OfAnArrayThatCanHaveNoMoreSaysSo) {
  ArrayConfig config = one_tile_at_a_time();
  config.clock = Hertz(10'000'000'000);
  config.weight_fifo_tiles = 64;
  config.dma_outstanding = 64;
  config.command_queue_depth = 1'024;
  config.memories[0].latency = Picoseconds(0);
  const Explanation explanation = explained("16x16", config);
  EXPECT_TRUE(explanation.best.empty());
  EXPECT_NE(to_text(explanation, 1).find("no change of one parameter takes"), std::string::npos);
}

TEST(Explain, FitsItsTableToTheTerminal) {
  const Explanation explanation = explained("64x1024", one_tile_at_a_time());
  const std::string whole = to_text(explanation, 0);
  const std::string narrow = to_text(explanation, 0, 60);
  EXPECT_NE(whole.find("  bound by then\n---"), std::string::npos) << whole;
  EXPECT_EQ(narrow.find("  bound by then\n---"), std::string::npos) << narrow;
  EXPECT_NE(narrow.find("not shown in this width: "), std::string::npos) << narrow;
}

TEST(Explain, HasAJsonForm) {
  const nlohmann::ordered_json json = to_json(explained("64x1024", one_tile_at_a_time()));
  EXPECT_EQ(json.at("schema").at("name"), "systol.explain");
  EXPECT_EQ(json.at("best").at(1), "weight_fifo.tiles");
  std::uint64_t cycles = json.at("array_active").get<std::uint64_t>();
  for (const auto& chain : json.at("chains")) {
    std::uint64_t steps = 0;
    for (const auto& step : chain.at("steps")) {
      steps += step.at("cycles").get<std::uint64_t>();
    }
    EXPECT_EQ(steps, chain.at("cycles").get<std::uint64_t>());
    cycles += steps;
  }
  EXPECT_EQ(cycles, json.at("time").at("cycles").get<std::uint64_t>());
}

}  // namespace
}  // namespace systol
