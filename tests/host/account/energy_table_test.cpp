#include "host/account/energy_table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "sim/config/array_file.h"
#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

constexpr std::string_view kTable =
    "name: test\n"
    "operations:\n"
    "  int8_multiply: {value: 0.2 pJ, status: confirmed, source: s}\n"
    "  int32_add: {value: 100 fJ, status: second_hand, source: s}\n"
    "  int32_multiply: {value: 0.0031 nJ, status: unconfirmed, source: s}\n"
    "sram:\n"
    "  - {capacity: 8 KiB, value: 10 pJ, status: confirmed, source: s}\n"
    "  - {capacity: 32 KiB, value: 20 pJ, status: confirmed, source: s}\n"
    "flip_flop:\n"
    "  clocked: {value: 0.009 pJ/bit, status: confirmed, source: s}\n"
    "  clock_tree: {value: 0.0009 pJ/bit, status: assumption, source: s}\n"
    "memories:\n"
    "  lpddr4:\n"
    "    read: {value: 8 pJ/bit, status: confirmed, source: s}\n"
    "    write: {value: 5 pJ/bit, status: confirmed, source: s}\n"
    "    background: {value: 45.5 mW/GiB, status: confirmed, source: s}\n"
    "wire: {value: 120 fJ/bit/mm, status: confirmed, source: s}\n"
    "leakage:\n"
    "  logic: {value: 12 nW/um2, status: confirmed, source: s}\n"
    "  sram: {value: 10 nW/bit, status: confirmed, source: s}\n"
    "area:\n"
    "  int8_multiply: {value: 282 um2, status: confirmed, source: s}\n"
    "  int32_add: {value: 137 um2, status: confirmed, source: s}\n"
    "  int32_multiply: {value: 3495 um2, status: confirmed, source: s}\n"
    "  flip_flop: {value: 5.98 um2/bit, status: confirmed, source: s}\n"
    "  sram_cell: {value: 0.3 um2/bit, status: confirmed, source: s}\n"
    "  sram_efficiency: {value: 60 %, status: confirmed, source: s}\n"
    "  utilisation: {value: 70 %, status: confirmed, source: s}\n"
    "regulators: {value: 10 %, status: assumption, source: s}\n"
    "operands:\n"
    "  activation_toggles: {value: 2 bit, status: measured, source: s}\n"
    "  product_toggles: {value: 7.5 bit, status: measured, source: s}\n"
    "  sign_toggles: {value: 0.5 bit, status: measured, source: s}\n"
    "  sum_toggles: {value: 9 bit, status: measured, source: s}\n"
    "  weight_bus_toggles: {value: 4 bit, status: measured, source: s}\n";

class EnergyTableFile : public testing::Test {
 protected:
  /// The error of the table with `from` replaced.
  std::string error_with(std::string_view from, std::string_view to) {
    std::string text(kTable);
    text.replace(text.find(from), from.size(), to);
    return files.error_of([&] { load_energy_table(files.write("e.yaml", text)); });
  }
  TempFiles files;
};

TEST_F(EnergyTableFile, ReadsFiguresInTheirUnits) {
  const EnergyTable table = load_energy_table(files.write("e.yaml", kTable));
  EXPECT_EQ(table.int8_multiply.value, Picojoules(0.2));
  EXPECT_EQ(table.int32_add.value, Picojoules(0.1));
  EXPECT_EQ(table.int32_multiply.value, Picojoules(3.1));
  EXPECT_EQ(table.int32_multiply.status, FigureStatus::Unconfirmed);
  EXPECT_EQ(table.flip_flop.value, Picojoules(0.009));
  EXPECT_EQ(table.wire.value, Picojoules(0.12));
  EXPECT_EQ(table.leakage.logic.value, Watts(12e-9));
  EXPECT_EQ(table.leakage.sram.value, Watts(10e-9));
  EXPECT_EQ(table.area.int32_multiply.value, SquareMicrometres(3495.0));
  EXPECT_EQ(table.area.utilisation.value, 0.7);
  EXPECT_EQ(table.regulators.value, 0.1);
  EXPECT_EQ(table.operands.value().product_toggles.value, 7.5);
  const MemoryFigures& memory = table.memories.at(0);
  EXPECT_EQ(memory.read.source, "s");
  EXPECT_EQ(memory.write.value, Picojoules(5.0));
  EXPECT_EQ(memory.background.value().value, Watts(0.0455));
  EXPECT_FALSE(memory.activate);
}

TEST_F(EnergyTableFile, EveryFigureNeedsItsSource) {
  EXPECT_EQ(error_with("{value: 0.2 pJ, status: confirmed, source: s}",
                       "{value: 0.2 pJ, status: confirmed}"),
            "e.yaml:3:18: missing key 'operations.int8_multiply.source'");
  EXPECT_EQ(error_with("{value: 0.2 pJ, status: confirmed, source: s}",
                       "{value: 0.2 pJ, status: confirmed, source: ''}"),
            "e.yaml:3:61: operations.int8_multiply.source: found '' in quotes, expected text");
  EXPECT_EQ(error_with("confirmed", "sure"),
            "e.yaml:3:42: operations.int8_multiply.status: found 'sure', expected one of: "
            "confirmed, second_hand, unconfirmed, interpolated, assumption, measured");
}

TEST_F(EnergyTableFile, FiguresAreChecked) {
  EXPECT_EQ(error_with("0.2 pJ", "0.2"),
            "e.yaml:3:26: operations.int8_multiply.value: found '0.2', which has no unit; allowed "
            "units: fJ, pJ, nJ");
  EXPECT_EQ(error_with("8 pJ/bit", "8 pJ"),
            "e.yaml:14:19: memories.lpddr4.read.value: found '8 pJ', which has the unknown unit "
            "'pJ'; allowed units: fJ/bit, pJ/bit, nJ/bit");
  EXPECT_EQ(error_with("capacity: 32 KiB", "capacity: 8 KiB"),
            "e.yaml:8:16: sram[1].capacity: found '8 KiB', expected more than the '8 KiB' before "
            "it");
  EXPECT_EQ(error_with("10 pJ", "0 pJ"),
            "e.yaml:7:30: sram[0].value: found '0 pJ', allowed: 1 fJ to 1000 nJ");
  EXPECT_EQ(error_with("int32_add", "int32_ad"),
            "e.yaml:4:3: unknown key 'operations.int32_ad' (did you mean 'int32_add'?); allowed: "
            "int8_multiply, int32_add, int32_multiply, fp32_add");
}

TEST_F(EnergyTableFile, NoFigureIsMissingNegativeZeroOrInfinite) {
  std::istringstream lines{std::string(kTable)};
  int figures = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t value = line.find("{value: ");
    if (value == std::string::npos) {
      continue;
    }
    ++figures;
    const std::size_t number = value + std::string_view("{value: ").size();
    const std::size_t unit = line.find(' ', number);
    const std::string place = "e.yaml:";
    for (const char* bad : {"0", "-1", "inf", "nan", "1e999"}) {
      const std::string changed = line.substr(0, number) + bad + line.substr(unit);
      EXPECT_EQ(error_with(line, changed).substr(0, place.size()), place) << changed;
    }
    const bool may_be_missing = line.find("background") != std::string::npos;
    EXPECT_EQ(error_with(line + "\n", "\n") == "no error", may_be_missing) << line;
  }
  EXPECT_EQ(figures, 24);
  EXPECT_EQ(error_with("value: 60 %", "value: 0 %"),
            "e.yaml:27:28: area.sram_efficiency.value: found '0 %', allowed: 1 to 100 %");
}

TEST_F(EnergyTableFile, FiguresThatWouldOverflowTheAccountAreRefused) {
  EXPECT_EQ(
      error_with("0.2 pJ", "1000.1 nJ"),
      "e.yaml:3:26: operations.int8_multiply.value: found '1000.1 nJ', allowed: 0.001 fJ to 1000 "
      "nJ");
  EXPECT_EQ(error_with("0.2 pJ", "1000 nJ"), "no error");
  EXPECT_EQ(
      error_with("8 pJ/bit", "1001 nJ/bit"),
      "e.yaml:14:19: memories.lpddr4.read.value: found '1001 nJ/bit', allowed: 0.001 fJ/bit to "
      "1000 nJ/bit");
  // From 8 to 32 KiB, 16 times the energy is the square of the capacity's ratio.
  EXPECT_EQ(error_with("20 pJ", "160 pJ"), "no error");
  EXPECT_EQ(error_with("20 pJ", "161 pJ"),
            "e.yaml:8:31: sram[1].value: found '161 pJ' after '10 pJ', expected it to grow or fall "
            "with the square of the capacity at most");
  EXPECT_EQ(error_with("20 pJ", "0.6 pJ"),
            "e.yaml:8:31: sram[1].value: found '0.6 pJ' after '10 pJ', expected it to grow or fall "
            "with the square of the capacity at most");
}

constexpr std::string_view kPe =
    "type: int8\n"
    "status: measured\n"
    "source: gates\n"
    "command: make it\n"
    "registers: 59\n"
    "held:\n"
    "  uniform: 60 pJ\n"
    "  register_clock: 0.2 pJ/bit\n"
    "  wave: 0 pJ\n"
    "  activation_toggle: 1 pJ\n"
    "  product_toggle: 2 pJ\n"
    "  sign_toggle: 3 pJ\n"
    "  weight_toggle: 4 pJ\n"
    "  sum_toggle: 5 pJ\n"
    "  weight_bus_toggle: 600 fJ\n"
    "gated:\n"
    "  uniform: 50 pJ\n"
    "  register_clock: 0.2 pJ/bit\n"
    "  wave: 0 pJ\n"
    "  activation_toggle: 1 pJ\n"
    "  product_toggle: 2 pJ\n"
    "  sign_toggle: 3 pJ\n"
    "  weight_toggle: 4 pJ\n"
    "  sum_toggle: 5 pJ\n"
    "  weight_bus_toggle: 7 pJ\n";

TEST_F(EnergyTableFile, AMeasuredPeIsInAFileOfItsOwn) {
  const std::string pe(kPe);
  const auto load = [&](std::string_view from, std::string_view to) {
    std::string text = pe;
    text.replace(text.find(from), from.size(), to);
    files.write("pe.yaml", text);
    return files.write("e.yaml", std::string(kTable) +
                                     "pe:\n  gates: pe.yaml\n  uniform: {value: 0.5 pJ, "
                                     "status: interpolated, source: s}\n  area: {value: 404 um2, "
                                     "status: interpolated, source: s}\n");
  };
  const EnergyTable table = load_energy_table(load("60 pJ", "60 pJ"));
  ASSERT_TRUE(table.pe);
  EXPECT_EQ(table.pe->uniform.value, Picojoules(0.5));
  EXPECT_EQ(table.pe->area.value, SquareMicrometres(404.0));
  EXPECT_EQ(table.pe->measured.source, "measured: gates, by make it");
  EXPECT_EQ(table.pe->measured.registers, 59U);
  EXPECT_EQ(table.pe->measured.held.uniform, Picojoules(60.0));
  EXPECT_EQ(table.pe->measured.held.weight_bus_toggle, Picojoules(0.6));
  EXPECT_EQ(table.pe->measured.gated.uniform, Picojoules(50.0));
  EXPECT_EQ(table.pe->measured.gated.sum_toggle, Picojoules(5.0));
  const auto error = [&](std::string_view from, std::string_view to) {
    const auto path = load(from, to);
    return files.error_of([&] { load_energy_table(path); });
  };
  EXPECT_EQ(error("60 pJ", "0 pJ"),
            "pe.yaml:7:12: held.uniform: found '0 pJ', allowed: 1 fJ to 1000 nJ");
  EXPECT_EQ(error("  sign_toggle: 3 pJ\n", ""), "pe.yaml:7:3: missing key 'held.sign_toggle'");
  EXPECT_EQ(error("toggle: 2 pJ", "toggle: -2 pJ").substr(0, 42),
            "pe.yaml:11:19: held.product_toggle: found ");
  EXPECT_EQ(error("held:\n", "held:\n  area: inf um2\n").substr(0, 22), "pe.yaml:7:9: held.area");
  EXPECT_EQ(error("held:\n", "held:\n  leakage: 0 nW\n"),
            "pe.yaml:7:12: held.leakage: found '0 nW', allowed: 0.000001 to 1000000000 nW");
  EXPECT_EQ(error("measured", "guessed"),
            "pe.yaml:2:9: status: found 'guessed', expected one of: measured");
  EXPECT_EQ(error("59", "0"), "pe.yaml:5:12: registers: found '0', allowed: 1 to 4096");
}

TEST_F(EnergyTableFile, AnArrayHasThePeOfItsOwnType) {
  const std::string int8(kPe);
  files.write("int8.yaml", int8);
  files.write("adder.yaml", std::string("type: adder") + int8.substr(int8.find('\n')));
  const auto load = [&](const std::string& second) {
    const std::string figures =
        "uniform: {value: 0.5 pJ, status: interpolated, source: s}, area: "
        "{value: 404 um2, status: interpolated, source: s}}\n";
    return files.write("e.yaml", std::string(kTable) + "pe:\n  - {gates: int8.yaml, " + figures +
                                     "  - {gates: " + second + ".yaml, " + figures);
  };
  const EnergyTable table = load_energy_table(load("adder"));
  ASSERT_TRUE(table.pe);
  EXPECT_EQ(table.pe->measured.type, isa::PeType::Int8);
  ArrayConfig adders;
  adders.pe = isa::PeType::Adder;
  EXPECT_EQ(for_array(table, adders).pe->measured.type, isa::PeType::Adder);
  const auto none = load("none");
  EXPECT_EQ(files.error_of([&] { load_energy_table(none); }).substr(0, 44),
            "e.yaml:38:13: pe[1].gates: found 'none.yaml'");
  const auto twice = load("int8");
  EXPECT_EQ(files.error_of([&] { load_energy_table(twice); }).substr(0, 7), "e.yaml:");
}

TEST_F(EnergyTableFile, SramIsAStraightLineOnLogarithmicAxes) {
  const EnergyTable table = load_energy_table(SYSTOL_CONFIGS "/energy/45nm.yaml");
  const auto access = [&](std::uint64_t bytes) { return table.sram_access(Bytes(bytes)).count(); };
  EXPECT_EQ(access(8 << 10), 10.0);
  EXPECT_EQ(access(32 << 10), 20.0);
  EXPECT_EQ(access(1 << 20), 100.0);
  EXPECT_DOUBLE_EQ(access(16 << 10), 10.0 * std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(access(2 << 10), 5.0);                    // the segment from 8 to 32 KiB goes on
  EXPECT_DOUBLE_EQ(access(std::uint64_t{32} << 20), 500.0);  // and the one from 32 KiB to 1 MiB
}

TEST_F(EnergyTableFile, AnUnknownMemoryIsReportedInTheArraysFile) {
  const EnergyTable table = load_energy_table(files.write("e.yaml", kTable));
  MemoryConfig memory;
  memory.name = "dram";
  memory.energy = "lpdr4";
  memory.energy_place = "a.yaml:4:9";
  EXPECT_EQ(files.error_of([&] { table.memory(memory); }),
            "a.yaml:4:9: memory.dram.energy: found 'lpdr4' (did you mean 'lpddr4'?), expected one "
            "of: lpddr4 (see e.yaml)");
}

TEST_F(EnergyTableFile, ShippedFiguresAreThePublishedOnes) {
  const EnergyTable old_node = load_energy_table(SYSTOL_CONFIGS "/energy/45nm.yaml");
  EXPECT_EQ(old_node.int8_multiply.value, Picojoules(0.2));
  EXPECT_EQ(old_node.int32_add.value, Picojoules(0.1));
  EXPECT_EQ(old_node.int32_multiply.value, Picojoules(3.1));
  EXPECT_EQ(old_node.flip_flop.value, Picojoules(0.009));
  const EnergyTable new_node = load_energy_table(SYSTOL_CONFIGS "/energy/7nm.yaml");
  EXPECT_EQ(new_node.int8_multiply.value, Picojoules(0.07));
  EXPECT_EQ(new_node.sram_access(Bytes(32 << 10)), Picojoules(8.5));
  EXPECT_NEAR(new_node.flip_flop.value.count(), 0.009 * std::pow(7.0 / 40.0, 0.59), 5e-6);
}

TEST_F(EnergyTableFile, ShippedPesAreScaledToTheirTables) {
  for (const char* name : {"45nm", "28nm", "16nm", "7nm"}) {
    const EnergyTable table =
        load_energy_table(SYSTOL_CONFIGS "/energy/" + std::string(name) + ".yaml");
    ASSERT_TRUE(table.pe) << name;
    const double parts = table.int8_multiply.value.count() + table.int32_add.value.count() +
                         40 * table.flip_flop.value.count();
    EXPECT_NEAR(table.pe->uniform.value.count() / parts, 1.0, 2e-3) << name;
    // Other types' by what all of them use and take at 0.18 um.
    EXPECT_TRUE(table.measured_pe(isa::PeType::Bf16, false)) << name;
    EXPECT_TRUE(table.measured_pe(isa::PeType::Int8, true)) << name;
    for (const EnergyTable::Pe& pe : table.pes) {
      const double ratio = pe.measured.gated.uniform.count() / 54.66;
      EXPECT_NEAR(pe.uniform.value.count() / table.pe->uniform.value.count() / ratio, 1.0, 4e-3)
          << name;
    }
  }
}

/// Of 45 and 7 nm read from their sources: 28 and 16 nm lie between, on logarithmic axes.
TEST_F(EnergyTableFile, ShippedNodesBetweenAreInterpolated) {
  const auto load = [](int node) {
    return load_energy_table(SYSTOL_CONFIGS "/energy/" + std::to_string(node) + "nm.yaml");
  };
  const EnergyTable old_node = load(45);
  const EnergyTable new_node = load(7);
  for (const int node : {28, 16}) {
    const EnergyTable table = load(node);
    const double along = std::log(45.0 / node) / std::log(45.0 / 7.0);
    const auto expect = [&](double found, double from, double to) {
      EXPECT_NEAR(found / (from * std::pow(to / from, along)), 1.0, 5e-3) << node;
    };
    const auto expect_figure = [&](const auto& figure) {
      expect(figure(table).value.count(), figure(old_node).value.count(),
             figure(new_node).value.count());
    };
    expect_figure([](const EnergyTable& t) { return t.int8_multiply; });
    expect_figure([](const EnergyTable& t) { return t.int32_add; });
    expect_figure([](const EnergyTable& t) { return t.int32_multiply; });
    expect_figure([](const EnergyTable& t) { return t.fp32_add.value(); });
    expect_figure([](const EnergyTable& t) { return t.pe->area; });
    for (std::size_t i = 0; i < 3; ++i) {
      expect_figure([&](const EnergyTable& t) { return t.sram.at(i).access; });
    }
    EXPECT_NEAR(table.flip_flop.value.count(), 0.009 * std::pow(node / 40.0, 0.59), 5e-6);
  }
}

/// docs/energy.md: E = V (I - I0) / rate, from the currents (mA) of the data sheets.
TEST_F(EnergyTableFile, ShippedMemoriesFollowFromTheirDataSheets) {
  const EnergyTable table = load_energy_table(SYSTOL_CONFIGS "/energy/28nm.yaml");
  const auto memory = [&](const std::string& name) {
    MemoryConfig config;
    config.energy = name;
    return table.memory(config);
  };
  const MemoryFigures ddr3 = memory("ddr3");
  // 16 bit of 1600 MT/s at 1.5 V; 20.1 and 36.6 mW of interface for each of them.
  EXPECT_NEAR(ddr3.read.value.count(), 1.5 * (270 - 45) / 25.6 + (4.6 + 15.5) / 1.6, 0.06);
  EXPECT_NEAR(ddr3.write.value.count(), 1.5 * (280 - 45) / 25.6 + (21.2 + 15.4) / 1.6, 0.06);
  // A row of 2 KiB: open for 35 of 47.5 ns.
  EXPECT_NEAR(ddr3.activate->value.count(), 1.5 * (110 * 47.5 - 45 * 35 - 42 * 12.5) / 2048, 5e-3);
  // A chip is a quarter of a GiB; 160 ns of refresh in 7.8 us.
  EXPECT_NEAR(ddr3.background->value.count(), 4 * 1.5 * 42e-3, 5e-4);
  EXPECT_NEAR(ddr3.refresh->value.count(), 4 * 1.5 * (215 - 42) * 1e-3 * 160 / 7800, 5e-5);
  const MemoryFigures ddr4 = memory("ddr4");
  const double lower = 1.2 * 1.2 / (1.5 * 1.5);
  EXPECT_NEAR(ddr4.read.value.count(), 1.2 * (184.5 - 44) / 19.2 + lower * 20.1 / 1.6, 0.06);
  EXPECT_NEAR(ddr4.write.value.count(), 1.2 * (168.75 - 44) / 19.2 + lower * 36.6 / 1.6, 0.06);
  EXPECT_NEAR(ddr4.activate->value.count(), 1.2 * (60.75 * 55 - 44 * 39 - 38.25 * 16) / 1.2 / 1024,
              5e-3);
  EXPECT_NEAR(ddr4.background->value.count(), 2 * 1.2 * 38.25e-3, 5e-4);
  EXPECT_NEAR(ddr4.refresh->value.count(), 2 * 1.2 * (118 - 38.25) * 1e-3 * (313 / 1.2) / 7800,
              5e-5);
  const MemoryFigures lpddr4 = memory("lpddr4");
  EXPECT_NEAR(lpddr4.read.value.count(), 1.1 * ((275 - 30) + (150 - 0.75)) / 51.2, 0.01);
  EXPECT_NEAR(lpddr4.write.value.count(), 1.1 * ((210 - 30) + (55 - 0.75)) / 51.2, 0.01);
  EXPECT_NEAR(lpddr4.background->value.count(), (1.8 * 2 + 1.1 * (27 + 0.75)) * 1e-3 * 1024 / 768,
              5e-4);
}

TEST_F(EnergyTableFile, ShippedTablesKnowTheShippedArraysMemories) {
  for (const auto& entry : std::filesystem::directory_iterator(SYSTOL_CONFIGS)) {
    if (entry.path().extension() == ".yaml") {
      const ArrayConfig config = load_array_config(entry.path());
      const EnergyTable table = load_energy_table(config.energy);
      for (const MemoryConfig& memory : config.memories) {
        EXPECT_GT(table.memory(memory).read.value, Picojoules(0.0));
      }
    }
  }
  EXPECT_EQ(load_energy_table(SYSTOL_CONFIGS "/energy/7nm.yaml").memories.size(), 6U);
}

}  // namespace
}  // namespace systol
