#include "host/result_page/metric_axis.h"

#include <gtest/gtest.h>

namespace systol {
namespace {

const Metric& metric(std::string_view name) { return metrics()[metric_index(name, "")]; }

TEST(MetricAxis, HasTheUnitOfItsValues) {
  EXPECT_EQ(title_with_unit(metric("energy")), "energy (pJ)");
  EXPECT_EQ(title_with_unit(metric("time")), "time (s)");
  EXPECT_EQ(title_with_unit(metric("cycles")), "cycles");
  EXPECT_EQ(title_with_unit(metric("tops_per_watt")), "TOPS/W");
}

TEST(MetricAxis, OnAChartHasAUnitThatPrefixesCanBePutBefore) {
  const MetricAxes axes = metric_axes();
  EXPECT_EQ(axes.titles["energy_pj"], "energy (J)");
  EXPECT_EQ(axes.scales["energy_pj"], 1e-12);
  EXPECT_EQ(axes.titles["area_um2"], "area (mm2)");
  EXPECT_EQ(axes.scales["area_um2"], 1e-6);
  EXPECT_EQ(axes.titles["seconds"], "time (s)");
  EXPECT_EQ(axes.scales["seconds"], 1.0);
  EXPECT_EQ(axes.titles["utilisation"], "utilisation (%)");
  EXPECT_EQ(axes.scales["utilisation"], 100.0);
}

TEST(MetricAxis, CanBeEachMetric) {
  EXPECT_EQ(metric_keys().size(), kMetrics);
  EXPECT_EQ(metric_titles().size(), kMetrics);
  EXPECT_EQ(metric_keys()[3], "energy_pj");
  EXPECT_EQ(metric_titles()[3], "energy");
}

}  // namespace
}  // namespace systol
