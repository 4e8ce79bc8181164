#include <gtest/gtest.h>

#include <filesystem>

#include "host/account/energy.h"
#include "host/account/energy_sources.h"
#include "host/account/energy_table.h"
#include "sim/config/array_file.h"
#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

const std::filesystem::path kShipped = SYSTOL_CONFIGS;

Activity every_action_once() {
  Activity activity;
  activity.counts.fill(1);
  return activity;
}

/// Half of the voltage: a quarter of the energies, half of the leakage, the same memories.
TEST(OperatingVoltage, EnergiesGoWithItsSquareLeakageWithItAndMemoriesStay) {
  ArrayConfig config = load_array_config(kShipped / "edge_8x8.yaml");
  const EnergyTable whole = load_energy_table(config);
  EXPECT_EQ(whole.scaling, "");
  config.voltage = Millivolts(450);  // of the table's 900
  const EnergyTable half = load_energy_table(config);
  EXPECT_EQ(half.scaling.substr(0, 20), "from 0.9 V (confirme");
  for (const auto& sums : {std::optional<SumBits>(), std::optional(SumBits{5.0, 2.0})}) {
    const EnergyReport before = account({every_action_once(), {Cycles(9)}, sums}, config, whole);
    const EnergyReport after = account({every_action_once(), {Cycles(9)}, sums}, config, half);
    // All but the last, what regulators lose of them.
    for (std::size_t i = 0; i + 1 < before.components.size(); ++i) {
      const std::string& name = before.components[i].name;
      const double factor = name.starts_with("memory_") ? 1 : name == "leakage" ? 0.5 : 0.25;
      const double expected = before.components[i].energy.count() * factor;
      EXPECT_TRUE(expected > 0 || name == "control") << name;
      EXPECT_NEAR(after.components[i].energy.count(), expected, 1e-12 * expected) << name;
    }
  }
}

TEST(OperatingVoltage, IsOneOfTheSources) {
  ArrayConfig config = load_array_config(kShipped / "edge_8x8.yaml");
  config.voltage = Millivolts(800);
  const std::vector<EnergySource> sources = energy_sources(config, load_energy_table(config));
  EXPECT_EQ(sources.back().name, "voltage");
}

TEST(OperatingVoltage, NeedsATableThatSaysItsOwn) {
  TempFiles files;
  ArrayConfig config = load_array_config(kShipped / "edge_8x8.yaml");
  config.energy = files.write("old.yaml",
                              "name: old\n"
                              "operations:\n"
                              "  int8_multiply: {value: 1 pJ, status: assumption, source: s}\n"
                              "  int32_add: {value: 1 pJ, status: assumption, source: s}\n"
                              "  int32_multiply: {value: 1 pJ, status: assumption, source: s}\n"
                              "sram:\n"
                              "  - {capacity: 8 KiB, value: 1 pJ, status: assumption, source: s}\n"
                              "  - {capacity: 9 KiB, value: 1 pJ, status: assumption, source: s}\n"
                              "flip_flop:\n"
                              "  clocked: {value: 1 pJ/bit, status: assumption, source: s}\n"
                              "  clock_tree: {value: 1 pJ/bit, status: assumption, source: s}\n"
                              "wire: {value: 1 pJ/bit/mm, status: assumption, source: s}\n"
                              "leakage:\n"
                              "  logic: {value: 1 nW/um2, status: assumption, source: s}\n"
                              "  sram: {value: 1 nW/bit, status: assumption, source: s}\n"
                              "area:\n"
                              "  int8_multiply: {value: 1 um2, status: assumption, source: s}\n"
                              "  int32_add: {value: 1 um2, status: assumption, source: s}\n"
                              "  int32_multiply: {value: 1 um2, status: assumption, source: s}\n"
                              "  flip_flop: {value: 1 um2/bit, status: assumption, source: s}\n"
                              "  sram_cell: {value: 1 um2/bit, status: assumption, source: s}\n"
                              "  sram_efficiency: {value: 60 %, status: assumption, source: s}\n"
                              "  utilisation: {value: 70 %, status: assumption, source: s}\n"
                              "regulators: {value: 10 %, status: assumption, source: s}\n"
                              "memories:\n"
                              "  lpddr4:\n"
                              "    read: {value: 8 pJ/bit, status: assumption, source: s}\n"
                              "    write: {value: 8 pJ/bit, status: assumption, source: s}\n");
  config.voltage = Millivolts(800);
  config.voltage_place = "a.yaml:3:10";
  EXPECT_EQ(files.error_of([&] { load_energy_table(config); }),
            "a.yaml:3:10: voltage: old.yaml does not say the `voltage` of its figures");
}

}  // namespace
}  // namespace systol
