#include "host/run_page/run_page.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "host/run_page/layer_rows.h"
#include "tests/host/page_content.h"
#include "tests/host/report/made_up_report.h"

namespace systol::test {
namespace {

using RunPageJson = nlohmann::ordered_json;

RunPageJson run_page_content(const RunReport& report) {
  return page_content(run_page(report, {}, {}));
}

RunReport with_layers(std::size_t layers) {
  RunReport report = made_up_report();
  report.nodes.clear();
  for (std::size_t i = 0; i < layers; ++i) {
    report.nodes.push_back(layer_report("fc", 20, 30, {i + 1, 0, 0, 0, 0, 0, 0}, 1));
  }
  return report;
}

TEST(RunPage, HasTheFiguresOfEachLayer) {
  const RunPageJson content = run_page_content(made_up_report());
  EXPECT_EQ(page_value(content, "layers", 0, "name"), "fc1");
  EXPECT_EQ(page_value(content, "layers", 0, "size"), "10 × 20 × 30");
  EXPECT_EQ(page_value(content, "layers", 0, "cycles"), 700);
  EXPECT_EQ(page_value(content, "layers", 0, "share"), 0.7);
  // 6,000 MACs in 700 cycles of 16 PEs.
  EXPECT_DOUBLE_EQ(page_value(content, "layers", 0, "utilisation"), 6000.0 / (700 * 16));
  EXPECT_EQ(page_value(content, "layers", 0, "memory"), 600 + 200 + 300);
  EXPECT_EQ(page_value(content, "layers", 0, "buffer"), 200 + 1024);
  EXPECT_EQ(page_value(content, "layers", 0, "energy"), 3e6);
  // 3 uJ in 1.4 us.
  EXPECT_DOUBLE_EQ(page_value(content, "layers", 0, "power"), 3e-6 / 1.4e-6);
}

TEST(RunPage, ALayerWithoutCyclesHasNoUtilisation) {
  RunReport report = made_up_report();
  report.nodes[1].ledger = Ledger();
  const RunPageJson content = run_page_content(report);
  EXPECT_EQ(page_value(content, "layers", 1, "cycles"), 0);
  EXPECT_EQ(page_value(content, "layers", 1, "utilisation"), nullptr);
  EXPECT_EQ(page_value(content, "layers", 1, "power"), nullptr);
  EXPECT_EQ(content["data"]["points-0"]["rows"].size(), 1U);
}

TEST(RunPage, HasTheLedgerOfTheRunAndOfEachLayer) {
  const RunPageJson content = run_page_content(made_up_report());
  EXPECT_EQ(page_value(content, "classes", 0, "class"), "array_active");
  EXPECT_EQ(page_value(content, "classes", 0, "cycles"), 600);
  EXPECT_EQ(page_value(content, "classes", 0, "share"), 0.6);
  EXPECT_EQ(content["data"]["ledger"]["rows"][0],
            RunPageJson::array({"0 fc1", 400, 100, 50, 40, 30, 80, 0}));
  EXPECT_EQ(content["data"]["ledger"]["rows"][1],
            RunPageJson::array({"1 fc2", 200, 0, 0, 60, 0, 39, 1}));
}

TEST(RunPage, ALayerLiesUnderTheRoofOfItsMemory) {
  const RunPageJson content = run_page_content(made_up_report());
  EXPECT_DOUBLE_EQ(page_value(content, "points-0", 0, "intensity"), 12000.0 / 1100);
  EXPECT_DOUBLE_EQ(page_value(content, "points-0", 0, "tops"), 12000 / 1.4e-6 / 1e12);
  // 16 PEs at 500 MHz are 0.016 TOPS, and 8 GB/s give as much from 2 operations per byte on.
  EXPECT_DOUBLE_EQ(page_value(content, "roof-0", 1, "intensity"), 2);
  EXPECT_DOUBLE_EQ(page_value(content, "roof-0", 1, "tops"), 0.016);
  EXPECT_DOUBLE_EQ(page_value(content, "roof-0", 2, "tops"), 0.016);
}

TEST(RunPage, AMemoryWithoutALimitHasAFlatRoof) {
  RunReport report = made_up_report();
  report.array.memories[0].bandwidth.reset();
  const RunPageJson roof = run_page_content(report)["data"]["roof-0"]["rows"];
  ASSERT_EQ(roof.size(), 2U);
  EXPECT_EQ(roof[0][1], roof[1][1]);
}

TEST(RunPage, HasTheEnergyByComponentTheLargestFirst) {
  const RunPageJson content = run_page_content(made_up_report());
  EXPECT_EQ(page_value(content, "components", 0, "component"), "dram");
  EXPECT_EQ(page_value(content, "components", 0, "share"), 0.75);
  EXPECT_EQ(page_value(content, "components", 0, "area"), nullptr);
  // 3 of 4 uJ in 2 us.
  EXPECT_DOUBLE_EQ(page_value(content, "components", 0, "power"), 1.5);
  EXPECT_EQ(page_value(content, "components", 1, "area"), 0.2);
  EXPECT_DOUBLE_EQ(page_value(content, "energy", 0, "dram"), 2.25e-6);
  EXPECT_DOUBLE_EQ(page_value(content, "energy", 1, "multipliers"), 0.25e-6);
}

TEST(RunPage, ManyLayersShareBarsWhichHaveAllTheirCycles) {
  const RunReport report = with_layers(401);
  const std::vector<LayerBar> bars = layer_bars(report);
  ASSERT_EQ(bars.size(), 134U);  // of three layers each, the last of two
  EXPECT_EQ(bars[0].label, "0–2 fc …");
  EXPECT_EQ(bars[133].label, "399–400 fc …");
  const RunPageJson content = run_page_content(report);
  EXPECT_EQ(page_value(content, "ledger", 0, "array_active"), 1 + 2 + 3);
  EXPECT_EQ(page_value(content, "ledger", 133, "array_active"), 400 + 401);
}

TEST(RunPage, OfTooManyLayersThoseWithTheMostCyclesAreShown) {
  const RunReport report = with_layers(kMostLayers + 5);
  const DataSet rows = layer_rows(report);
  ASSERT_EQ(rows.rows.size(), kMostLayers);
  EXPECT_EQ(rows.rows.front()[0], 5);
  EXPECT_EQ(rows.rows.back()[0], kMostLayers + 4);
  EXPECT_NE(
      run_page(report, {}, {}).find("Shown are the 10 000 layers with the most cycles, of 10 005."),
      std::string::npos);
}

TEST(RunPage, HasTheCommandAndTheWholeConfig) {
  const std::string html = run_page(made_up_report(), {}, {});
  EXPECT_NE(html.find("<code>systol run mlp.onnx -c edge.yaml</code>"), std::string::npos);
  EXPECT_NE(html.find("accumulators: {rows: 32}"), std::string::npos);
}

TEST(RunPage, ANetworkWithoutLayersOnTheMachineIsAPageToo) {
  const std::string html = run_page(with_layers(0), {}, {});
  EXPECT_NE(html.find("The network has no layer that the machine runs."), std::string::npos);
}

}  // namespace
}  // namespace systol::test
