#include "host/report/power_chart.h"

#include <gtest/gtest.h>

namespace systol {
namespace {

TEST(PowerChart, FillsEachColumnToItsPower) {
  const PowerOverTime power{
      Cycles(10), {Watts(0.8), Watts(0.4), Watts(0.1), Watts(0.0)}, Watts(0.8)};
  EXPECT_EQ(power_chart(power, Cycles(12'345)),
            "  800 mW │█\n"
            "         │█\n"
            "         │█\n"
            "         │█\n"
            "         │██\n"
            "         │██\n"
            "         │██\n"
            "         │███\n"
            "     0 W └0 12 345 cycles\n");
}

/// 128 windows are 64 columns of two.
TEST(PowerChart, AColumnOfSeveralWindowsShowsTheirAverageAndTheirLargest) {
  PowerOverTime power{Cycles(10), std::vector<Watts>(128, Watts(1.0)), Watts(1.0)};
  power.average[0] = Watts(0.0);
  const std::string chart = power_chart(power, Cycles(1'280));
  EXPECT_EQ(chart.substr(0, chart.find('\n')).find("░█"), std::string("  1.00 W │").size());
  EXPECT_EQ(chart.find("░", chart.find("\n", chart.size() / 2)), std::string::npos);
}

TEST(PowerChart, OfNoCyclesIsEmpty) {
  EXPECT_EQ(power_chart({Cycles(16), {}, Watts(0.0)}, Cycles(0)), "");
}

}  // namespace
}  // namespace systol
