#include "host/scale_sim/estimate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "host/scale_sim/topology.h"
#include "tests/host/report/made_up_report.h"

namespace systol {
namespace {

const std::filesystem::path kSources = SYSTOL_SOURCE_DIR;

/// One row of what SCALE-Sim v3 reported.
struct Reference {
  std::string run;
  std::uint64_t rows = 0;
  std::uint64_t columns = 0;
  ScaleSimDataflow dataflow = ScaleSimDataflow::WeightStationary;
  std::string layer;
  GemmShape shape;
  std::uint64_t cycles = 0;
};

std::vector<Reference> references() {
  std::ifstream file(kSources / "tests/data/scalesim/reference_cycles.csv");
  std::vector<Reference> all;
  std::string line;
  std::getline(file, line);
  EXPECT_EQ(line, "case,rows,cols,dataflow,layer,M,N,K,total_cycles,mapping_eff_pct");
  while (std::getline(file, line)) {
    std::ranges::replace(line, ',', ' ');
    std::istringstream cells(line);
    Reference row;
    std::string dataflow;
    cells >> row.run >> row.rows >> row.columns >> dataflow >> row.layer >> row.shape.m >>
        row.shape.n >> row.shape.k >> row.cycles;
    EXPECT_TRUE(cells) << line;
    row.dataflow = *std::ranges::find(kScaleSimDataflows, std::string_view(dataflow),
                                      [](ScaleSimDataflow known) { return name_of(known); });
    all.push_back(row);
  }
  return all;
}

TEST(ScaleSimCycles, AreScaleSimsOnEveryRowOfTheReference) {
  std::map<ScaleSimDataflow, int> rows;
  for (const Reference& row : references()) {
    EXPECT_EQ(scale_sim_cycles(row.shape, row.rows, row.columns, row.dataflow), Cycles(row.cycles))
        << row.run << " " << row.layer;
    ++rows[row.dataflow];
  }
  EXPECT_EQ(rows, (std::map<ScaleSimDataflow, int>{{ScaleSimDataflow::WeightStationary, 126},
                                                   {ScaleSimDataflow::OutputStationary, 17},
                                                   {ScaleSimDataflow::InputStationary, 17}}));
}

/// The delivered topologies are the ones that SCALE-Sim ran.
TEST(ScaleSimCycles, HaveTheReferencesShapesInTheDeliveredTopologies) {
  std::map<std::string, std::vector<TopologyLayer>> expected;
  for (const Reference& row : references()) {
    if (row.run.starts_with("a128_ws_calc__")) {
      expected[row.run.substr(std::string("a128_ws_calc__").size())].push_back(
          {row.layer, static_cast<std::uint32_t>(row.shape.m),
           static_cast<std::uint32_t>(row.shape.n), static_cast<std::uint32_t>(row.shape.k)});
    }
  }
  for (const auto& [name, layers] : expected) {
    const std::string file = name == "resnet50_mlperf" ? "resnet50" : name;
    EXPECT_EQ(load_topology(kSources / "configs/workloads/scale-sim" / (file + ".csv")).layers,
              layers)
        << file;
  }
  EXPECT_EQ(expected.size(), 7U);
}

RunReport report() {
  RunReport report = test::made_up_report();  // 4 x 4, 10 samples in batches of 5
  report.nodes[1].m = 3;                      // and a topology's layer has rows of its own
  return report;
}

ScaleSimEstimate estimate() {
  return {4, 4, ScaleSimDataflow::WeightStationary, estimated_layers(report())};
}

TEST(ScaleSimEstimate, HasAReportsLayersInItsBatches) {
  const std::vector<EstimatedLayer> layers = estimated_layers(report());
  ASSERT_EQ(layers.size(), 2U);
  EXPECT_EQ(layers[0].name, "fc1");
  EXPECT_EQ(layers[0].shape.m, 10U);
  EXPECT_EQ(layers[0].shape.k, 20U);
  EXPECT_EQ(layers[0].shape.n, 30U);
  EXPECT_EQ(layers[0].batch, 5U);
  EXPECT_EQ(layers[0].ours, Cycles(700));
  EXPECT_EQ(layers[1].batch, 3U);
}

TEST(ScaleSimEstimate, HasMatmulsOnly) {
  RunReport with_softmax = report();
  NodeReport softmax = with_softmax.nodes[0];
  softmax.k = 0;
  with_softmax.nodes.insert(with_softmax.nodes.begin() + 1, softmax);
  EXPECT_EQ(estimated_layers(with_softmax).size(), 2U);
  EXPECT_EQ(compute_report_csv(with_softmax), compute_report_csv(report()));
}

// fc1, twice 5 x 20 x 30: 5 * 8 folds of 8 + 4 + 5 - 2 less 1 is 599; 2 * 8 folds of
// 4 + 4 + 20 - 2 less 1 is 415; 5 * 2 folds of 8 + 4 + 30 - 2 less 1 is 399.
// fc2, 3 x 30 x 4: 8 of 13 less 1, 1 of 36 less 1, 8 of 14 less 1.
TEST(ScaleSimEstimate, StandsBesideOurs) {
  EXPECT_EQ(estimate_text(estimate()),
            "cycles beside SCALE-Sim's closed form on 4x4 (weight_stationary); docs/scale-sim.md "
            "says where they differ\n"
            "layer     M x K x N  Systol  SCALE-Sim ws   os   is  ws / Systol\n"
            "----------------------------------------------------------------\n"
            "fc1    10 x 20 x 30     700         1 198  830  798         1.71\n"
            "fc2      3 x 30 x 4     300           103   35  111         0.34\n"
            "total                 1 000         1 301  865  909         1.30\n");
}

TEST(ScaleSimEstimate, ABatchThatIsLeftOverCountsForItself) {
  ScaleSimEstimate last = estimate();
  last.layers = {{"fc1", {7, 30, 20}, 5, std::nullopt}};
  // 40 folds of 15 less 1, and 40 of 12 less 1.
  EXPECT_EQ(estimate_json(last)["cycles"]["weight_stationary"], 599 + 479);
}

TEST(ScaleSimEstimate, StandsAloneWhereNothingRan) {
  ScaleSimEstimate alone = estimate();
  alone.dataflow = ScaleSimDataflow::OutputStationary;
  alone.layers = {{"fc2", {3, 4, 30}, 3, std::nullopt}};
  EXPECT_EQ(estimate_text(alone),
            "cycles beside SCALE-Sim's closed form on 4x4 (output_stationary); docs/scale-sim.md "
            "says where they differ\n"
            "layer   M x K x N  Systol  SCALE-Sim ws  os   is  os / Systol\n"
            "-------------------------------------------------------------\n"
            "fc2    3 x 30 x 4       -           103  35  111            -\n"
            "total                   -           103  35  111            -\n");
}

TEST(ScaleSimEstimate, IsJson) {
  EXPECT_EQ(estimate_json(estimate()).dump(),
            R"({"of":"scale-sim","dataflow":"weight_stationary",)"
            R"("cycles":{"weight_stationary":1301,"output_stationary":865,"input_stationary":909},)"
            R"("layers":[{"name":"fc1","m":10,"n":30,"k":20,"cycles":)"
            R"({"weight_stationary":1198,"output_stationary":830,"input_stationary":798}},)"
            R"({"name":"fc2","m":3,"n":4,"k":30,"cycles":)"
            R"({"weight_stationary":103,"output_stationary":35,"input_stationary":111}}]})");
}

// fc1: 700 cycles, of which 100 weight, 40 read-after-write and 30 input stalls; 6,000 MACs on 16
// PEs, in 6,080 slots. fc2: 300 cycles, 60 of them stalled; 1,200 MACs in 1,280 slots.
TEST(ComputeReport, HasScaleSimsColumns) {
  EXPECT_EQ(compute_report_csv(report()),
            "LayerID, Total Cycles, Stall Cycles, Overall Util %, Mapping Efficiency %, Compute "
            "Util %,\n"
            "0, 700, 170, 53.5714, 98.6842, 70.7547,\n"
            "1, 300, 60, 25.0000, 93.7500, 31.2500,\n");
}

}  // namespace
}  // namespace systol
