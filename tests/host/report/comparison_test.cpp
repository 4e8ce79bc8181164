#include "host/report/comparison.h"

#include <gtest/gtest.h>

#include <vector>

#include "host/report/json.h"
#include "tests/host/report/made_up_report.h"

namespace systol::test {
namespace {

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

TEST(Comparison, IsARowPerRun) {
  EXPECT_EQ(
      comparison_text(two_reports()),
      R"(model         array           dataflow  batch  cycles     time  utilisation   energy  per inference   power    TOPS  TOPS/W      area  TOPS/mm2   check
-------------------------------------------------------------------------------------------------------------------------------------------------------
mlp      edge (4x4)  weight-stationary      5   1 000  2.00 us       45.0 %  4.00 uJ         400 nJ  2.00 W  0.0072  0.0036  0.25 mm2    0.0288      ok
mlp    wide (4x128)  weight-stationary      5   1 000  2.00 us        1.4 %  4.00 uJ         400 nJ  2.00 W  0.0072  0.0036  0.25 mm2    0.0288  FAILED
)");
}

TEST(Comparison, CsvHasTheSameInPlainUnits) {
  EXPECT_EQ(
      comparison_csv(two_reports()),
      "model,array,rows,columns,dataflow,batch,samples,engine,cycles,seconds,utilisation,energy_pj,"
      "energy_per_inference_pj,power_w,tops,tops_per_watt,area_um2,tops_per_mm2,check,accuracy,"
      "accuracy_float\n"
      "mlp,edge,4,4,weight_stationary,5,10,systemc,1000,2e-06,0.45,4000000,400000,2,0."
      "007200000000000001,"
      "0.0036,250000,0.028800000000000003,ok,,\n"
      "mlp,wide,4,128,weight_stationary,5,10,systemc,1000,2e-06,0.0140625,4000000,400000,2,0."
      "007200000000000001,"
      "0.0036,250000,0.028800000000000003,FAILED,,\n");
}

TEST(Comparison, CsvQuotesWhatWouldBreakARow) {
  std::vector<RunReport> reports(1, made_up_report());
  reports[0].model = "a \"b\", c";
  const std::string csv = comparison_csv(reports);
  EXPECT_NE(csv.find("\n\"a \"\"b\"\", c\",edge,"), std::string::npos) << csv;
}

TEST(Comparison, AnUncheckedRunIsNotCalledOk) {
  std::vector<RunReport> reports(1, made_up_report());
  reports[0].check.enabled = false;
  EXPECT_NE(comparison_csv(reports).find(",skipped,0.9,1\n"), std::string::npos);
}

TEST(Comparison, AccuracyIsAColumnWhereThereAreLabels) {
  std::vector<RunReport> reports = two_reports();
  reports[1].accuracy = Accuracy{100, 0.97, 0.98};
  const std::string text = comparison_text(reports);
  EXPECT_NE(text.find("check  int8 accuracy  float accuracy\n"), std::string::npos) << text;
  EXPECT_NE(text.find("FAILED         97.0 %          98.0 %\n"), std::string::npos) << text;
  EXPECT_NE(comparison_csv(reports).find(",ok,,\n"), std::string::npos) << comparison_csv(reports);
  EXPECT_NE(comparison_csv(reports).find(",FAILED,0.97,0.98\n"), std::string::npos);
}

TEST(Comparison, JsonHoldsEachReportWhole) {
  const std::vector<RunReport> reports = two_reports();
  const nlohmann::ordered_json json = comparison_json(reports);
  EXPECT_EQ(json.at("schema"),
            (nlohmann::ordered_json{{"name", "systol.compare"}, {"version", 2}}));
  ASSERT_EQ(json.at("runs").size(), 2U);
  EXPECT_EQ(json.at("runs").at(0), to_json(reports[0]));
  EXPECT_EQ(json.at("runs").at(1), to_json(reports[1]));
}

TEST(Comparison, OfNothingIsAHeader) {
  EXPECT_EQ(comparison_json({}).at("runs").size(), 0U);
  EXPECT_EQ(comparison_csv({}).find('\n'), comparison_csv({}).size() - 1);
}

}  // namespace
}  // namespace systol::test
