#include "host/sweep/budgets.h"

#include <gtest/gtest.h>

#include "sim/base/error.h"
#include "tests/sim/config/temp_files.h"

namespace systol::test {
namespace {

class BudgetsFile : public ::testing::Test {
 protected:
  /// One run with these keys beside its model and array.
  std::vector<BudgetedRun> load(const std::string& more) {
    folder_.write("b.yaml", "budgets:\n  - {model: 20x10, array: a.yaml, " + more + "}\n");
    return load_budgets(folder_.path("b.yaml"));
  }
  /// Without the folder's name.
  std::string refused(const std::string& more) {
    try {
      load(more);
    } catch (const InputError& error) {
      const std::string text = error.what();
      return text.substr(text.find("b.yaml"));
    }
    return "nothing was refused";
  }

  TempFiles folder_;
};

TEST_F(BudgetsFile, HasRunsLayersAndNumbers) {
  const std::vector<BudgetedRun> runs = load(
      "set: {memory.dram.latency: 5 ns}, dataflow: output_stationary, batch: 3, data: true, "
      "exact: true, cycles: 1234, energy: 3.20 uJ, layers: {fc1: {cycles: 7}}");
  ASSERT_EQ(runs.size(), 1U);
  const BudgetedRun& run = runs[0];
  EXPECT_EQ(run.model, "20x10");
  EXPECT_EQ(run.array, folder_.path("a.yaml"));
  EXPECT_EQ(run.overrides, (std::vector<std::string>{"memory.dram.latency=5 ns",
                                                     "array.dataflow=output_stationary"}));
  EXPECT_EQ(run.batch, 3U);
  EXPECT_TRUE(run.data && run.exact);
  ASSERT_EQ(run.budgets.size(), 3U);
  EXPECT_EQ(run.budgets[0].amount, 1234);
  EXPECT_EQ(run.budgets[0].layer, "");
  EXPECT_TRUE(run.budgets[1].is_energy);
  EXPECT_DOUBLE_EQ(run.budgets[1].amount, 3.2);
  EXPECT_EQ(run.budgets[1].unit, "uJ");
  EXPECT_EQ(run.budgets[1].picojoules, 1e6);
  EXPECT_EQ(run.budgets[1].decimals, 2);
  EXPECT_EQ(run.budgets[2].layer, "fc1");
  EXPECT_EQ(run.budgets[2].amount, 7);
}

TEST_F(BudgetsFile, IsRefusedByPlace) {
  EXPECT_EQ(refused("cycle: 1")
                .rfind("b.yaml:2:35: unknown key 'budgets[0].cycle' (did you mean 'cycles'?)", 0),
            0U)
      << refused("cycle: 1");
  EXPECT_EQ(refused("batch: 1"),
            "b.yaml:2:5: budgets[0]: found no budget, allowed: cycles, energy and layers");
  EXPECT_EQ(
      refused("layers: {fc1: {}}"),
      "b.yaml:2:49: budgets[0].layers.fc1: found no budget, allowed: cycles, energy, or both");
  EXPECT_EQ(refused("energy: 1.0123456789 pJ"),
            "b.yaml:2:43: budgets[0].energy: found 10 digits behind the point, allowed: at most 9");
  EXPECT_NE(refused("cycles: 1, cycles: 2").find("cycles"), std::string::npos);
  EXPECT_NE(refused("energy: 3").find("b.yaml:2:43: budgets[0].energy: found"), std::string::npos);
  EXPECT_NE(refused("cycles: -1").find("b.yaml:2:43: budgets[0].cycles: found '-1'"),
            std::string::npos);
}

}  // namespace
}  // namespace systol::test
