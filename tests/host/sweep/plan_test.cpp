#include "host/sweep/plan.h"

#include <gtest/gtest.h>

#include <set>

#include "host/sweep/design_space.h"
#include "sim/base/error.h"
#include "tests/sim/config/temp_files.h"

namespace systol::test {
namespace {

constexpr const char* kHead = "models: [64, net.onnx]\narrays: [a.yaml]\n";

class SweepPlanFile : public ::testing::Test {
 protected:
  SweepPlan load(const std::string& more) {
    folder_.write("plan.yaml", kHead + more);
    return load_sweep_plan(folder_.path("plan.yaml"));
  }
  /// Without the folder's name.
  std::string refused(const std::string& more) {
    try {
      load(more);
    } catch (const InputError& error) {
      const std::string text = error.what();
      return text.substr(text.find("plan.yaml"));
    }
    return "nothing was refused";
  }

  TempFiles folder_;
};

TEST_F(SweepPlanFile, HasDefaults) {
  const SweepPlan plan = load("");
  EXPECT_EQ(plan.models, (std::vector<std::string>{"64", folder_.path("net.onnx").string()}));
  EXPECT_EQ(plan.engine, "fast");
  EXPECT_FALSE(plan.data);
  EXPECT_EQ(plan.objectives.size(), 3U);
  EXPECT_EQ(DesignSpace(plan).size(), 2U);
}

TEST_F(SweepPlanFile, HasListsRangesAndKeysThatChangeTogether) {
  const SweepPlan plan = load(
      "set: {memory.dram.latency: 5 ns}\n"
      "parameters:\n"
      "  array.rows: {from: 8, to: 32, factor: 2}\n"
      "  'a:b': [[1, 2], [3, 4]]\n"
      "  c: [16 GB/s]\n"
      "where: ['array.rows * a <= 24']\n");
  EXPECT_EQ(plan.overrides, std::vector<std::string>{"memory.dram.latency=5 ns"});
  const DesignSpace space(plan);
  ASSERT_EQ(space.size(), 2U * 3U * 2U);
  const auto point = space.point(6 + 1);
  ASSERT_TRUE(point);
  EXPECT_EQ(point->model, 1U);
  EXPECT_EQ(point->settings,
            (std::vector<Setting>{{"array.rows", "8"}, {"a", "3"}, {"b", "4"}, {"c", "16 GB/s"}}));
  EXPECT_TRUE(space.point(2)) << "16 * 1";
  EXPECT_FALSE(space.point(3)) << "16 * 3";
  EXPECT_FALSE(space.point(4)) << "32 * 1";
}

TEST_F(SweepPlanFile, WhatIsWrongIsNamed) {
  EXPECT_EQ(
      refused("modles: [1]\n"),
      "plan.yaml:3:1: unknown key 'modles' (did you mean 'models'?); allowed: models, arrays, "
      "set, parameters, where, sampling, engine, data, batch, limits, objectives");
  EXPECT_EQ(refused("parameters: {a: []}\n"),
            "plan.yaml:3:17: parameters.a: found a list of 0, allowed: 1 to 1000000");
  EXPECT_EQ(refused("parameters: {a: {from: 1, to: 99999}, b: {from: 1, to: 99999}}\n"),
            "plan.yaml:3:13: parameters: found a grid of more than 100000000 points, allowed: at "
            "most so many; a random or Latin hypercube sample visits some of them");
  EXPECT_EQ(
      refused("objectives: [speed]\n")
          .rfind("plan.yaml:3:14: objectives[0]: found the metric 'speed', allowed: cycles", 0),
      0U);
  EXPECT_EQ(refused("limits: [1 V]\n").rfind("plan.yaml:3:10: limits[0]: found '1 V'", 0), 0U);
  EXPECT_EQ(refused("where: [b < 1]\nparameters: {a: [1]}\n"),
            "plan.yaml:3:9: where[0]: found 'b < 1': 'b' is no number and no key that is swept: a");
  EXPECT_EQ(refused("where: [b < 1]\n"),
            "plan.yaml:3:9: where[0]: found 'b < 1': 'b' is no number and no key that is swept; "
            "none is");
  EXPECT_EQ(refused("where: [a]\nparameters: {a: [1]}\n").rfind("plan.yaml:3:9: where[0]: ", 0),
            0U);
  EXPECT_EQ(refused("engine: rtl\ndata: false\n"),
            "plan.yaml:4:7: data: the engine rtl moves data by nature; allowed: true");
  EXPECT_EQ(refused("sampling: {kind: grid, points: 3}\n"),
            "plan.yaml:3:32: sampling.points: a grid has all its points; allowed: random or "
            "latin_hypercube with it");
}

TEST_F(SweepPlanFile, ASampleIsTheSameForASeedAndAnotherForAnother) {
  const std::string axes = "parameters: {a: {from: 1, to: 1000}, b: {from: 1, to: 1000}}\n";
  const auto settings = [&](const std::string& seed) {
    const SweepPlan plan =
        load(axes + "sampling: {kind: random, points: 20, seed: " + seed + "}\n");
    const DesignSpace space(plan);
    std::vector<std::string> texts;
    for (std::uint64_t i = 0; i < space.size(); ++i) {
      texts.push_back(text_of(space.point(i)->settings[0]) + text_of(space.point(i)->settings[1]));
    }
    return texts;
  };
  EXPECT_EQ(settings("1"), settings("1"));
  EXPECT_NE(settings("1"), settings("2"));
}

TEST_F(SweepPlanFile, ALatinHypercubeHasEachStratumOfEachAxisOnce) {
  const SweepPlan plan = load(
      "parameters: {a: {from: 1, to: 50}, b: {from: 1, to: 100}}\n"
      "sampling: {kind: latin_hypercube, points: 50, seed: 3}\n");
  const DesignSpace space(plan);
  std::set<std::string> a;
  std::set<int> b;
  for (std::uint64_t i = 0; i < 50; ++i) {
    const auto point = space.point(i);
    a.insert(point->settings[0].value);
    b.insert((std::stoi(point->settings[1].value) - 1) / 2);
  }
  EXPECT_EQ(a.size(), 50U);
  EXPECT_EQ(b.size(), 50U);
}

}  // namespace
}  // namespace systol::test
