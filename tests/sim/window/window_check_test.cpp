#include "sim/window/window_check.h"

#include <gtest/gtest.h>

namespace systol {
namespace {

const isa::Command kActivate{isa::Activate{0, 3, {0, 2, 3}, {}}, {}, {}, {}};
const std::string kText =
    "activate accumulator=0 columns=3 buffer=0x0:2x3 zero_point=0 "
    "minimum=-128 maximum=127 table=0 @0,0,0,0";
constexpr std::uint32_t kColumns = 2;

/// A window from cycle 10 on, in which the fast engine ran command 7 from 12 to 20.
struct CheckedWindow {
  using Row = std::vector<std::int8_t>;

  WindowRecord record{Cycles(10)};
  Snapshot fast;
  HeldValues held;

  CheckedWindow() {
    record.wrote_row(3, kActivate, 0, Row{9, 9, 9});
    record.completed(3, kActivate, Cycles(9), Cycles(15));
    record.wrote_row(7, kActivate, 0, Row{1, 2, 3});
    record.wrote_row(7, kActivate, 1, Row{4, 5, 6});
    record.completed(7, kActivate, Cycles(12), Cycles(20));
    fast.buffer = {1, 2};
    fast.accumulators = {10, 20, 30, 40};
    fast.sums = {5, 6};
    held = {{1, 2}, {10, 20, 30, 40}, {5, 6}};
  }
  /// What a check of the clocked engine's doings says.
  std::vector<std::string> failures(Row second_row, std::uint64_t end) {
    WindowCheck check(record, "rtl");
    check.wrote_row(3, kActivate, 0, Row{0, 0, 0});  // before the window
    check.wrote_row(7, kActivate, 0, Row{1, 2, 3});
    check.wrote_row(7, kActivate, 1, second_row);
    check.completed(7, kActivate, Cycles(12), Cycles(end));
    check.finish(held, MemoryImage(), fast, kColumns);
    return check.failures();
  }
};

using Failures = std::vector<std::string>;

TEST(WindowCheck, FindsNothingWhereAllIsTheSame) {
  EXPECT_EQ(CheckedWindow().failures({4, 5, 6}, 20), Failures{});
}

TEST(WindowCheck, NamesTheFirstValueThatIsWrittenDifferently) {
  EXPECT_EQ(CheckedWindow().failures({4, 5, -6}, 20),
            (Failures{"command 7 (" + kText +
                      ", in cycles 12 to 20): column 2 of its row 1 is -6 "
                      "on the rtl engine, and 6 on the fast one"}));
}

TEST(WindowCheck, NamesTheCommandThatRunsInOtherCycles) {
  EXPECT_EQ(CheckedWindow().failures({4, 5, 6}, 21),
            (Failures{"command 7 (" + kText +
                      ") runs in cycles 12 to 21 on the rtl engine, and in "
                      "12 to 20 on the fast one"}));
}

TEST(WindowCheck, NamesTheFirstValueThatIsHeldDifferently) {
  CheckedWindow accumulators;
  accumulators.held.accumulators[3] = 41;
  accumulators.held.buffer[0] = 0;
  EXPECT_EQ(
      accumulators.failures({4, 5, 6}, 20),
      (Failures{"after the window accumulator row 1, column 1 is 41 on the rtl engine, and 40 "
                "on the fast one"}))
      << "one of a kind";
  CheckedWindow sums;
  sums.held.sums[1] = 0;
  EXPECT_EQ(
      sums.failures({4, 5, 6}, 20),
      (Failures{"after the window the sum of PE row 0, column 1 is 0 on the rtl engine, and 6 "
                "on the fast one"}));
  CheckedWindow buffer;
  buffer.held.buffer[1] = 200;
  EXPECT_EQ(buffer.failures({4, 5, 6}, 20),
            (Failures{"after the window byte 0x1 of the unified buffer is 200 on the rtl engine, "
                      "and 2 on the fast one"}));
}

TEST(WindowCheck, ACommandThatIsMissingIsADifference) {
  CheckedWindow window;
  WindowCheck check(window.record, "rtl");
  check.finish(window.held, MemoryImage(), window.fast, kColumns);
  EXPECT_EQ(check.failures(),
            (Failures{"0 commands are complete on the rtl engine, and 1 on the fast one"}));
}

}  // namespace
}  // namespace systol
