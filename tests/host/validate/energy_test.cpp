#include "host/validate/energy.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "host/import/sizes.h"
#include "host/session/run.h"
#include "sim/base/error.h"
#include "sim/config/array_file.h"
#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

const std::filesystem::path kShippedArrays = std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs";

TEST(ValidateEnergy, TheFirstTpuAtATenthOfTheLoadIsBetweenIdleAndBusy) {
  const Graph graph = dense_from_sizes("256x256");
  const auto rows = compare_first_tpu(graph, load_array_config(kShippedArrays / "tpu_v1.yaml"));
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].published, 28);
  EXPECT_EQ(rows[1].published, 35);
  EXPECT_EQ(rows[2].published, 40);
  EXPECT_GT(rows[2].ours, rows[0].ours);
  EXPECT_NEAR(rows[1].ours, 0.9 * rows[0].ours + 0.1 * rows[2].ours, 1e-9);
}

/// With memories that cost no time the cycles at both voltages are the same. So energies but for
/// leakage grow by (0.8 / 0.65)^2, and leakage by 0.8 / 0.65 and by the time, 240 / 370.
TEST(ValidateEnergy, TheRatioOfTwoVoltagesIsThatOfTheRule) {
  ArrayConfig array = load_array_config(kShippedArrays / "edge_8x8.yaml");
  for (MemoryConfig& memory : array.memories) {
    memory.bandwidth.reset();
    memory.latency = Picoseconds(0);
  }
  const Graph graph = dense_from_sizes("64x32");
  const auto rows = compare_gap9(graph, graph, array);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_NEAR(rows[0].published, 1.390, 0.0005);
  EXPECT_NEAR(rows[1].published, 1.458, 0.0005);

  array.voltage = Millivolts(650);
  array.clock = Hertz(240'000'000);
  const RunReport slow =
      run(prepare(graph, synthetic_samples(1)), array, FastEngine{.values = false});
  double leakage = 0;
  double dynamic = 0;
  for (const EnergyComponent& component : slow.energy.components) {
    if (component.name == "leakage") {
      leakage = component.energy.count();
    } else if (!component.name.starts_with("memory_") && component.name != "regulators") {
      dynamic += component.energy.count();
    }
  }
  const double ratio = 0.8 / 0.65;
  EXPECT_NEAR(rows[0].ours,
              (dynamic * ratio * ratio + leakage * ratio * 240 / 370) / (dynamic + leakage), 1e-9);
}

/// Puts the shipped tables into the folder, of which one loses the line of its voltage.
void copy_without_a_voltage(const std::filesystem::path& folder) {
  std::filesystem::copy(kShippedArrays / "energy", folder,
                        std::filesystem::copy_options::recursive);
  std::ifstream shipped(kShippedArrays / "energy/7nm.yaml");
  std::ofstream changed(folder / "7nm.yaml");
  for (std::string line; std::getline(shipped, line);) {
    if (!line.starts_with("voltage:")) {
      changed << line << '\n';
    }
  }
}

TEST(ValidateEnergy, ATableWithoutAVoltageCannotBeCompared) {
  ArrayConfig array = load_array_config(kShippedArrays / "edge_8x8.yaml");
  const TempFiles files;
  copy_without_a_voltage(files.path("tables"));
  array.energy = files.path("tables/7nm.yaml");
  const Graph graph = dense_from_sizes("8x8");
  EXPECT_THROW(compare_gap9(graph, graph, array), InputError);
}

TEST(ValidateEnergy, ARowHasItsRatio) {
  const std::vector<EnergyComparison> rows = {{"chip", "busy", "W", 40, 30, "somewhere"}};
  EXPECT_EQ(energy_json(rows)["rows"][0]["ratio"], 0.75);
  EXPECT_NE(energy_text(rows).find("chip    busy       40 W    30 W   0.75\n"), std::string::npos)
      << energy_text(rows);
}

}  // namespace
}  // namespace systol
