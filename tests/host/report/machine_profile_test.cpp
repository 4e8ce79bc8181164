#include "host/report/machine_profile.h"

#include <gtest/gtest.h>

namespace systol::test {
namespace {

isa::Command matmul_of(std::uint64_t rows) {
  isa::Matmul matmul;
  matmul.buffer = {0, rows, 16};
  matmul.depth = 1;
  matmul.columns = 1;
  return {matmul, {}, {}, {}};
}

double busy(const MachineProfile& profile, std::size_t window, isa::Unit unit) {
  return profile.windows().at(window).busy[isa::index_of(unit)];
}

TEST(MachineProfile, AMatmulOccupiesItsUnitWhileItsRowsEnter) {
  MachineProfile profile;
  profile.completed(0, matmul_of(10), Cycles(2), Cycles(40));
  EXPECT_EQ(profile.window(), Cycles(16));
  EXPECT_EQ(profile.windows().size(), 1U);
  EXPECT_EQ(busy(profile, 0, isa::Unit::Matrix), 10);
}

TEST(MachineProfile, WhatCrossesABorderIsSharedOut) {
  MachineProfile profile;
  profile.completed(0, {isa::Load{}, {}, {}, {}}, Cycles(12), Cycles(22));
  EXPECT_EQ(busy(profile, 0, isa::Unit::Load), 4);
  EXPECT_EQ(busy(profile, 1, isa::Unit::Load), 6);
}

TEST(MachineProfile, CommandsOfAUnitThatOverlapCountOnce) {
  MachineProfile profile;
  profile.completed(0, {isa::Load{}, {}, {}, {}}, Cycles(0), Cycles(8));
  profile.completed(1, {isa::Load{}, {}, {}, {}}, Cycles(2), Cycles(10));
  EXPECT_EQ(busy(profile, 0, isa::Unit::Load), 10);
}

TEST(MachineProfile, ClassesAndBytesGoToTheirWindows) {
  MachineProfile profile;
  profile.matrix_cycles(0, CycleClass::ArrayActive, Cycles(0), Cycles(20));
  profile.matrix_cycles(0, CycleClass::Idle, Cycles(20), Cycles(32));
  profile.moved({isa::Unit::Load, 1, Bytes(64), 8, 24});
  const auto& windows = profile.windows();
  ASSERT_EQ(windows.size(), 2U);
  EXPECT_EQ(windows[0].matrix[0], 16);
  EXPECT_EQ(windows[1].matrix[0], 4);
  EXPECT_EQ(windows[1].matrix[static_cast<std::size_t>(CycleClass::Idle)], 12);
  EXPECT_EQ(windows[0].bytes[1], 32);
  EXPECT_EQ(windows[1].bytes[1], 32);
}

TEST(MachineProfile, RunsFollowEachOther) {
  MachineProfile profile;
  profile.begin_run({});
  profile.matrix_cycles(0, CycleClass::ArrayActive, Cycles(0), Cycles(16));
  profile.begin_run({});
  profile.matrix_cycles(0, CycleClass::Idle, Cycles(0), Cycles(16));
  EXPECT_EQ(profile.windows()[0].matrix[0], 16);
  EXPECT_EQ(profile.windows()[1].matrix[static_cast<std::size_t>(CycleClass::Idle)], 16);
}

TEST(MachineProfile, ALongRunHasLongerWindowsAndLosesNothing) {
  MachineProfile profile;
  const std::uint64_t cycles = 16 * MachineProfile::kMostWindows;
  profile.matrix_cycles(0, CycleClass::ArrayActive, Cycles(0), Cycles(cycles));
  EXPECT_EQ(profile.window(), Cycles(16));
  profile.matrix_cycles(0, CycleClass::ArrayActive, Cycles(cycles), Cycles(cycles + 1));
  EXPECT_EQ(profile.window(), Cycles(32));
  double sum = 0;
  for (const MachineWindow& window : profile.windows()) {
    sum += window.matrix[0];
  }
  EXPECT_EQ(sum, static_cast<double>(cycles + 1));
}

}  // namespace
}  // namespace systol::test
