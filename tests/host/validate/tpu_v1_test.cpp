#include "host/validate/tpu_v1.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <variant>

#include "host/import/workload.h"
#include "sim/config/array_file.h"

namespace systol {
namespace {

const std::filesystem::path kConfigs = std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs";

std::filesystem::path file_of(const TpuWorkload& workload) {
  return kConfigs / "validation/tpu-v1" / workload.file;
}

std::vector<Graph> networks() {
  std::vector<Graph> graphs;
  for (const TpuWorkload& workload : tpu_workloads()) {
    graphs.push_back(load_workload(file_of(workload)));
  }
  return graphs;
}

const std::vector<TpuResult>& results() {
  static const std::vector<TpuResult> all =
      run_tpu_workloads(networks(), load_array_config(kConfigs / "tpu_v1.yaml"));
  return all;
}

const TpuResult& result(std::string_view name) {
  return *std::ranges::find_if(results(),
                               [&](const TpuResult& r) { return r.workload.name == name; });
}

template <class Kind>
std::ptrdiff_t count(const Graph& graph) {
  return std::ranges::count_if(
      graph.nodes, [](const Node& node) { return std::holds_alternative<Kind>(node.operation); });
}

/// Functions of table 1's "vector" layers: those that no other node's name ends in.
std::ptrdiff_t named(const Graph& graph, const std::string& start) {
  return std::ranges::count_if(graph.nodes,
                               [&](const Node& node) { return node.name.starts_with(start); });
}

TEST(TpuV1, TheNetworksHaveTheLayersOfTable1) {
  const std::vector<Graph> all = networks();
  const std::array<std::array<std::ptrdiff_t, 2>, 6> layers = {
      {{5, 0}, {4, 0}, {24, 0}, {37, 0}, {0, 16}, {4, 72}}};
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(count<MatMul>(all[i]), layers[i][0]) << all[i].name;
    EXPECT_EQ(count<Convolution>(all[i]), layers[i][1]) << all[i].name;
  }
  EXPECT_EQ(count<Binary>(all[2]) + named(all[2], "squashed"), 34);
  EXPECT_EQ(count<Binary>(all[3]) + named(all[3], "squashed") + count<Softmax>(all[3]), 46)
      << "nine cells of five, where the table has 19 layers";
  EXPECT_EQ(named(all[5], "pool") + 1, 13);
}

TEST(TpuV1, TheNetworksHaveTheWeightsAndTheReuseOfTable1) {
  const std::vector<Graph> all = networks();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto published = static_cast<double>(tpu_workloads()[i].weights);
    EXPECT_NEAR(static_cast<double>(total_work(all[i]).weights), published, 0.025 * published)
        << all[i].name;
  }
  const auto reuse = [&](std::size_t i) {
    const Work work = total_work(all[i]);
    return static_cast<double>(work.macs) / static_cast<double>(work.weights) *
           tpu_workloads()[i].batch;
  };
  EXPECT_EQ(reuse(0), 200);
  EXPECT_EQ(reuse(1), 168);
  EXPECT_EQ(reuse(2), 2 * 64) << "high and low bytes";
  EXPECT_EQ(reuse(3), 2 * 96) << "high and low bytes";
  EXPECT_EQ(reuse(4), 2888);
  EXPECT_NEAR(reuse(5), 1750, 0.09 * 1750);
}

TEST(TpuV1, TheNetworksFilesSayTheirWork) {
  const std::regex wanted("# (\\d+) MACs, (\\d+) weights, (\\d+) biases, (\\d+) others\\.");
  for (const TpuWorkload& workload : tpu_workloads()) {
    std::ifstream file(file_of(workload));
    std::stringstream text;
    text << file.rdbuf();
    const std::string content = text.str();
    const Work work = total_work(load_workload(file_of(workload)));
    std::smatch found;
    ASSERT_TRUE(std::regex_search(content, found, wanted))
        << workload.file << ": # " << work.macs << " MACs, " << work.weights << " weights, "
        << work.biases << " biases, " << work.others << " others.";
    EXPECT_EQ((Work{std::stoull(found[1]), std::stoull(found[2]), std::stoull(found[3]),
                    std::stoull(found[4])}),
              work)
        << workload.file;
  }
}

TEST(TpuV1, SharesWithTheRestSetAsideSumToOne) {
  const TpuShares shares = TpuShares{0.127, 0.539, 0.159, 0.175}.of_matrix();
  EXPECT_NEAR(shares.array_active, 0.1539, 1e-4);
  EXPECT_NEAR(shares.weight_stall, 0.6533, 1e-4);
  EXPECT_NEAR(shares.weight_shift, 0.1927, 1e-4);
  EXPECT_EQ(shares.non_matrix, 0);
  EXPECT_EQ(TpuShares{}.of_matrix().array_active, 0);
}

TEST(TpuV1, StallsForInputsAndResultsAreNonMatrix) {
  Ledger ledger;
  for (std::size_t i = 0; i < ledger.cycles.size(); ++i) {
    ledger.cycles[i] = Cycles(i + 1);  // 28 in all
  }
  const TpuShares shares = TpuShares::of(ledger);
  EXPECT_DOUBLE_EQ(shares.array_active, 1.0 / 28);
  EXPECT_DOUBLE_EQ(shares.weight_stall, 2.0 / 28);
  EXPECT_DOUBLE_EQ(shares.weight_shift, 3.0 / 28);
  EXPECT_DOUBLE_EQ(shares.non_matrix, (4.0 + 5 + 6 + 7) / 28);
}

/// A tile of 64 KiB takes 1349.3 cycles at 34 GB/s and 700 MHz, 256 of them to shift. It is used by
/// a row of each sample, or by two of 16 bits.
TEST(TpuV1, WhereMemoryIsTheBoundSharesAreThoseOfATile) {
  constexpr double kTile = 65536 * 0.7 / 34;
  for (const auto& [name, rows] :
       {std::pair{"MLP0", 200}, {"MLP1", 168}, {"LSTM0", 2 * 64}, {"LSTM1", 2 * 96}}) {
    const TpuShares shares = result(name).column.shares.of_matrix();
    EXPECT_NEAR(shares.array_active, rows / kTile, 0.01) << name;
    EXPECT_NEAR(shares.weight_shift, 256 / kTile, 0.01) << name;
  }
}

TEST(TpuV1, Mlp0ClosesWithinThreePoints) {
  const TpuShares ours = result("MLP0").column.shares.of_matrix();
  const TpuShares published = result("MLP0").workload.published->shares.of_matrix();
  EXPECT_NEAR(ours.array_active, published.array_active, 0.03);
  EXPECT_NEAR(ours.weight_stall, published.weight_stall, 0.03);
  EXPECT_NEAR(ours.weight_shift, published.weight_shift, 0.03);
}

TEST(TpuV1, StallsThatTable3NamesApartAreInsideTheNonMatrixShare) {
  for (const TpuResult& each : results()) {
    const TpuDetails& details = each.column.details;
    EXPECT_LE(details.raw_stall + details.input_stall, each.column.shares.non_matrix + 1e-12);
    EXPECT_LE(details.useful, each.column.shares.array_active) << each.workload.name;
  }
  const TpuResult& mlp0 = result("MLP0");
  EXPECT_DOUBLE_EQ(mlp0.column.details.useful,
                   200.0 * 20'000'000 / 65536 / static_cast<double>(mlp0.cycles.count()));
}

TEST(TpuV1, ConvolutionsOfCnn0NeverWaitForWeights) {
  const TpuResult& cnn0 = result("CNN0");
  EXPECT_EQ(cnn0.column.shares.of_matrix().weight_stall, 0);
  EXPECT_NEAR(cnn0.column.shares.array_active, 0.97, 0.01);
}

TEST(TpuV1, MemoryIsWhatFourOfThemWaitFor) {
  for (const TpuResult& each : results()) {
    ASSERT_EQ(each.speeds.size(), tpu_changes().size());
    const double memory = each.speeds[0];
    const double clock = each.speeds[1];
    EXPECT_GT(memory, each.workload.bound_by_memory ? 2.0 : 0.99) << each.workload.name;
    EXPECT_LT(memory, 4.0) << each.workload.name;
    if (each.workload.bound_by_memory) {
      EXPECT_LT(clock, 1.5) << each.workload.name;
    } else {
      EXPECT_GT(clock, 1.05) << each.workload.name;
    }
  }
}

TEST(TpuV1, WordsAgreeWithSpeeds) {
  EXPECT_TRUE(agrees(TpuDirection::Faster, 1.2));
  EXPECT_FALSE(agrees(TpuDirection::Faster, 1.05));
  EXPECT_TRUE(agrees(TpuDirection::Little, 0.95));
  EXPECT_FALSE(agrees(TpuDirection::Little, 1.2));
  EXPECT_TRUE(agrees(TpuDirection::Slower, 0.99));
  EXPECT_FALSE(agrees(TpuDirection::Slower, 1.0));
}

TEST(TpuV1, FiguresThatAreNotInTheRepoAreNull) {
  const nlohmann::ordered_json json =
      tpu_json(results(), load_array_config(kConfigs / "tpu_v1.yaml"));
  ASSERT_EQ(json["workloads"].size(), 6U);
  for (const auto& workload : json["workloads"]) {
    const bool known = workload["name"] == "MLP0" || workload["name"] == "CNN0";
    EXPECT_EQ(workload["published_shares"].is_null(), !known) << workload["name"];
    EXPECT_TRUE(workload["published_samples_per_second"].is_null());
  }
}

}  // namespace
}  // namespace systol
