#include "host/result_page/row_scatter.h"

#include <gtest/gtest.h>

#include <utility>

namespace systol::test {
namespace {

using Json = nlohmann::ordered_json;

ResultRow row_with(std::vector<Setting> settings) {
  ResultRow row;
  row.settings = std::move(settings);
  return row;
}

Json param(const Json& spec, const std::string& name) {
  for (const Json& one : spec["params"]) {
    if (one["name"] == name) {
      return one;
    }
  }
  return {};
}

TEST(RowScatter, AnAxisIsAMetricOrAParameter) {
  const Criteria criteria{{"clock", "array.dataflow", "buffer.size"},
                          {metric_index("energy", ""), metric_index("area", "")},
                          {}};
  const std::vector<ResultRow> rows = {
      row_with({{"clock", "1 GHz"}, {"array.dataflow", "b"}, {"buffer.size", "64 KiB"}}),
      row_with({{"clock", "1.5 GHz"}, {"array.dataflow", "a"}, {"buffer.size", "1 MiB"}}),
      row_with({{"clock", "1 GHz"}, {"array.dataflow", "b"}, {"buffer.size", "2 MiB"}})};
  const Json spec = row_scatter(criteria, rows, "points");
  EXPECT_EQ(spec["data"]["name"], "points");
  EXPECT_EQ(param(spec, "across")["value"], "energy_pj");
  EXPECT_EQ(param(spec, "up")["value"], "area_um2");
  EXPECT_EQ(param(spec, "up")["bind"]["options"].size(), kMetrics + 3);
  EXPECT_EQ(param(spec, "units")["value"], (Json{{"clock", " (GHz)"}})) << "numbers of one unit";
  EXPECT_EQ(param(spec, "names")["value"]["array.dataflow"], (Json{"b", "a"}));
  EXPECT_EQ(param(spec, "places")["value"]["array.dataflow"], (Json{{"b", 0}, {"a", 1}}));
  EXPECT_EQ(param(spec, "places")["value"]["buffer.size"],
            (Json{{"64 KiB", 0}, {"1 MiB", 1}, {"2 MiB", 2}}));
  EXPECT_FALSE(param(spec, "places")["value"].contains("clock"));
}

TEST(RowScatter, AMetricOnAnAxisHasItsTitleAndAUnitThatTakesPrefixes) {
  const Json spec = row_scatter({{"clock"}, {metric_index("energy", "")}, {}}, {}, "points");
  const Json titles = param(spec, "titles")["value"];
  const Json scales = param(spec, "scales")["value"];
  EXPECT_EQ(titles.size(), kMetrics);
  EXPECT_EQ(titles["energy_pj"], "energy (J)");
  EXPECT_EQ(scales["energy_pj"], 1e-12);
  EXPECT_EQ(titles["area_um2"], "area (mm2)");
  EXPECT_EQ(scales["area_um2"], 1e-6);
  EXPECT_EQ(titles["utilisation"], "utilisation (%)");
  EXPECT_EQ(scales["utilisation"], 100);
  EXPECT_EQ(titles["power_w"], "power (W)");
  EXPECT_EQ(titles["tops_per_watt"], "TOPS/W");
  EXPECT_EQ(titles["inferences_per_second"], "rate (1/s)");
  EXPECT_EQ(param(spec, "up")["bind"]["labels"][3], "energy");
  EXPECT_EQ(param(spec, "up")["bind"]["labels"][kMetrics], "clock");
  EXPECT_EQ(spec["encoding"]["tooltip"][2]["title"], "energy (pJ)");
}

TEST(RowScatter, NumbersWithoutAUnitAreNumbers) {
  const Criteria criteria{{"array.rows", "name"}, {metric_index("time", "")}, {}};
  const std::vector<ResultRow> rows = {row_with({{"array.rows", "8"}, {"name", "8x8"}}),
                                       row_with({{"array.rows", "1e2"}, {"name", "9"}})};
  const Json spec = row_scatter(criteria, rows, "points");
  EXPECT_EQ(param(spec, "up")["value"], "seconds") << "there is one objective";
  EXPECT_TRUE(param(spec, "units")["value"].empty());
  EXPECT_FALSE(param(spec, "places")["value"].contains("array.rows"));
  EXPECT_EQ(param(spec, "places")["value"]["name"], (Json{{"8x8", 0}, {"9", 1}}));
}

}  // namespace
}  // namespace systol::test
