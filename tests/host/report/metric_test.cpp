#include "host/report/metric.h"

#include <gtest/gtest.h>

#include "host/report/limit.h"
#include "host/report/node_csv.h"
#include "sim/base/error.h"
#include "tests/host/report/made_up_report.h"

namespace systol::test {
namespace {

const Metric& metric(std::string_view name) { return metrics()[*find_metric(name)]; }

std::string refused(auto&& call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.what();
  }
  return "nothing was refused";
}

TEST(Metric, IsFoundByNameKeyAndTitleInAnyCase) {
  EXPECT_EQ(find_metric("energy"), find_metric("ENERGY_pj"));
  EXPECT_EQ(find_metric("tops_per_watt"), find_metric("TOPS/W"));
  EXPECT_EQ(find_metric("EDP"), find_metric("energy_delay_js"));
  EXPECT_EQ(find_metric(""), std::nullopt);
  EXPECT_EQ(
      refused([] {
        metric_index("enrgy", "--best");
      }).rfind("--best: found the metric 'enrgy' (did you mean 'energy'?), allowed: cycles", 0),
      0U);
}

TEST(Metric, ValuesAreTheReports) {
  const MetricValues values = metric_values(made_up_report());
  const auto value = [&](std::string_view name) { return values[*find_metric(name)]; };
  EXPECT_EQ(value("cycles"), 1000);
  EXPECT_EQ(value("time"), 2e-6);
  EXPECT_EQ(value("energy"), 4e6);
  EXPECT_EQ(value("power"), 2);
  EXPECT_EQ(value("area"), 250'000);
  EXPECT_DOUBLE_EQ(value("edp"), 4e-6 * 2e-6);
  EXPECT_DOUBLE_EQ(value("rate"), 10 / 2e-6);
}

TEST(Metric, MoreIsBetterWhereItIs) {
  EXPECT_TRUE(beats(metric("energy"), 1, 2));
  EXPECT_FALSE(beats(metric("energy"), 2, 2));
  EXPECT_TRUE(beats(metric("TOPS/W"), 2, 1));
}

TEST(Metric, TextsHaveFourDigitsAndAUnit) {
  EXPECT_EQ(value_text(metric("time"), 3.4861e-6), "3.486 us");
  EXPECT_EQ(value_text(metric("time"), 25), "25 s");
  EXPECT_EQ(value_text(metric("energy"), 999.5), "999.5 pJ");
  EXPECT_EQ(value_text(metric("area"), 570'387), "0.5704 mm2");
  EXPECT_EQ(value_text(metric("area"), 999), "999 um2");
  EXPECT_EQ(value_text(metric("cycles"), 1'234'567'890), "1234567890 cycles");
  EXPECT_EQ(value_text(metric("utilisation"), 0.5), "50 %");
  EXPECT_EQ(value_text(metric("tops"), 1.234e-7), "1.23e-07 TOPS");
  EXPECT_EQ(number_text(12'345'678.9, metric("edp").units.back()), "1.235e+07");
}

TEST(Limit, ItsUnitSaysWhatItIsOf) {
  const auto limit = [](std::string_view text) { return parse_limit(text, "--under"); };
  EXPECT_EQ(limit("1 W").metric, *find_metric("power"));
  EXPECT_EQ(limit("500 mW").value, 0.5);
  EXPECT_EQ(limit("2mm\u00b2").metric, *find_metric("area"));
  EXPECT_EQ(limit("2 mm2").value, 2e6);
  EXPECT_EQ(limit("50 \u00b5s").value, 50e-6);
  EXPECT_EQ(limit("3 mJ").value, 3e9);
  EXPECT_EQ(limit("100 cycles").value, 100);
  EXPECT_EQ(limit("energy_per_inference 2 uJ").metric, *find_metric("energy_per_inference"));
  EXPECT_EQ(limit("cycles 100").value, 100);
  EXPECT_EQ(limit_text(limit("1500 mW")), "power at most 1.500 W");
}

TEST(Limit, OfWhatNobodyMeasuresIsRefused) {
  const auto limit = [](std::string_view text) {
    return refused([text] { parse_limit(text, "--under"); });
  };
  for (const std::string_view text : {"1", "W", "", "1 V", "-1 W", "1e3 W", "watts 3 W"}) {
    EXPECT_EQ(limit(text).rfind("--under: found ", 0), 0U) << text << ": " << limit(text);
  }
  EXPECT_EQ(limit("power 3 J"),
            "--under: found '3 J' for power, which has the unknown unit 'J'; allowed units: uW, "
            "mW, W, kW");
}

TEST(Limit, NamesWhatBreaksIt) {
  const std::vector<Limit> limits{parse_limit("1 W", ""), parse_limit("1 us", ""),
                                  parse_limit("1 mm2", "")};
  EXPECT_EQ(broken_limits(limits, metric_values(made_up_report())), "power,time");
}

TEST(NodeCsv, IsARowPerNodeInPlainUnits) {
  EXPECT_EQ(node_csv(made_up_report()),
            "node,operation,m,k,n,cycles,array_active,weight_stall,weight_shift,raw_stall,"
            "input_stall,non_matrix,idle,utilisation,macs,memory_bytes,buffer_bytes,energy_pj\n"
            "fc1,,10,20,30,700,400,100,50,40,30,80,0,0.5357142857142857,6000,1100,1224,3000000\n"
            "fc2,,10,30,4,300,200,0,0,60,0,39,1,0.25,1200,460,1324,1000000\n");
}

}  // namespace
}  // namespace systol::test
