#include "host/result_page/comparison_page.h"

#include <gtest/gtest.h>

#include "tests/host/page_content.h"

namespace systol::test {
namespace {

ResultRow result(std::uint64_t number, double seconds, double picojoules, double watts) {
  ResultRow row;
  row.number = number;
  row.model = "net";
  row.array = "small";
  row.rows = 4;
  row.columns = 8;
  row.metrics[metric_index("time", "")] = seconds;
  row.metrics[metric_index("energy", "")] = picojoules;
  row.metrics[metric_index("power", "")] = watts;
  return row;
}

/// The second is beaten by the first, the third uses too much power.
Comparison three_rows() {
  Comparison comparison;
  comparison.objectives = {metric_index("time", ""), metric_index("energy", "")};
  comparison.limits = {{metric_index("power", ""), true, 1}};
  comparison.keys = {"memory.dram.latency"};
  comparison.rows = {result(1, 2e-6, 3e6, 0.5), result(2, 2e-6, 4e6, 0.5), result(3, 1e-6, 1e6, 2)};
  comparison.rows[1].settings = {{"memory.dram.latency", "5 ns"}};
  return comparison;
}

TEST(ComparisonPage, HasAllFiguresOfEachRowAndWhereItStands) {
  const nlohmann::ordered_json content = page_content(comparison_page(three_rows(), "systol"));
  EXPECT_EQ(page_value(content, "rows-0", 0, "standing"), "on the front");
  EXPECT_EQ(page_value(content, "rows-0", 1, "standing"), "beaten");
  EXPECT_EQ(page_value(content, "rows-0", 2, "standing"), "breaks a limit");
  EXPECT_EQ(page_value(content, "rows-0", 2, "note"), "power");
  EXPECT_EQ(page_value(content, "rows-0", 0, "size"), "4 × 8");
  EXPECT_EQ(page_value(content, "rows-0", 0, "seconds"), 2e-6);
  EXPECT_EQ(page_value(content, "rows-0", 1, "energy_pj"), 4e6);
  EXPECT_EQ(page_value(content, "rows-0", 0, "memory.dram.latency"), nullptr);
  EXPECT_EQ(page_value(content, "rows-0", 1, "memory.dram.latency"), "5 ns");
}

TEST(ComparisonPage, EachModelHasItsOwnRowsAndBestOnes) {
  Comparison comparison = three_rows();
  comparison.rows[1].workload = 1;
  comparison.rows[1].model = "other";
  const std::string html = comparison_page(comparison, "systol");
  const nlohmann::ordered_json content = page_content(html);
  EXPECT_EQ(content["data"]["rows-0"]["rows"].size(), 2U);
  EXPECT_EQ(content["data"]["rows-1"]["rows"].size(), 1U);
  EXPECT_EQ(page_value(content, "rows-1", 0, "standing"), "on the front") << "nothing beats it";
  EXPECT_NE(html.find("other: best time"), std::string::npos);
}

TEST(ComparisonPage, ARowWithoutAResultSaysWhyAndIsNoPoint) {
  Comparison comparison = three_rows();
  comparison.rows[0].error = "array.rows: <found> 0";
  const std::string html = comparison_page(comparison, "systol");
  EXPECT_EQ(page_content(html)["data"]["rows-0"]["rows"].size(), 2U);
  EXPECT_NE(html.find("array.rows: &lt;found&gt; 0"), std::string::npos);
}

TEST(ComparisonPage, SaysThatItShowsASample) {
  Comparison comparison = three_rows();
  comparison.rows.resize(kMostPageRows + 2, comparison.rows[1]);
  const std::string html = comparison_page(comparison, "systol");
  EXPECT_EQ(page_content(html)["data"]["rows-0"]["rows"].size(), kMostPageRows / 2 + 1);
  EXPECT_NE(html.find("A sample: 5 001 of 10 002 rows are shown"), std::string::npos);
}

}  // namespace
}  // namespace systol::test
