#include "host/report/comparison.h"

#include <gtest/gtest.h>

#include <vector>

#include "host/report/comparison_summary.h"
#include "host/report/comparison_text.h"
#include "host/report/json.h"
#include "sim/base/error.h"
#include "tests/host/report/made_up_report.h"

namespace systol::test {
namespace {

constexpr std::size_t kTime = 1;
constexpr std::size_t kEnergy = 3;
constexpr std::size_t kPower = 5;

/// 1,000 cycles of 2 ns, 4 uJ, 10 samples; the second on 4x128 PEs, and wrong.
std::vector<RunReport> two_reports() {
  std::vector<RunReport> reports(2, made_up_report());
  reports[1].array.name = "wide";
  reports[1].array.columns = 128;
  reports[1].check.mismatches = 1;
  for (RunReport& report : reports) {
    report.accuracy.reset();
  }
  return reports;
}

Comparison comparison_of(const std::vector<RunReport>& reports) {
  Comparison comparison;
  comparison.objectives = {kTime, kEnergy};
  for (const RunReport& report : reports) {
    comparison.rows.push_back(result_of(report));
    comparison.rows.back().number = comparison.rows.size();
  }
  return comparison;
}

/// A row with a time, an energy and a power, and nothing else.
ResultRow row_of(std::uint64_t number, double seconds, double picojoules, double watts = 0) {
  ResultRow row;
  row.number = number;
  row.model = "m";
  row.array = "a";
  row.metrics[kTime] = seconds;
  row.metrics[kEnergy] = picojoules;
  row.metrics[kPower] = watts;
  return row;
}

std::string text_of(const Comparison& comparison, ComparisonLayout layout) {
  layout.expected = comparison.rows;
  layout.limits = comparison.limits;
  ComparisonText text(std::move(layout), "--columns");
  std::string all = text.header(comparison.rows.front());
  for (const ResultRow& row : comparison.rows) {
    all += text.row(row, comparison.baseline(row.workload));
  }
  return all;
}

TEST(Comparison, TextIsARowPerRunWithOneUnitPerColumn) {
  ComparisonLayout layout;
  layout.checked = true;
  EXPECT_EQ(
      text_of(comparison_of(two_reports()), layout),
      R"( #  model  array   size   cycles  time[us]  time/base  energy[uJ]  energy/base  power[W]  area[mm2]  EDP[pJs]      TOPS    TOPS/W  TOPS/mm2  utilisation[%]   check
-------------------------------------------------------------------------------------------------------------------------------------------------------------------
 1  mlp    edge     4x4     1000         2      1.000           4        1.000         2     0.2500         8  0.007200  0.003600   0.02880              45      ok
 2  mlp    wide   4x128     1000         2      1.000           4        1.000         2     0.2500         8  0.007200  0.003600   0.02880           1.406  FAILED
)");
}

TEST(Comparison, TextFitsTheWidth) {
  for (const std::size_t width : {60U, 80U, 120U}) {
    ComparisonLayout layout;
    layout.checked = true;
    layout.width = width;
    const std::string text = text_of(comparison_of(two_reports()), layout);
    EXPECT_LE(text.find('\n'), width) << text;
    EXPECT_NE(text.find("time[us]"), std::string::npos) << text;
  }
}

TEST(Comparison, WhatIsAskedForStaysLongestInLittleRoom) {
  ComparisonLayout layout;
  layout.width = 40;
  const Comparison comparison = comparison_of(two_reports());
  EXPECT_EQ(text_of(comparison, layout).find("power"), std::string::npos);
  layout.first = {kPower};
  EXPECT_NE(text_of(comparison, layout).find("power[W]"), std::string::npos);
}

TEST(Comparison, ColumnsCanBeChosen) {
  ComparisonLayout layout;
  layout.columns = {"array", "cycles", "energy/base", "TOPS/W"};
  EXPECT_EQ(text_of(comparison_of(two_reports()), layout),
            R"( array   cycles  energy/base    TOPS/W
--------------------------------------
 edge      1000        1.000  0.003600
 wide      1000        1.000  0.003600
)");
  layout.columns = {"cyles"};
  try {
    ComparisonText(layout, "--columns");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(
        std::string(error.what())
            .rfind("--columns: found the column 'cyles' (did you mean 'cycles'?), allowed: ", 0),
        0U)
        << error.what();
  }
}

TEST(Comparison, CellsHaveNoBlanks) {
  Comparison comparison = comparison_of(two_reports());
  comparison.rows[0].model = "a b c";
  ComparisonLayout layout;
  layout.columns = {"model"};
  EXPECT_NE(text_of(comparison, layout).find(" a_b_c\n"), std::string::npos);
}

TEST(Comparison, TheFrontHasWhatNoOtherBeats) {
  Comparison comparison;
  comparison.objectives = {kTime, kEnergy};
  comparison.rows = {row_of(1, 3, 1), row_of(2, 2, 2), row_of(3, 2, 3),
                     row_of(4, 1, 4), row_of(5, 3, 1), row_of(6, 0, 0)};
  comparison.rows[5].error = "no result";
  EXPECT_EQ(comparison.front(), (std::vector<bool>{true, true, false, true, true, false}));
  comparison.objectives = {kTime};
  EXPECT_EQ(comparison.front(), (std::vector<bool>{false, false, false, true, false, false}));
}

TEST(Comparison, WorkloadsDoNotMeet) {
  Comparison comparison;
  comparison.objectives = {kTime};
  comparison.rows = {row_of(1, 3, 1), row_of(2, 2, 1)};
  comparison.rows[1].workload = 1;
  EXPECT_EQ(comparison.front(), (std::vector<bool>{true, true}));
  EXPECT_EQ(comparison.best(0, kTime), 0U);
  EXPECT_EQ(comparison.best(1, kTime), 1U);
  EXPECT_EQ(comparison.baseline(1)->number, 2U);
}

TEST(Comparison, WhatBreaksALimitIsNeitherBestNorOnTheFront) {
  Comparison comparison;
  comparison.objectives = {kTime, kEnergy};
  comparison.limits = {parse_limit("1 W", "--under")};
  comparison.rows = {row_of(1, 1, 1, 1.001), row_of(2, 2, 2, 1), row_of(3, 3, 3, 0.5)};
  EXPECT_EQ(comparison.front(), (std::vector<bool>{false, true, false}));
  EXPECT_EQ(comparison.best(0, kTime), 1U);
  EXPECT_EQ(comparison_summary(comparison.standings(kTime), {"area"}),
            "baseline: 1 (a, 0x0)\n"
            "Pareto front of time, energy: 2\n"
            "best time with power at most 1 W: 2 (a, 0x0), 2 s\n"
            "not shown in this width: area\n");
  comparison.rows.resize(1);
  comparison.rows.push_back(row_of(2, 1, 1, 2));
  EXPECT_EQ(comparison_summary(comparison.standings(kTime), {}),
            "baseline: 1 (a, 0x0)\n"
            "Pareto front of time, energy: no row\n"
            "best time with power at most 1 W: no row\n");
}

TEST(Comparison, OfALongFrontTheSummaryHasTheFirstRows) {
  Comparison comparison;
  comparison.objectives = {kTime};
  for (std::uint64_t number = 1; number <= 103; ++number) {
    comparison.rows.push_back(row_of(number, 1, 1));
  }
  EXPECT_NE(comparison_summary(comparison.standings(), {}).find(" 99 100 and 3 more\n"),
            std::string::npos);
}

TEST(Comparison, ARowWithoutAResultSaysWhy) {
  Comparison comparison = comparison_of(two_reports());
  comparison.rows[1].error = "the buffer is too small";
  comparison.rows[1].settings = {{"array.columns", "9"}};
  ComparisonLayout layout;
  layout.columns = {"number", "array", "cycles"};
  EXPECT_NE(text_of(comparison, layout).find(" 2  wide         -\n"), std::string::npos);
  EXPECT_NE(
      comparison_summary(comparison.standings(), {}).find("2 failed: the buffer is too small\n"),
      std::string::npos);
  comparison.keys = {"array.columns"};
  comparison.rows[1].check.clear();
  EXPECT_NE(comparison_csv(comparison)
                .find("mlp,wide,,,,,,,,,,,,,,,,,,,,,,false,,the buffer is "
                      "too small,9\n"),
            std::string::npos)
      << comparison_csv(comparison);
  EXPECT_EQ(comparison_json(comparison, {})["rows"][1],
            (nlohmann::ordered_json{{"number", 2},
                                    {"model", "mlp"},
                                    {"array", "wide"},
                                    {"settings", {{"array.columns", "9"}}},
                                    {"error", "the buffer is too small"}}));
}

TEST(Comparison, CsvHasTheSameInPlainUnits) {
  EXPECT_EQ(
      comparison_csv(comparison_of(two_reports())),
      "model,array,rows,columns,dataflow,batch,samples,engine,cycles,seconds,utilisation,energy_pj,"
      "energy_per_inference_pj,power_w,tops,tops_per_watt,area_um2,tops_per_mm2,check,accuracy,"
      "accuracy_float,energy_delay_js,inferences_per_second,pareto,over,error\n"
      "mlp,edge,4,4,weight_stationary,5,10,systemc,1000,2e-06,0.45,4000000,400000,2,0."
      "007200000000000001,"
      "0.0036,250000,0.028800000000000003,ok,,,8e-12,5000000,true,,\n"
      "mlp,wide,4,128,weight_stationary,5,10,systemc,1000,2e-06,0.0140625,4000000,400000,2,0."
      "007200000000000001,"
      "0.0036,250000,0.028800000000000003,FAILED,,,8e-12,5000000,true,,\n");
}

TEST(Comparison, CsvQuotesWhatWouldBreakARow) {
  std::vector<RunReport> reports(1, made_up_report());
  reports[0].model = "a \"b\", c";
  const std::string csv = comparison_csv(comparison_of(reports));
  EXPECT_NE(csv.find("\n\"a \"\"b\"\", c\",edge,"), std::string::npos) << csv;
}

TEST(Comparison, AnUncheckedRunIsNotCalledOk) {
  std::vector<RunReport> reports(1, made_up_report());
  reports[0].check.enabled = false;
  EXPECT_NE(comparison_csv(comparison_of(reports)).find(",skipped,0.9,1,"), std::string::npos);
}

TEST(Comparison, AccuracyIsAColumnWhereThereAreLabels) {
  std::vector<RunReport> reports = two_reports();
  reports[1].accuracy = Accuracy{100, 0.97, 0.98};
  ComparisonLayout layout;
  layout.columns = {"accuracy", "float_accuracy"};
  EXPECT_EQ(text_of(comparison_of(reports), layout),
            R"( accuracy[%]  float_accuracy[%]
-------------------------------
           -                  -
       97.00              98.00
)");
  const std::string csv = comparison_csv(comparison_of(reports));
  EXPECT_NE(csv.find(",ok,,,8e-12"), std::string::npos) << csv;
  EXPECT_NE(csv.find(",FAILED,0.97,0.98,8e-12"), std::string::npos) << csv;
}

TEST(Comparison, JsonHoldsEachReportWhole) {
  const std::vector<RunReport> reports = two_reports();
  const nlohmann::ordered_json json = comparison_json(comparison_of(reports), reports);
  EXPECT_EQ(json.at("schema"),
            (nlohmann::ordered_json{{"name", "systol.compare"}, {"version", 2}}));
  ASSERT_EQ(json.at("runs").size(), 2U);
  EXPECT_EQ(json.at("runs").at(0), to_json(reports[0]));
  EXPECT_EQ(json.at("runs").at(1), to_json(reports[1]));
  EXPECT_EQ(json.at("rows").at(1).at("cycles"), 1000);
  EXPECT_EQ(json.at("rows").at(1).at("pareto"), true);
}

TEST(Comparison, OfNothingIsAHeader) {
  EXPECT_EQ(comparison_json({}, {}).at("runs").size(), 0U);
  EXPECT_EQ(comparison_csv({}).find('\n'), comparison_csv({}).size() - 1);
}

}  // namespace
}  // namespace systol::test
