#include "host/sweep/budget_check.h"

#include <gtest/gtest.h>

#include "sim/base/error.h"

namespace systol::test {
namespace {

RunReport report() {
  RunReport report;
  report.model = "net";
  report.array.name = "edge";
  report.cycles = Cycles(100);
  report.energy.total = Picojoules(3'249'000);
  report.nodes.resize(2);
  report.nodes[0].name = "fc1";
  report.nodes[0].ledger[CycleClass::ArrayActive] = Cycles(60);
  report.nodes[1].name = "fc2";
  report.nodes[1].energy.total = Picojoules(1250);
  return report;
}

Budget cycles(double amount, const std::string& layer = "") {
  return {"b.yaml:3:5", layer, false, amount, "cycles", 1, 0};
}

BudgetedRun run_with(const Budget& budget, bool exact = false) {
  BudgetedRun run;
  run.exact = exact;
  run.budgets = {budget};
  return run;
}

TEST(BudgetCheck, OneCycleMoreFailsAndFewerPassUnlessExact) {
  EXPECT_FALSE(compare(run_with(cycles(100)), report())[0].failed);
  EXPECT_FALSE(compare(run_with(cycles(100), true), report())[0].failed);
  EXPECT_TRUE(compare(run_with(cycles(99)), report())[0].failed);
  EXPECT_FALSE(compare(run_with(cycles(101)), report())[0].failed);
  EXPECT_TRUE(compare(run_with(cycles(101), true), report())[0].failed);
  EXPECT_TRUE(compare(run_with(cycles(59, "fc1")), report())[0].failed);
  EXPECT_EQ(compare(run_with(cycles(59, "fc1")), report())[0].difference(), 1);
}

TEST(BudgetCheck, EnergyIsComparedAtTheDigitsOfTheBudget) {
  const auto failed = [](double amount, int decimals) {
    const Budget budget{"", "", true, amount, "uJ", 1e6, decimals};
    return compare(run_with(budget), report())[0].failed;
  };
  EXPECT_FALSE(failed(3, 0));
  EXPECT_FALSE(failed(3.2, 1));
  EXPECT_TRUE(failed(3.24, 2));  // 3.249 is 3.25 there
  EXPECT_FALSE(failed(3.25, 2));
  EXPECT_TRUE(failed(3.248, 3));
  EXPECT_FALSE(failed(3.249, 3));
}

TEST(BudgetCheck, AnUnknownLayerIsRefusedWithThoseThatThereAre) {
  try {
    compare(run_with(cycles(1, "fc3")), report());
    FAIL() << "nothing was refused";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "b.yaml:3:5: layers: found 'fc3' (did you mean 'fc1'?), allowed: fc1, fc2");
  }
  RunReport twice = report();
  twice.nodes[1].name = "fc1";
  EXPECT_THROW(compare(run_with(cycles(60, "fc1")), twice), InputError);
}

TEST(BudgetCheck, TextHasALinePerFailure) {
  const std::string text = budget_text(compare(run_with(cycles(59, "fc1")), report()));
  EXPECT_NE(text.find("FAILED b.yaml:3:5: net on edge, fc1: 60 cycles, 1 cycle more than the "
                      "budget of 59 cycles (+1.69 %)\n0 of 1 budgets are met\n"),
            std::string::npos)
      << text;
}

}  // namespace
}  // namespace systol::test
