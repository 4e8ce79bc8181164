#include "host/account/energy.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

/// Round numbers: SRAM of capacity B costs B / 1024 pJ per 64 bit.
EnergyTable table() {
  EnergyTable table;
  table.int8_multiply.value = Picojoules(2.0);
  table.int32_add.value = Picojoules(1.0);
  table.int32_multiply.value = Picojoules(30.0);
  table.sram = {{Bytes(1024), {Picojoules(1.0), "1 pJ", FigureStatus::Confirmed, "s"}},
                {Bytes(4096), {Picojoules(4.0), "4 pJ", FigureStatus::Confirmed, "s"}},
                {Bytes(8192), {Picojoules(8.0), "8 pJ", FigureStatus::Confirmed, "s"}}};
  table.flip_flop.value = Picojoules(0.5);
  table.clock_tree.value = Picojoules(0.25);
  table.leakage.value = Watts(1e-6);
  table.memories = {{"ddr", {Picojoules(10.0), "10 pJ/bit", FigureStatus::Confirmed, "s"}},
                    {"link", {Picojoules(3.0), "3 pJ/bit", FigureStatus::Assumption, "s"}}};
  return table;
}

/// 2 x 4 PEs; accumulator banks of 1 KiB, a buffer of 4 KiB, a FIFO of 1 KiB.
ArrayConfig config() {
  ArrayConfig config;
  config.clock = Hertz(1'000'000'000);
  config.rows = 2;
  config.columns = 4;
  config.weight_fifo_tiles = 128;
  config.accumulator_rows = 256;
  config.unified_buffer = Bytes(4096);
  config.memories.resize(2);
  config.memories[0] = {"w", {isa::Space::Weights}, std::nullopt, Picoseconds(0), "ddr", "a:1"};
  config.memories[1] = {"x",  {isa::Space::Activations}, std::nullopt, Picoseconds(0), "link",
                        "a:2"};
  return config;
}

Activity activity() {
  Activity a;
  a[Action::MacsUseful] = 100;
  a[Action::MacsUnused] = 20;
  a[Action::MacsZero] = 30;
  a[Action::FedRows] = 15;
  a[Action::ShiftedRows] = 4;
  a[Action::AccumulatorReads] = 6;
  a[Action::AccumulatorWrites] = 10;
  a[Action::BufferReadBytes] = 64;
  a[Action::BufferWriteBytes] = 16;
  a[Action::FifoReadBytes] = 8;
  a[Action::FifoWriteBytes] = 16;
  a[Action::WeightsReadBytes] = 5;
  a[Action::ActivationsReadBytes] = 7;
  a[Action::ActivationsWriteBytes] = 3;
  a[Action::Requantised] = 9;
  a[Action::TableLookups] = 8;
  a[Action::SoftmaxElements] = 4;
  a[Action::VectorOperations] = 11;
  a[Action::VectorMultiplications] = 6;
  a[Action::NormalisedElements] = 5;
  return a;
}

/// Sums that stay where they are: no weight is shifted in, six rows of sums are drained.
ArrayConfig output_stationary() {
  ArrayConfig output_stationary = config();
  output_stationary.dataflow = Dataflow::OutputStationary;
  return output_stationary;
}

double energy_of(const EnergyReport& report, std::string_view name) {
  for (const EnergyComponent& component : report.components) {
    if (component.name == name) {
      return component.energy.count();
    }
  }
  ADD_FAILURE() << "no component " << name;
  return 0.0;
}

TEST(Account, ChargesEachComponentByItsFormula) {
  const EnergyReport report = account(activity(), Cycles(50), config(), table());
  // Without a measured PE: multiplications without a zero, and all additions.
  EXPECT_DOUBLE_EQ(energy_of(report, "pe"), (100 - 30) * 2.0 + (100 + 20) * 1.0);
  // A row clocks 2 x 4 x 40 bits; a weight row 4 x 8 bits, twice.
  EXPECT_DOUBLE_EQ(energy_of(report, "pe_registers"), (15 * 320 + 4 * 64) * 0.5);
  // A row clocks 1 x 8 bits of skew and (4 + 6) x 32 after the array; a weight row 6 x 8.
  EXPECT_DOUBLE_EQ(energy_of(report, "skew_registers"), (15 * 328 + 4 * 48) * 0.5);
  EXPECT_DOUBLE_EQ(energy_of(report, "accumulators"), 16 * 0.5 * 1.0 + 6 * 1.0);
  EXPECT_DOUBLE_EQ(energy_of(report, "unified_buffer"), 10 * 4.0);
  EXPECT_DOUBLE_EQ(energy_of(report, "weight_fifo"), 3 * 1.0);
  // A byte of the table is an eighth of an access.
  EXPECT_DOUBLE_EQ(energy_of(report, "activation_unit"), 9 * 1.0 + 9 * 30.0 + 1 * 8.0);
  // Adds 3 x 4 + 4 x 11 + 4 x 5, multiplies 4 + 6 + 2 x 5, squares 5, table bytes 2 x 4.
  EXPECT_DOUBLE_EQ(energy_of(report, "vector_unit"), 76 * 1.0 + 20 * 30.0 + 5 * 2.0 + 1 * 8.0);
  EXPECT_DOUBLE_EQ(energy_of(report, "memory_w"), 5 * 8 * 10.0);
  EXPECT_DOUBLE_EQ(energy_of(report, "memory_x"), 10 * 8 * 3.0);
  EXPECT_DOUBLE_EQ(energy_of(report, "clock"), 50 * 824 * 0.25);
  // 824 uW for 50 ns.
  EXPECT_DOUBLE_EQ(energy_of(report, "leakage"), 824e-6 * 50e-9 * 1e12);
}

/// A PE of 10 pJ on uniform operands, whose figures are doubled in the table.
EnergyTable table_with_pe() {
  EnergyTable with_pe = table();
  PeTable measured;
  measured.source = "measured: gates";
  measured.registers = 59;
  measured.gated = {Picojoules(10.0), Picojoules(0.1), Picojoules(0.5),
                    Picojoules(1.0),  Picojoules(2.0), Picojoules(3.0),
                    Picojoules(4.0),  Picojoules(5.0), Picojoules(6.0)};
  measured.held = measured.gated;
  measured.held.uniform = Picojoules(12.0);
  measured.held.product_toggle = Picojoules(20.0);
  with_pe.pe = {measured, {Picojoules(20.0), "20 pJ", FigureStatus::Assumption, "s"}};
  return with_pe;
}

Activity toggles() {
  Activity a = activity();
  a[Action::ActivationToggles] = 11;
  a[Action::ProductToggles] = 12;
  a[Action::SignToggles] = 13;
  a[Action::WeightToggles] = 14;
  a[Action::WeightBusToggles] = 15;
  return a;
}

TEST(Account, AMeasuredPeIsChargedForTheBitsThatChanged) {
  const EnergyReport report = account(toggles(), Cycles(50), config(), table_with_pe(), 100.0);
  // 15 rows pass 8 PEs.
  const double others = 120 * 0.5 + 11 * 1.0 + 13 * 3.0 + 14 * 4.0 + 100 * 5.0 + 15 * 6.0;
  EXPECT_DOUBLE_EQ(energy_of(report, "pe"), 2 * (others + 12 * 2.0));
  // A row clocks 41 bits of each PE, a weight row 4 x 9 bits twice; three gates in each cycle.
  EXPECT_DOUBLE_EQ(energy_of(report, "pe_registers"), 2 * 0.1 * (120 * 41 + 4 * 72 + 50 * 8 * 3));
  EXPECT_EQ(operand_basis(config(), table_with_pe(), 100.0), "bits that changed");
  ArrayConfig ungated = config();
  ungated.clock_gating = ClockGating::None;
  const EnergyReport always = account(toggles(), Cycles(50), ungated, table_with_pe(), 100.0);
  EXPECT_DOUBLE_EQ(energy_of(always, "pe"), 2 * (others + 12 * 20.0));
  EXPECT_DOUBLE_EQ(energy_of(always, "pe_registers"), 2 * 0.1 * 50 * 8 * 59);
  EXPECT_DOUBLE_EQ(energy_of(always, "skew_registers"), 0.5 * 50 * (6 * 8 + 1 * 8 + 10 * 32));
}

TEST(Account, WithoutCountsUsefulProductsAreThoseOfUniformOperands) {
  const EnergyReport report = account(toggles(), Cycles(50), config(), table_with_pe());
  EXPECT_DOUBLE_EQ(energy_of(report, "pe"), 2 * 100 * (10.0 - 41 * 0.1));
  EXPECT_EQ(operand_basis(config(), table_with_pe(), std::nullopt),
            "assumed: uniform random operands in all useful products");
  ArrayConfig ungated = config();
  ungated.clock_gating = ClockGating::None;
  EXPECT_DOUBLE_EQ(energy_of(account(toggles(), Cycles(50), ungated, table_with_pe()), "pe"),
                   2 * 100 * (12.0 - 59 * 0.1));
}

TEST(Account, AnOutputStationaryPeHasNotBeenMeasured) {
  const EnergyReport report =
      account(toggles(), Cycles(50), output_stationary(), table_with_pe(), 100.0);
  EXPECT_DOUBLE_EQ(energy_of(report, "pe"), (100 - 30) * 2.0 + (100 + 20) * 1.0);
  EXPECT_EQ(operand_basis(output_stationary(), table_with_pe(), 100.0),
            "zero operands are counted, other bits are not");
  ArrayConfig ungated = output_stationary();
  ungated.clock_gating = ClockGating::None;
  EXPECT_DOUBLE_EQ(
      energy_of(account(toggles(), Cycles(50), ungated, table_with_pe()), "pe_registers"),
      0.5 * 50 * 8 * (8 + 8 + 32 + 32));
}

TEST(Account, RegisterBits) {
  // Active, shadow, activation, sum; weight skew; activation skew; output and de-skew.
  EXPECT_EQ(array_register_bits(config()), 8U * (8 + 8 + 8 + 32) + 6 * 8 + 1 * 8 + 10 * 32);
}

Activity output_stationary_activity() {
  Activity a = activity();
  a[Action::ShiftedRows] = 0;
  a[Action::DrainedRows] = 6;
  return a;
}

TEST(Account, ChargesOutputStationaryByTheirFormula) {
  const EnergyReport report =
      account(output_stationary_activity(), Cycles(50), output_stationary(), table());
  // A step clocks 2 x 4 x (8 + 8 + 32) bits. A drained row is copied, 4 x 32 bits, and of two rows
  // one passes one PE more: half a row each.
  EXPECT_DOUBLE_EQ(energy_of(report, "pe_registers"), (15 * 384 + 6 * (128 + 64)) * 0.5);
  // A step clocks (1 + 6) x 8 bits of skew, a drained row (4 + 6) x 32 after the array.
  EXPECT_DOUBLE_EQ(energy_of(report, "skew_registers"), (15 * 56 + 6 * 320) * 0.5);
  EXPECT_DOUBLE_EQ(energy_of(report, "clock"), 50 * 1016 * 0.25);
  const EnergyReport stationary =
      account(output_stationary_activity(), Cycles(50), config(), table());
  for (const std::string_view same : {"pe", "accumulators", "unified_buffer", "weight_fifo",
                                      "activation_unit", "memory_w", "memory_x"}) {
    EXPECT_EQ(energy_of(report, same), energy_of(stationary, same)) << same;
  }
}

TEST(Account, RegisterBitsOfOutputStationary) {
  // Both operands, the sum and its copy; activation skew and weight skew; output and de-skew.
  EXPECT_EQ(array_register_bits(output_stationary()),
            8U * (8 + 8 + 32 + 32) + (1 + 6) * 8 + 10 * 32);
}

TEST(Account, AnInputStationaryArrayHasTheRegistersOfAWeightStationaryOne) {
  ArrayConfig input_stationary = config();
  input_stationary.dataflow = Dataflow::InputStationary;
  EXPECT_EQ(array_register_bits(input_stationary), array_register_bits(config()));
  EXPECT_EQ(account(activity(), Cycles(50), input_stationary, table()).total,
            account(activity(), Cycles(50), config(), table()).total);
}

TEST(Account, TheTotalIsTheSum) {
  const EnergyReport report = account(activity(), Cycles(50), config(), table());
  double sum = 0.0;
  for (const EnergyComponent& component : report.components) {
    sum += component.energy.count();
  }
  EXPECT_DOUBLE_EQ(report.total.count(), sum);
  EXPECT_EQ(account({}, Cycles(0), config(), table()).total, Picojoules(0.0));
}

TEST(Account, LayersSumToTheRun) {
  Activity all;
  Cycles cycles;
  double total = 0.0;
  std::vector<double> components(11, 0.0);
  for (std::uint64_t layer = 1; layer <= 50; ++layer) {
    Activity a = activity();
    a[Action::MacsUseful] += layer * layer * 1237;
    a[Action::FedRows] += layer * 71;
    a[Action::WeightsReadBytes] += layer * 9973;
    const EnergyReport report = account(a, Cycles(layer * 1009), config(), table());
    for (std::size_t i = 0; i < components.size(); ++i) {
      components[i] += report.components.at(i).energy.count();
    }
    total += report.total.count();
    all += a;
    cycles += Cycles(layer * 1009);
  }
  const EnergyReport report = account(all, cycles, config(), table());
  EXPECT_NEAR(report.total.count() / total, 1.0, 1e-12);
  for (std::size_t i = 0; i < components.size(); ++i) {
    EXPECT_NEAR(report.components.at(i).energy.count() / components[i], 1.0, 1e-12);
  }
}

TEST(Account, SourcesNameTheFiguresOfEveryComponent) {
  EnergyTable with_texts = table();
  with_texts.int8_multiply = {Picojoules(2.0), "2 pJ", FigureStatus::SecondHand, "Someone, 2020"};
  const EnergyReport report = account(activity(), Cycles(50), config(), with_texts);
  const std::vector<EnergySource> sources = energy_sources(config(), with_texts);
  ASSERT_EQ(sources.size(), report.components.size());
  for (std::size_t i = 0; i < sources.size(); ++i) {
    EXPECT_EQ(sources[i].name, report.components[i].name);
    EXPECT_FALSE(sources[i].figures.empty());
  }
  EXPECT_EQ(sources[0].figures[0], "int8 multiply 2 pJ (second_hand): Someone, 2020");
}

TEST(Account, PowerAndEfficiency) {
  EXPECT_DOUBLE_EQ(average_power(Picojoules(5000.0), Cycles(100), Hertz(1'000'000'000)).count(),
                   0.05);
  EXPECT_EQ(average_power(Picojoules(5.0), Cycles(0), Hertz(1)), Watts(0.0));
  EXPECT_DOUBLE_EQ(efficiency(activity(), Picojoules(50.0)).count(), 4.0);
  EXPECT_EQ(efficiency(activity(), Picojoules(0.0)), TopsPerWatt(0.0));
}

TEST(Account, ChecksMemoriesBeforeALongRun) {
  ArrayConfig wrong = config();
  wrong.memories[1].energy = "lnik";
  EXPECT_EQ(TempFiles().error_of([&] { check_memories(wrong, table()); }),
            "a:2: memory.x.energy: found 'lnik' (did you mean 'link'?), expected one of: ddr, link "
            "(see )");
  EXPECT_NO_THROW(check_memories(config(), table()));
}

}  // namespace
}  // namespace systol
