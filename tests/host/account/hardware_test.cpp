#include "host/account/hardware.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/host/account/round_figures.h"

namespace systol::test {
namespace {

std::map<std::string, Component> components(const ArrayConfig& config, const EnergyTable& table) {
  std::map<std::string, Component> all;
  for (const Component& component : hardware(config, table)) {
    all[component.name] = component;
  }
  return all;
}

TEST(Hardware, AreaIsOfCellsThatAreLaidOutAndOfBitsWithTheirPeriphery) {
  const auto parts = components(config(), table());
  const auto area = [&](const char* name) { return parts.at(name).area.count(); };
  // A multiplier, an adder and 59 flip-flops in each PE; 383 bits of skew.
  EXPECT_DOUBLE_EQ(area("pe"), 8 * (4 + 4 + 59) / 0.64);
  EXPECT_DOUBLE_EQ(area("skew_registers"), 383 / 0.64);
  // 256 rows of four sums, with an adder for each.
  EXPECT_DOUBLE_EQ(area("accumulators"), 32768 / 0.5 + 4 * 4 / 0.64);
  EXPECT_DOUBLE_EQ(area("unified_buffer"), 32768 / 0.5);
  EXPECT_DOUBLE_EQ(area("weight_fifo"), 512 * 2 * 4 * 8 / 0.5);
  // In each column a multiplier, two adders, nine bytes of parameters, a table of 256 bytes.
  EXPECT_DOUBLE_EQ(area("activation_unit"), 4 * (50 + 2 * 4 + 72) / 0.64 + 4 * 2048 / 0.5);
  // Two multipliers, four adders and a table of 256 bytes.
  EXPECT_DOUBLE_EQ(area("vector_unit"), 4 * (2 * 50 + 4 * 4) / 0.64 + 4 * 2048 / 0.5);
  EXPECT_DOUBLE_EQ(area("softmax_unit"), 4 * 4096 / 0.5);
  for (const char* elsewhere :
       {"pe_wires", "pe_registers", "clock", "memory_w", "memory_x", "normalise_unit", "control"}) {
    EXPECT_EQ(area(elsewhere), 0.0) << elsewhere;
  }
  EXPECT_DOUBLE_EQ(total_area(hardware(config(), table())).count(),
                   (536 + 383 + 16 + 520 + 464) / 0.64 + 131'072 / 0.5);
}

/// Lanes of four columns, what they share, tables; control is a fifth of the die.
TEST(Hardware, UnitsInTheirGatesHaveTheirArea) {
  const auto parts = components(config(), table_with_units());
  const auto area = [&](const char* name) { return parts.at(name).area.count(); };
  EXPECT_DOUBLE_EQ(area("activation_unit"), (4 * 100 + 10) / 0.64 + 4 * 2048 / 0.5);
  EXPECT_DOUBLE_EQ(area("vector_unit"), (4 * 200 + 20) / 0.64 + 4 * 2048 / 0.5);
  EXPECT_DOUBLE_EQ(area("softmax_unit"), (4 * 30 + 40) / 0.64 + 4 * 4096 / 0.5);
  EXPECT_DOUBLE_EQ(area("normalise_unit"), (4 * 50 + 60) / 0.64);
  EXPECT_NEAR(area("control"), total_area(hardware(config(), table_with_units())).count() / 5,
              1e-9);
  EXPECT_DOUBLE_EQ(parts.at("normalise_unit").leakage.count(), 260e-6);
  EXPECT_DOUBLE_EQ(parts.at("control").leakage.count(), area("control") * 0.64e-6);
}

TEST(Hardware, CellsAndBitsLeak) {
  const auto parts = components(config(), table());
  EXPECT_DOUBLE_EQ(parts.at("pe").leakage.count(), 536e-6);
  EXPECT_DOUBLE_EQ(parts.at("unified_buffer").leakage.count(), 327.68e-6);
  double sum = 0.0;
  for (const auto& [name, component] : parts) {
    sum += component.leakage.count();
  }
  // Cells of (536 + 383 + 16 + 520 + 464) um2 and 131,072 bits.
  EXPECT_DOUBLE_EQ(sum, 1919e-6 + 1310.72e-6);
}

TEST(Hardware, WithoutWorkClocksRunThatNothingGates) {
  EXPECT_EQ(components(config(), table()).at("pe_registers").idle, Watts(0.0));
  ArrayConfig ungated = config();
  ungated.clock_gating = ClockGating::None;
  const auto parts = components(ungated, table());
  // 472 and 383 bits of 0.5 pJ at 1 GHz, and the tree above them.
  EXPECT_DOUBLE_EQ(parts.at("pe_registers").idle.count(), 236e-3);
  EXPECT_DOUBLE_EQ(parts.at("skew_registers").idle.count(), 191.5e-3);
  EXPECT_DOUBLE_EQ(parts.at("clock").idle.count(), 213.75e-3);
}

TEST(Hardware, AnUnevenSliceIsRoundedUp) {
  ArrayConfig uneven = config();
  uneven.unified_buffer = Bytes(1000);
  uneven.buffer_slices = 3;
  EXPECT_EQ(buffer_slice(uneven), Bytes(334));
}

}  // namespace
}  // namespace systol::test
