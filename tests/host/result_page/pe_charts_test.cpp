#include "host/result_page/pe_charts.h"

#include <gtest/gtest.h>

namespace systol {
namespace {

ResultRow with_pe(std::uint64_t number, const std::string& pe, const std::string& model) {
  ResultRow row;
  row.number = number;
  row.model = model;
  row.settings = {{"array.pe", pe}};
  row.metrics[metric_index("energy_per_inference", "")] = 5e6;
  row.metrics[metric_index("area", "")] = 3e6;
  row.pe_energy = 2e6;
  row.pe_area = 1e6;
  row.accuracy = Accuracy{100, 0.9, 0.95};
  return row;
}

TEST(PeCharts, ATypesOwnPartIsApartFromTheRest) {
  const RowGroup group{0, {with_pe(1, "int8", "net"), with_pe(2, "adder", "other")}, {true, true}};
  const std::optional<DataSet> data = pe_rows(group, "pes");
  ASSERT_TRUE(data.has_value());
  ASSERT_EQ(data->rows.size(), 2U);
  EXPECT_EQ(data->rows[0][0], "int8");
  EXPECT_EQ(data->rows[1][0], "adder (other)") << "a network of its own";
  EXPECT_DOUBLE_EQ(data->rows[0][1].get<double>(), 90.0);
  EXPECT_DOUBLE_EQ(data->rows[0][3].get<double>(), 2e-6);
  EXPECT_DOUBLE_EQ(data->rows[0][4].get<double>(), 3e-6);
  EXPECT_DOUBLE_EQ(data->rows[0][5].get<double>(), 1.0);
  EXPECT_DOUBLE_EQ(data->rows[0][6].get<double>(), 2.0);
}

TEST(PeCharts, RowsOfOneTypeAreToldByTheirNumbersAndOneTypeIsNoComparison) {
  RowGroup group{0, {with_pe(1, "int8", "net"), with_pe(2, "int8", "net")}, {true, true}};
  EXPECT_FALSE(pe_rows(group, "pes").has_value());
  group.rows.push_back(with_pe(3, "bf16", "net"));
  const std::optional<DataSet> data = pe_rows(group, "pes");
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(data->rows[1][0], "int8, row 2");
  EXPECT_EQ(data->rows[2][0], "bf16");
}

TEST(PeCharts, WithoutLabelsThereIsNoAccuracy) {
  RowGroup group{0, {with_pe(1, "int8", "net"), with_pe(2, "bf16", "net")}, {true, true}};
  PageSection with("a", "a");
  add_pe_charts(group, "pes", with);
  EXPECT_EQ(with.charts().size(), 2U);
  EXPECT_EQ(with.charts()[0].dump().find("\"accuracy\"") == std::string::npos, false);
  group.rows[1].accuracy.reset();
  PageSection without("a", "a");
  add_pe_charts(group, "pes", without);
  ASSERT_EQ(without.charts().size(), 1U);
  EXPECT_EQ(without.charts()[0].dump().find("\"accuracy\""), std::string::npos);
}

}  // namespace
}  // namespace systol
