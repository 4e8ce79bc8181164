#include "host/account/energy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "host/account/energy_sources.h"
#include "host/account/hardware.h"
#include "sim/config/array_registers.h"
#include "tests/host/account/round_figures.h"
#include "tests/sim/config/temp_files.h"

namespace systol::test {
namespace {

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
  const EnergyReport report = account({activity(), {Cycles(50)}}, config(), table());
  // Without a measured PE: multiplications without a zero, and all additions.
  EXPECT_DOUBLE_EQ(energy_of(report, "pe"), (100 - 30) * 2.0 + (100 + 20) * 1.0);
  EXPECT_DOUBLE_EQ(energy_of(report, "pe_registers"), 5000 * 0.5);
  EXPECT_DOUBLE_EQ(energy_of(report, "skew_registers"), 1200 * 0.5);
  EXPECT_DOUBLE_EQ(energy_of(report, "accumulators"), 16 * 0.5 * 1.0 + 6 * 1.0);
  // Slices of 2 KiB in a square of 256 x 256 um, half of which 80 bytes cross.
  EXPECT_DOUBLE_EQ(energy_of(report, "unified_buffer"), 10 * 2.0 + 640 * 0.1 * 0.128);
  EXPECT_DOUBLE_EQ(energy_of(report, "weight_fifo"), 3 * 1.0);
  // A byte of the table is an eighth of an access.
  EXPECT_DOUBLE_EQ(energy_of(report, "activation_unit"), 9 * 1.0 + 9 * 30.0 + 1 * 8.0);
  EXPECT_DOUBLE_EQ(energy_of(report, "vector_unit"), 4 * 11 * 1.0 + 6 * 30.0);
  // Eight bytes of the table.
  EXPECT_DOUBLE_EQ(energy_of(report, "softmax_unit"), 3 * 4 * 1.0 + 4 * 30.0 + 1 * 8.0);
  EXPECT_DOUBLE_EQ(energy_of(report, "normalise_unit"), 4 * 5 * 1.0 + 2 * 5 * 30.0 + 5 * 2.0);
  EXPECT_DOUBLE_EQ(energy_of(report, "control"), 0.0);
  // Read, and a part of rows that are activated; read and written.
  EXPECT_DOUBLE_EQ(energy_of(report, "memory_w"), 5 * 8 * 10.0 + 5 * 4.0);
  EXPECT_DOUBLE_EQ(energy_of(report, "memory_x"), 7 * 8 * 3.0 + 3 * 8 * 5.0);
  EXPECT_DOUBLE_EQ(energy_of(report, "clock"), 50 * 855 * 0.25);
  // Useful products' operands and sums, and weight rows in 8 PEs, over PEs of 67 um2 of cells.
  EXPECT_DOUBLE_EQ(energy_of(report, "pe_wires"),
                   (100 * 40 + 4 * 64) * 0.1 * std::sqrt(67 / 0.64) * 1e-3);
  // 3229.72 uW for 50 ns: see hardware_test.cpp.
  EXPECT_DOUBLE_EQ(energy_of(report, "leakage"), 3229.72e-6 * 50e-9 * 1e12);
  EXPECT_DOUBLE_EQ(energy_of(report, "regulators"), report.total.count() / 11);
}

/// A value clocks the registers of its lane that it goes through, and its part, of four lanes, of
/// what they share.
TEST(Account, UnitsInTheirGatesAreChargedForTheRegistersThatValuesClock) {
  const EnergyReport gated = account({activity(), {Cycles(50)}}, config(), table_with_units());
  const EnergyReport published = account({activity(), {Cycles(50)}}, config(), table());
  const auto more = [&](const EnergyReport& report, std::string_view name) {
    return energy_of(report, name) - energy_of(published, name);
  };
  EXPECT_NEAR(more(gated, "activation_unit"), 0.5 * 9 * (112 + 502 / 4.0), 1e-9);
  EXPECT_NEAR(more(gated, "vector_unit"), 0.5 * 11 * (196 + 488 / 4.0), 1e-9);
  EXPECT_NEAR(more(gated, "softmax_unit"), 0.5 * 4 * (8 + 110 / 4.0), 1e-9);
  EXPECT_NEAR(more(gated, "normalise_unit"), 0.5 * 5 * (16 + 216 / 4.0), 1e-9);
  const double bits = 4 * (253 + 393 + 8 + 16) + 502 + 488 + 110 + 216;
  EXPECT_NEAR(more(gated, "clock"), 50 * bits * 0.25, 1e-6);
  ArrayConfig ungated = config();
  ungated.clock_gating = ClockGating::None;
  EXPECT_NEAR(more(account({activity(), {Cycles(50)}}, ungated, table_with_units()), "vector_unit"),
              0.5 * 50 * (4 * 393 + 488), 1e-6);
  ungated.clock_gating = ClockGating::Array;
  EXPECT_NEAR(more(account({activity(), {Cycles(50), Cycles(20)}}, ungated, table_with_units()),
                   "vector_unit"),
              0.5 * 30 * (4 * 393 + 488), 1e-6);
}

TEST(Account, ADramIsChargedForTheRowsThatItActivated) {
  ArrayConfig banks = config();
  banks.memories[0].dram.emplace();
  banks.memories[0].dram->row = Bytes(1024);
  Activity a = activity();
  a[Action::WeightsActivates] = 3;
  EXPECT_DOUBLE_EQ(energy_of(account({a, {Cycles(50)}}, banks, table()), "memory_w"),
                   5 * 8 * 10.0 + 3 * 1024 * 4.0);
}

/// A PE of 10 pJ on uniform operands, whose figures are doubled in the table.
EnergyTable table_with_pe() {
  EnergyTable with_pe = table();
  PeTable measured;
  measured.source = "measured: gates";
  measured.registers = 59;
  measured.gated = {Picojoules(10.0),
                    Picojoules(0.1),
                    Picojoules(0.5),
                    Picojoules(1.0),
                    Picojoules(2.0),
                    Picojoules(3.0),
                    Picojoules(4.0),
                    Picojoules(5.0),
                    Picojoules(6.0),
                    {},
                    {},
                    {},
                    {},
                    {},
                    {},
                    {}};
  measured.held = measured.gated;
  measured.held.uniform = Picojoules(12.0);
  measured.held.product_toggle = Picojoules(20.0);
  with_pe.pe = {measured, figure<Picojoules>(20.0), figure<SquareMicrometres>(256.0)};
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
  const EnergyReport report =
      account({toggles(), {Cycles(50)}, SumBits{100.0}}, config(), table_with_pe());
  // 15 rows pass 8 PEs.
  const double others = 120 * 0.5 + 11 * 1.0 + 13 * 3.0 + 14 * 4.0 + 100 * 5.0 + 15 * 6.0;
  EXPECT_DOUBLE_EQ(energy_of(report, "pe"), 2 * (others + 12 * 2.0));
  // What is clocked, and three gates of each PE in each cycle.
  EXPECT_DOUBLE_EQ(energy_of(report, "pe_registers"), 2 * 0.1 * (5000 + 50 * 8 * 3));
  // Of random bits every second one changes; PEs of 20 x 20 um.
  EXPECT_DOUBLE_EQ(energy_of(report, "pe_wires"), 2 * (11 + 15 + 100) * 0.1 * 0.02);
  EXPECT_EQ(operand_basis(config(), table_with_pe(), SumBits{100.0}), "bits that changed");
  ArrayConfig ungated = config();
  ungated.clock_gating = ClockGating::None;
  const EnergyReport always =
      account({toggles(), {Cycles(50)}, SumBits{100.0}}, ungated, table_with_pe());
  EXPECT_DOUBLE_EQ(energy_of(always, "pe"), 2 * (others + 12 * 20.0));
  EXPECT_DOUBLE_EQ(energy_of(always, "pe_registers"), 2 * 0.1 * 50 * 8 * 59);
  EXPECT_DOUBLE_EQ(energy_of(always, "skew_registers"), 0.5 * 50 * (6 * 9 + 1 * 9 + 10 * 32));
}

/// As many eighths of an int8 multiplication as a weight has bits, as much of its registers, and
/// of the weight FIFO's bits.
TEST(Account, ANarrowWeightIsPartOfAnInt8One) {
  ArrayConfig narrow = config();
  narrow.pe = isa::PeType::Int8w4;
  const EnergyTable figures = table();
  const EnergyReport report = account({activity(), {}}, narrow, figures);
  EXPECT_DOUBLE_EQ(energy_of(report, "pe"), (100 - 30) * 2.0 * 4 / 8 + (100 + 20) * 1.0);
  EXPECT_EQ(pe_register_bits(narrow), 8U * (9 + 32 + 2 * 5));
  // PEs of half a multiplier of 4 um2, an adder of 4 and 51 bits of registers, laid out.
  EXPECT_DOUBLE_EQ(energy_of(report, "pe_wires"),
                   (100 * 40 + 4 * 8 * 4) * 0.1 * std::sqrt((2 + 4 + 51) / 0.64) * 1e-3);
  EXPECT_EQ(fifo_bank(narrow).count() * 2, fifo_bank(config()).count());
}

/// 9 of 32 bits of an addition for each useful pair, zero or not, and an addition for each PE that
/// a row passes; and never another type's measured figures.
TEST(Account, AnAddersDifferenceIsPartOfAnAddition) {
  ArrayConfig adders = config();
  adders.pe = isa::PeType::Adder;
  EnergyTable figures = table();
  const Activity work = activity();
  const auto pe_of = [&] { return account({work, {}}, adders, figures).components[0].energy; };
  EXPECT_EQ(pe_of(), Picojoules(100 * 9 / 32.0 + 100 + 20));
  figures.pe = EnergyTable::Pe{};  // of int8
  EXPECT_EQ(pe_of(), Picojoules(100 * 9 / 32.0 + 100 + 20));
  // An adder of 4 um2 for the sum, 9/32 of one, and registers of 3 x 9 + 32 bits, laid out.
  EXPECT_EQ(hardware(adders, figures)[0].area,
            SquareMicrometres(8 * (4 * (1 + 9 / 32.0) + 59) / 0.64));
  EXPECT_EQ(operand_basis(adders, figures, {}),
            "an estimate from published operations, as this PE was not measured in its gates: the "
            "same for all operands");
}

/// Operands of 16 bits, each with its mask, and sums that are added up in fp32.
TEST(Account, AFloatPeHasWiderRegistersAndASumOfItsOwn) {
  ArrayConfig floats = config();
  floats.pe = isa::PeType::Bf16;
  EnergyTable figures = table_with_pe();
  figures.pe->measured.type = isa::PeType::Bf16;
  EXPECT_THROW(account({activity(), {Cycles(50)}}, floats, figures), InputError)
      << "it has no figure for fp32 additions";
  figures.fp32_add = figure<Picojoules>(7.0);
  figures.area.fp32_add = figure<SquareMicrometres>(44.0);
  const EnergyReport report = account({activity(), {Cycles(50)}}, floats, figures);
  EXPECT_DOUBLE_EQ(energy_of(report, "pe"), 2 * 100 * (10.0 - 49 * 0.1));
  EXPECT_DOUBLE_EQ(energy_of(report, "pe_registers"), 2 * 0.1 * (5000 + 50 * 8 * 3));
  const EnergyReport integers = account({activity(), {Cycles(50)}}, config(), table_with_pe());
  EXPECT_DOUBLE_EQ(energy_of(report, "accumulators") - energy_of(integers, "accumulators"),
                   static_cast<double>(activity()[Action::AccumulatorReads]) * (7.0 - 1.0));
  // Four adders, laid out, of 44 um2 and not of 4.
  EXPECT_DOUBLE_EQ(hardware(floats, figures)[4].area.count() -
                       hardware(config(), table_with_pe())[4].area.count(),
                   4 * 40 / 0.64);
  EXPECT_EQ(operand_basis(floats, figures, std::nullopt),
            "assumed: operands of a normal distribution in all useful products");
  floats.clock_gating = ClockGating::None;
  EXPECT_DOUBLE_EQ(
      energy_of(account({activity(), {Cycles(50)}}, floats, figures), "skew_registers"),
      0.5 * 50 * (6 * 17 + 1 * 17 + 10 * 32));
}

TEST(Account, AFloatPeIsChargedForExponentsThatChanged) {
  ArrayConfig floats = config();
  floats.pe = isa::PeType::Bf16;
  EnergyTable figures = table_with_pe();
  figures.fp32_add = figure<Picojoules>(7.0);
  figures.area.fp32_add = figure<SquareMicrometres>(44.0);
  figures.pe->measured.type = isa::PeType::Bf16;
  PeFigures& gated = figures.pe->measured.gated;
  gated.multiplication = Picojoules(3.0);
  gated.exponent_change = Picojoules(7.0);
  gated.idle_exponent_toggle = Picojoules(0.25);
  gated.sum_exponent_toggle = Picojoules(11.0);
  gated.product_change = Picojoules(1.5);
  Activity a = activity();
  a[Action::ExponentChanges] = 17;
  a[Action::IdleExponentToggles] = 19;
  a[Action::ProductChanges] = 29;
  const EnergyReport report = account({a, {Cycles(50)}, SumBits{100.0, 23.0}}, floats, figures);
  // 15 rows pass 8 PEs; of 100 products 30 have a zero operand.
  EXPECT_DOUBLE_EQ(energy_of(report, "pe"), 2 * (120 * 0.5 + 100 * 5.0 + (100 - 30) * 3.0 +
                                                 17 * 7.0 + 19 * 0.25 + 23 * 11.0 + 29 * 1.5));
  EXPECT_EQ(operand_basis(floats, figures, SumBits{}), "bits that changed");
}

TEST(Account, ClocksOfTheWholeArrayStandWhileTheMachineIsIdle) {
  ArrayConfig gated = config();
  gated.clock_gating = ClockGating::Array;
  const EnergyReport report =
      account({toggles(), {Cycles(50), Cycles(20)}, SumBits{100.0}}, gated, table_with_pe());
  EXPECT_DOUBLE_EQ(energy_of(report, "pe_registers"), 2 * 0.1 * 30 * 8 * 59);
  EXPECT_DOUBLE_EQ(energy_of(report, "skew_registers"), 0.5 * 30 * (6 * 9 + 1 * 9 + 10 * 32));
  ArrayConfig never = gated;
  never.clock_gating = ClockGating::None;
  const EnergyReport always =
      account({toggles(), {Cycles(30)}, SumBits{100.0}}, never, table_with_pe());
  for (const std::string_view same : {"pe", "pe_registers", "skew_registers"}) {
    EXPECT_DOUBLE_EQ(energy_of(report, same), energy_of(always, same)) << same;
  }
}

TEST(Account, MemoriesUsePowerByTheirCapacityAndLinksByTheirBandwidth) {
  ArrayConfig known = config();
  known.memories[0].capacity = Bytes(std::uint64_t{512} << 20U);
  known.memories[1].bandwidth = BytesPerSecond(1'000'000'000);
  const EnergyReport report = account({activity(), {Cycles(50)}}, known, table());
  const EnergyReport without = account({activity(), {Cycles(50)}}, config(), table());
  // Half of 3 W for 50 ns, and 8 Gbit/s of 0.5 pJ.
  EXPECT_DOUBLE_EQ(energy_of(report, "memory_w") - energy_of(without, "memory_w"), 75'000.0);
  EXPECT_DOUBLE_EQ(energy_of(report, "memory_x") - energy_of(without, "memory_x"), 200.0);
}

TEST(Account, WithoutCountsUsefulProductsAreThoseOfUniformOperands) {
  const EnergyReport report = account({toggles(), {Cycles(50)}}, config(), table_with_pe());
  EXPECT_DOUBLE_EQ(energy_of(report, "pe"), 2 * 100 * (10.0 - 41 * 0.1));
  EXPECT_EQ(operand_basis(config(), table_with_pe(), std::nullopt),
            "assumed: uniform random operands in all useful products");
  ArrayConfig ungated = config();
  ungated.clock_gating = ClockGating::None;
  EXPECT_DOUBLE_EQ(energy_of(account({toggles(), {Cycles(50)}}, ungated, table_with_pe()), "pe"),
                   2 * 100 * (12.0 - 59 * 0.1));
}

TEST(Account, WithoutCountsInt8OperandsAreWhatTheTableStates) {
  EnergyTable stated = table_with_pe();
  stated.operands =
      EnergyTable::Operands{figure<double>(2.0), figure<double>(7.0), figure<double>(0.5),
                            figure<double>(9.0), figure<double>(3.0)};
  const EnergyReport report = account({toggles(), {Cycles(50)}}, config(), stated);
  // 120 cycles of PEs, 100 products, and 4 weight rows past 8 PEs.
  const double bus = 4 * 8 * 3.0;
  EXPECT_DOUBLE_EQ(energy_of(report, "pe"),
                   2 * (120 * 0.5 + 100 * (2 * 1.0 + 7 * 2.0 + 0.5 * 3.0 + 9 * 5.0) + bus * 6.0));
  EXPECT_DOUBLE_EQ(energy_of(report, "pe_wires"), 2 * (100 * (2 + 9) + bus) * 0.1 * 0.02);
  EXPECT_EQ(operand_basis(config(), stated, std::nullopt),
            "assumed: operands that change as many bits as those of trained networks do");
  ArrayConfig narrow = config();
  narrow.pe = isa::PeType::Int8w4;
  stated.pe->measured.type = isa::PeType::Int8w4;
  EXPECT_EQ(operand_basis(narrow, stated, std::nullopt),
            "assumed: uniform random operands in all useful products");
}

/// A PE holds a group of four activations, and a weight of 8 bits with an index of 2.
TEST(Account, OperandsOfSparseWeightsAreWhatTheTableStates) {
  ArrayConfig sparse = config();
  sparse.pe = isa::PeType::Sparse24;
  EnergyTable stated = table_with_pe();
  stated.pe->measured.type = isa::PeType::Sparse24;
  stated.operands =
      EnergyTable::Operands{figure<double>(2.0), figure<double>(7.0), figure<double>(0.5),
                            figure<double>(9.0), figure<double>(3.0)};
  const EnergyReport report = account({toggles(), {Cycles(50)}}, sparse, stated);
  const double bus = 4 * 8 * 3.0;
  EXPECT_DOUBLE_EQ(
      energy_of(report, "pe"),
      2 * (120 * 0.5 + 100 * (4 * 2 * 1.0 + 7 * 2.0 + 0.5 * 3.0 + 9 * 5.0) + bus * 6.0));
  EXPECT_DOUBLE_EQ(energy_of(report, "pe_wires"),
                   2 * (100 * (4 * 2 + 9) + bus * 10 / 8) * 0.1 * 0.02);
}

/// Of 15 steps, each fed to half of the rows; 4 PE rows leave, each of 4 sums that enter the way
/// out of its own PE and, of one of both rows, of another.
TEST(Account, AMeasuredPeWhoseSumsStayIsChargedForWeightsThatMeetActivationsAndForTheWayOut) {
  ArrayConfig in_place = config();
  in_place.dataflow = Dataflow::OutputStationary;
  EnergyTable figures = table_with_pe();
  figures.pe->measured.in_place = true;
  figures.pe->measured.gated.weight_bus_toggle = Picojoules(0.0);
  figures.pe->measured.gated.met_weight_toggle = Picojoules(7.0);
  figures.pe->measured.gated.drain = Picojoules(8.0);
  Activity a = toggles();
  a[Action::WeightBusToggles] = 0;
  a[Action::FedRows] = 15;
  a[Action::FedValues] = 15;
  a[Action::DrainedRows] = 4;
  const EnergyReport report = account({a, {Cycles(50)}, SumBits{100.0}}, in_place, figures);
  EXPECT_DOUBLE_EQ(energy_of(report, "pe"),
                   2 * (120 * 0.5 + 11 * 1.0 + 12 * 2.0 + 13 * 3.0 + 14 * 4.0 + 100 * 5.0 +
                        14 / 2.0 * 7.0 + 4 * 4 * 1.5 * 8.0));
  EXPECT_DOUBLE_EQ(energy_of(report, "pe_wires"), (2 * (11 + 14) + 4 * 4 * 1.5 * 32) * 0.1 * 0.02);
  EXPECT_EQ(operand_basis(in_place, figures, SumBits{100.0}), "bits that changed");
}

TEST(Account, APeWhoseSumsStayIsNoneWhoseSumsMove) {
  const EnergyReport report =
      account({toggles(), {Cycles(50)}, SumBits{100.0}}, output_stationary(), table_with_pe());
  EXPECT_DOUBLE_EQ(energy_of(report, "pe"), (100 - 30) * 2.0 + (100 + 20) * 1.0);
  EXPECT_EQ(operand_basis(output_stationary(), table_with_pe(), SumBits{100.0}),
            "an estimate from published operations, as this PE was not measured in its gates: "
            "zero operands are counted, other bits are not");
  ArrayConfig ungated = output_stationary();
  ungated.clock_gating = ClockGating::None;
  EXPECT_DOUBLE_EQ(
      energy_of(account({toggles(), {Cycles(50)}}, ungated, table_with_pe()), "pe_registers"),
      0.5 * 50 * 8 * (9 + 9 + 32 + 32));
}

TEST(Account, RegisterBits) {
  // Active, shadow, activation, each with its mask, and the sum; weight skew; activation skew;
  // output and de-skew.
  EXPECT_EQ(array_register_bits(config()), 8U * (9 + 9 + 9 + 32) + 6 * 9 + 1 * 9 + 10 * 32);
}

Activity output_stationary_activity() {
  Activity a = activity();
  a[Action::ShiftedRows] = 0;
  a[Action::DrainedRows] = 6;
  return a;
}

TEST(Account, ChargesOutputStationaryByTheirFormula) {
  const EnergyReport report =
      account({output_stationary_activity(), {Cycles(50)}}, output_stationary(), table());
  EXPECT_DOUBLE_EQ(energy_of(report, "pe_registers"), 5000 * 0.5);
  EXPECT_DOUBLE_EQ(energy_of(report, "skew_registers"), 1200 * 0.5);
  EXPECT_DOUBLE_EQ(energy_of(report, "clock"), 50 * 1039 * 0.25);
  // Both operands move from PE to PE, of 90 um2 of cells, and sums where they are drained: a row is
  // copied, 4 x 32 bits, and of two rows one passes one PE more, half a row each.
  EXPECT_DOUBLE_EQ(energy_of(report, "pe_wires"),
                   (100 * 16 + 6 * 192) * 0.1 * std::sqrt(90 / 0.64) * 1e-3);
  const EnergyReport stationary =
      account({output_stationary_activity(), {Cycles(50)}}, config(), table());
  for (const std::string_view same : {"pe", "accumulators", "unified_buffer", "weight_fifo",
                                      "activation_unit", "memory_w", "memory_x"}) {
    EXPECT_EQ(energy_of(report, same), energy_of(stationary, same)) << same;
  }
}

TEST(Account, RegisterBitsOfOutputStationary) {
  // Both operands, the sum and its copy; activation skew and weight skew; output and de-skew.
  EXPECT_EQ(array_register_bits(output_stationary()),
            8U * (9 + 9 + 32 + 32) + (1 + 6) * 9 + 10 * 32);
}

TEST(Account, AnInputStationaryArrayHasTheRegistersOfAWeightStationaryOne) {
  ArrayConfig input_stationary = config();
  input_stationary.dataflow = Dataflow::InputStationary;
  EXPECT_EQ(array_register_bits(input_stationary), array_register_bits(config()));
  EXPECT_EQ(account({activity(), {Cycles(50)}}, input_stationary, table()).total,
            account({activity(), {Cycles(50)}}, config(), table()).total);
}

TEST(Account, TheTotalIsTheSum) {
  const EnergyReport report = account({activity(), {Cycles(50)}}, config(), table());
  double sum = 0.0;
  for (const EnergyComponent& component : report.components) {
    sum += component.energy.count();
  }
  EXPECT_DOUBLE_EQ(report.total.count(), sum);
  EXPECT_EQ(account({{}, {}}, config(), table()).total, Picojoules(0.0));
}

TEST(Account, LayersSumToTheRun) {
  Activity all;
  Cycles cycles;
  double total = 0.0;
  std::vector<double> components(17, 0.0);
  for (std::uint64_t layer = 1; layer <= 50; ++layer) {
    Activity a = activity();
    a[Action::MacsUseful] += layer * layer * 1237;
    a[Action::FedRows] += layer * 71;
    a[Action::WeightsReadBytes] += layer * 9973;
    const EnergyReport report = account({a, {Cycles(layer * 1009)}}, config(), table());
    for (std::size_t i = 0; i < components.size(); ++i) {
      components[i] += report.components.at(i).energy.count();
    }
    total += report.total.count();
    all += a;
    cycles += Cycles(layer * 1009);
  }
  const EnergyReport report = account({all, {cycles}}, config(), table());
  EXPECT_NEAR(report.total.count() / total, 1.0, 1e-12);
  for (std::size_t i = 0; i < components.size(); ++i) {
    EXPECT_NEAR(report.components.at(i).energy.count(), components[i], 1e-12 * components[i])
        << report.components[i].name;
  }
}

TEST(Account, SourcesNameTheFiguresOfEveryComponent) {
  EnergyTable with_texts = table();
  with_texts.int8_multiply = {Picojoules(2.0), "2 pJ", FigureStatus::SecondHand, "Someone, 2020"};
  const EnergyReport report = account({activity(), {Cycles(50)}}, config(), with_texts);
  const std::vector<EnergySource> sources = energy_sources(config(), with_texts);
  ASSERT_EQ(sources.size(), report.components.size() + 1);
  EXPECT_EQ(sources.back().name, "area");
  for (std::size_t i = 0; i < report.components.size(); ++i) {
    EXPECT_EQ(sources[i].name, report.components[i].name);
    EXPECT_FALSE(sources[i].figures.empty());
  }
  EXPECT_EQ(sources[0].figures[0], "an estimate: this PE was not measured in its gates");
  EXPECT_EQ(sources[0].figures[1], "int8 multiply 2 pJ (second_hand): Someone, 2020");
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
}  // namespace systol::test
