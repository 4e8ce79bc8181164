#include "host/report/power_profile.h"

#include <gtest/gtest.h>

#include "sim/base/error.h"
#include "sim/config/array_registers.h"

namespace systol {
namespace {

/// 2 x 4 PEs at 1 GHz, so that a picojoule a cycle is a milliwatt. A bit of memory takes 1 pJ, a
/// byte to or from the buffer of 4 KiB 0.5 pJ; a product 2 pJ and an addition 1 pJ; a register 0 pJ
/// but for the clock tree's 0.5 pJ a bit.
class PowerProfileTest : public ::testing::Test {
 protected:
  PowerProfileTest() {
    const auto picojoules = [](double value) {
      return EnergyFigure{Picojoules(value), "", FigureStatus::Confirmed, "s"};
    };
    table_.int8_multiply = picojoules(2);
    table_.int32_add = picojoules(1);
    table_.sram = {{Bytes(1024), picojoules(1)}, {Bytes(4096), picojoules(4)}};
    table_.clock_tree = picojoules(0.5);
    table_.area.utilisation.value = 1;
    table_.area.sram_efficiency.value = 1;
    table_.memories = {{"ddr", picojoules(1), picojoules(1), {}, {}, {}, {}}};
    config_.clock = Hertz(1'000'000'000);
    config_.rows = 2;
    config_.columns = 4;
    config_.unified_buffer = Bytes(4096);
    config_.memories.resize(1);
    config_.memories[0].holds = {isa::Space::Weights, isa::Space::Activations};
    config_.memories[0].energy = "ddr";
    idle_ = 0.5 * static_cast<double>(array_register_bits(config_));
  }

  /// 8 bytes: 64 pJ in the memory and 4 in the buffer.
  static Transport load(double from, double to) {
    Transport transport;
    transport.unit = isa::Unit::Load;
    transport.bytes = Bytes(8);
    transport.from = from;
    transport.to = to;
    return transport;
  }
  static isa::Command matmul(std::uint32_t node, std::uint32_t rows) {
    isa::Matmul matmul;
    matmul.buffer = {0, 2, rows};
    matmul.depth = 2;
    matmul.columns = 4;
    isa::Command command;
    command.operation = matmul;
    command.origin.node = node;
    return command;
  }
  static std::vector<double> milliwatts(const PowerOverTime& power) {
    std::vector<double> values;
    for (const Watts watts : power.average) {
      values.push_back(watts.count() * 1e3);
    }
    return values;
  }
  static void expect_near(const std::vector<double>& values, const std::vector<double>& expected) {
    ASSERT_EQ(values.size(), expected.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      EXPECT_NEAR(values[i], expected[i], 1e-9 * expected[i]) << "window " << i;
    }
  }
  /// Of a run whose work takes so many picojoules.
  RunReport report(std::uint64_t cycles, double work = 0) const {
    RunReport report;
    report.cycles = Cycles(cycles);
    report.energy.total = Picojoules(work + idle_ * static_cast<double>(cycles));
    return report;
  }

  EnergyTable table_;
  ArrayConfig config_;
  double idle_ = 0;
};

TEST_F(PowerProfileTest, WhatAMemoryMovesIsSpreadOverItsTime) {
  PowerProfile profile(config_, table_, Cycles(10));
  profile.begin_run(std::vector<std::string>(0));
  profile.moved(load(5, 25));  // 68 pJ in 20 cycles: 3.4 mW
  const PowerOverTime power = profile.over_time(report(40, 68));
  EXPECT_EQ(power.window, Cycles(10));
  expect_near(milliwatts(power), {idle_ + 1.7, idle_ + 3.4, idle_ + 1.7, idle_});
  EXPECT_NEAR(power.largest.count() * 1e3, idle_ + 3.4, 1e-6);
}

TEST_F(PowerProfileTest, AShortLastWindowIsNoPeakButOfAShortRun) {
  PowerProfile profile(config_, table_, Cycles(10));
  profile.begin_run(std::vector<std::string>(0));
  profile.moved(load(10, 12));
  expect_near(milliwatts(profile.over_time(report(12, 68))), {idle_, idle_ + 34});
  EXPECT_NEAR(profile.over_time(report(12, 68)).largest.count() * 1e3, idle_, 1e-6);
  PowerProfile only(config_, table_, Cycles(100));
  only.begin_run(std::vector<std::string>(0));
  only.moved(load(10, 12));
  EXPECT_NEAR(only.over_time(report(17, 68)).largest.count() * 1e3, idle_ + 4, 1e-6);
}

TEST_F(PowerProfileTest, APeakIsTheMostInACycleOfEachWindow) {
  PowerProfile profile(config_, table_, Cycles(10));
  profile.begin_run(std::vector<std::string>(0));
  profile.moved(load(3, 5));      // 34 mW in cycles 3 and 4
  profile.moved(load(4, 5));      // 68 mW in cycle 4
  profile.moved(load(18.5, 20));  // half a cycle, and one
  profile.moved(load(30, 30));    // at the very end
  const PowerOverTime power = profile.over_time(report(30, 4 * 68));
  EXPECT_EQ(power.resolution, Cycles(1));
  ASSERT_EQ(power.peaks.size(), 3U);
  EXPECT_NEAR(power.peaks[0].count() * 1e3, idle_ + 34 + 68, 1e-6);
  EXPECT_NEAR(power.peaks[1].count() * 1e3, idle_ + 68 / 1.5, 1e-6);
  EXPECT_NEAR(power.peaks[2].count() * 1e3, idle_ + 68, 1e-6);
  EXPECT_NEAR(power.peak().count() * 1e3, idle_ + 34 + 68, 1e-6);
}

TEST_F(PowerProfileTest, PeaksOfALongRunAreOfMoreCyclesAndNoLessThanTheAverage) {
  PowerProfile profile(config_, table_, Cycles(1000));
  profile.begin_run(std::vector<std::string>(0));
  profile.moved(load(0, 4));
  profile.moved(load(65'536, 66'000));
  const PowerOverTime power = profile.over_time(report(66'000, 136));
  EXPECT_EQ(power.resolution, Cycles(2));
  EXPECT_NEAR(power.peaks[0].count() * 1e3, idle_ + 17, 1e-6);
  for (std::size_t i = 0; i < power.peaks.size(); ++i) {
    EXPECT_GE(power.peaks[i], power.average[i]) << "window " << i;
  }
}

TEST_F(PowerProfileTest, WhatTakesNoTimeIsWhereItHappensAndAtTheEndInTheLastWindow) {
  PowerProfile profile(config_, table_, Cycles(10));
  profile.begin_run(std::vector<std::string>(0));
  profile.moved(load(10, 10));
  profile.moved(load(20, 20));
  expect_near(milliwatts(profile.over_time(report(20, 136))), {idle_, idle_ + 13.6});
}

/// Of 8 rows of 2 x 4 products at 2 + 1 pJ, 192 pJ are charged. The report says 96 for the first
/// node and 384 for the second, as if the bits of their operands had been counted.
TEST_F(PowerProfileTest, EachNodesProductsAddUpToWhatTheReportSays) {
  const auto windows_of = [&](double first, double second) {
    PowerProfile profile(config_, table_, Cycles(10));
    profile.begin_run(std::vector<std::string>(2));
    profile.completed(0, matmul(0, 8), Cycles(0), Cycles(10));
    profile.completed(1, matmul(1, 8), Cycles(10), Cycles(30));
    RunReport made = report(30, 10'000 + first + second);
    for (const double used : {first, second}) {
      NodeReport node;
      node.energy.components = {{"pe", Picojoules(used)}, {"pe_wires", {}}, {"regulators", {}}};
      made.nodes.push_back(node);
    }
    return milliwatts(profile.over_time(made));
  };
  const std::vector<double> plain = windows_of(192, 192);
  const std::vector<double> counted = windows_of(96, 384);
  expect_near(counted, {plain[0] - 9.6, plain[1] + 9.6, plain[2] + 9.6});
}

TEST_F(PowerProfileTest, RunsFollowOneAnother) {
  PowerProfile profile(config_, table_, Cycles(10));
  profile.begin_run(std::vector<std::string>(1));
  profile.completed(0, matmul(0, 8), Cycles(0), Cycles(10));
  profile.begin_run(std::vector<std::string>(1));
  profile.completed(0, matmul(0, 8), Cycles(0), Cycles(10));
  RunReport made = report(20);
  for (const double used : {0.0, 100.0}) {
    NodeReport node;
    node.energy.components = {{"pe", Picojoules(used)}, {"pe_wires", {}}, {"regulators", {}}};
    made.nodes.push_back(node);
  }
  const std::vector<double> windows = milliwatts(profile.over_time(made));
  ASSERT_EQ(windows.size(), 2U);
  EXPECT_NEAR(windows[1] - windows[0], 10, 1e-6);
}

TEST_F(PowerProfileTest, WindowsDoubleBeforeTheyAreTooMany) {
  PowerProfile profile(config_, table_);
  profile.begin_run(std::vector<std::string>(0));
  profile.moved(load(0, 16));
  profile.moved(load(16 * 1024 - 16, 16 * 1024));
  const PowerOverTime shortest = profile.over_time(report(16 * 1024, 136));
  EXPECT_EQ(shortest.window, Cycles(16));
  EXPECT_EQ(shortest.average.size(), 1024U);
  profile.moved(load(16 * 1024, 16 * 1024 + 16));
  const PowerOverTime doubled = profile.over_time(report(16 * 1024 + 32, 204));
  EXPECT_EQ(doubled.window, Cycles(32));
  ASSERT_EQ(doubled.average.size(), 513U);
  for (const std::size_t window : {0U, 511U, 512U}) {
    EXPECT_NEAR(doubled.average[window].count() * 1e3, idle_ + 68.0 / 32, 1e-6);
  }
}

TEST_F(PowerProfileTest, NoWindowHasNoCyclesAndThereAreNotTooMany) {
  EXPECT_THROW(PowerProfile(config_, table_, Cycles(0)), InputError);
  PowerProfile profile(config_, table_, Cycles(1));
  profile.begin_run(std::vector<std::string>(0));
  EXPECT_THROW(profile.moved(load(0, 1'000'001)), InputError);
  EXPECT_TRUE(PowerProfile(config_, table_).over_time(report(0)).average.empty());
}

}  // namespace
}  // namespace systol
