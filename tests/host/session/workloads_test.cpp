// The networks in configs/workloads, from file to report.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "host/graph/work.h"
#include "host/import/workload.h"
#include "host/session/run.h"
#include "sim/config/array_file.h"

namespace systol {
namespace {

/// A convolution of each channel alone is the vector unit's; the array multiplies the rest.
std::uint64_t macs_of_the_array(const Graph& graph) {
  std::uint64_t macs = 0;
  for (const Node& node : graph.nodes) {
    const auto* convolution = std::get_if<Convolution>(&node.operation);
    const bool depthwise = convolution != nullptr && convolution->groups > 1 &&
                           convolution->groups == graph.shape(node.inputs[0])[2];
    macs += depthwise ? 0 : work_of(graph, node).macs;
  }
  return macs;
}

std::vector<std::string> workloads() {
  std::vector<std::string> names;
  const auto folder = std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs/workloads";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      names.push_back(entry.path().stem());
    }
  }
  return names;
}

class WorkloadRun : public ::testing::TestWithParam<std::string> {};

TEST_P(WorkloadRun, MultipliesWhatItsLayersSay) {
  const auto configs = std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs";
  Graph graph = load_workload(configs / "workloads" / (GetParam() + ".yaml"));
  const std::uint64_t macs = macs_of_the_array(graph);
  const RunReport report = run(prepare(std::move(graph), synthetic_samples(1)),
                               load_array_config(configs / "big_128x128.yaml"), FastEngine{false});
  EXPECT_EQ(report.activity[Action::MacsUseful], macs);
  EXPECT_EQ(report.ledger.total(), report.cycles);
}

std::string workload_name(const ::testing::TestParamInfo<std::string>& parameter) {
  std::string name = parameter.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, WorkloadRun, ::testing::ValuesIn(workloads()), workload_name);

}  // namespace
}  // namespace systol
