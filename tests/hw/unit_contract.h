// hw/TIMING.md as tests of any MatrixUnit. Include this in one test program, then instantiate:
//   INSTANTIATE_TEST_SUITE_P(Rtl, UnitContract, ::testing::ValuesIn(cases), case_name);
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "tests/hw/unit_testbench.h"

namespace systol::test {

/// A shape and what makes units of it.
struct UnitCase {
  UnitShape shape;
  std::function<std::unique_ptr<MatrixUnit>(const UnitShape&)> make;
};

inline void PrintTo(const UnitCase& unit, std::ostream* out) {
  *out << unit.shape.rows << "x" << unit.shape.columns;
}
inline std::string case_name(const ::testing::TestParamInfo<UnitCase>& info) {
  return std::to_string(info.param.shape.rows) + "x" + std::to_string(info.param.shape.columns);
}

class UnitContract : public ::testing::TestWithParam<UnitCase> {
 protected:
  UnitShape shape() const { return GetParam().shape; }
  std::uint32_t rows() const { return shape().rows; }
  std::uint32_t columns() const { return shape().columns; }
  UnitBench bench() const { return {GetParam().make(shape()), shape()}; }

  /// Weights and activations that differ from place to place and from `tag` to `tag`.
  Bytes8 weight_row(std::uint32_t row, int tag) const {
    return pattern(columns(), static_cast<int>(row) * 31 + tag * 57 + 3);
  }
  Bytes8 activation_row(int tag) const { return pattern(rows(), tag * 43 + 11); }

  static Bytes8 pattern(std::uint32_t count, int start) {
    Bytes8 data(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      data[i] = static_cast<std::int8_t>((start + static_cast<int>(i) * 29) % 255 - 127);
    }
    return data;
  }

  /// Tile `tag` on the weight port in [cycle, cycle + R).
  void load(UnitBench& bench, Time cycle, int tag) const {
    for (std::uint32_t row = 0; row < rows(); ++row) {
      bench.stimulus.weights[cycle + row] = {row, weight_row(row, tag)};
    }
  }
  void feed(UnitBench& bench, Time cycle, bool swap, bool add, std::uint32_t address,
            int tag) const {
    bench.stimulus.feeds[cycle] = {swap, add, address, activation_row(tag)};
  }

  /// Activation row `activation` times tile `tile`.
  std::vector<std::int32_t> product(int activation, int tile) const {
    std::vector<std::int32_t> sums(columns());
    const Bytes8 left = activation_row(activation);
    for (std::uint32_t r = 0; r < rows(); ++r) {
      const Bytes8 right = weight_row(r, tile);
      for (std::uint32_t c = 0; c < columns(); ++c) {
        sums[c] += left[r] * right[c];
      }
    }
    return sums;
  }
  static std::vector<std::int32_t> sum(std::vector<std::int32_t> a,
                                       const std::vector<std::int32_t>& b) {
    std::transform(a.begin(), a.end(), b.begin(), a.begin(), std::plus<>());
    return a;
  }

  /// The same parameters in all columns, in [cycle, cycle + 9).
  void set_channels(UnitBench& bench, Time cycle, const Channel& channel) const {
    const auto word = [](std::uint32_t value, std::uint32_t byte) {
      return static_cast<std::int8_t>((value >> (8 * byte)) & 0xff);
    };
    for (std::uint32_t plane = 0; plane < 9; ++plane) {
      const std::int8_t value = plane < 4   ? word(static_cast<std::uint32_t>(channel.bias), plane)
                                : plane < 8 ? word(channel.multiplier, plane - 4)
                                            : static_cast<std::int8_t>(channel.shift);
      bench.stimulus.channels[cycle + plane] = {plane, Bytes8(columns(), value)};
    }
  }

  /// A pass through the activation path that changes nothing but clamps to int8.
  static constexpr Channel kIdentity{0, 2, 1};
};

///////////////////////////////////////////////////////////////////////////////////////////////////
// Weights

/// Whatever a lane holds that carries no operand, as where a tile does not fill the array.
TEST_P(UnitContract, LanesThatTheMasksLeaveOutAddNothing) {
  UnitBench unit = bench();
  const auto all_but_first = [](std::uint32_t lanes) {
    Mask mask(lane_bytes(lanes, 1));
    for (std::uint32_t lane = 1; lane < lanes; ++lane) {
      mask[lane / 8] |= static_cast<std::uint8_t>(1U << (lane % 8));
    }
    return mask;
  };
  for (std::uint32_t row = 0; row < rows(); ++row) {
    unit.stimulus.weights[row] = {row, Bytes8(columns(), 100), all_but_first(columns())};
  }
  unit.stimulus.feeds[rows()] = {true, false, 0, Bytes8(rows(), -50)};
  FeedPins masked{false, false, 1, Bytes8(rows(), -50)};
  masked.mask = all_but_first(rows());
  unit.stimulus.feeds[rows() + 1] = masked;
  unit.run_to(rows() + 1 + rows() + columns() + 1);
  const auto sums = static_cast<std::int32_t>(rows());
  for (std::uint32_t c = 0; c < columns(); ++c) {
    EXPECT_EQ(unit.accumulator(0, c), c == 0 ? 0 : -5000 * sums) << c;
    EXPECT_EQ(unit.accumulator(1, c), c == 0 ? 0 : -5000 * (sums - 1)) << c;
  }
}

TEST_P(UnitContract, WeightReachesShadowOfColumnCAfterCCycles) {
  constexpr Time kLoad = 2;
  for (std::uint32_t c = 0; c < columns(); ++c) {
    UnitBench unit = bench();
    load(unit, kLoad, 1);
    for (std::uint32_t r = 0; r < rows(); ++r) {
      unit.run_to(std::max(unit.now(), kLoad + r + c));
      EXPECT_EQ(unit.shadow(r, c), 0) << "early: " << r << ", " << c;
      unit.run_to(kLoad + r + c + 1);
      EXPECT_EQ(unit.shadow(r, c), weight_row(r, 1)[c]) << r << ", " << c;
      EXPECT_EQ(unit.weight(r, c), 0) << "nothing swapped yet";
    }
  }
}

TEST_P(UnitContract, SwapReachesPeRCAfterRPlusCCycles) {
  const Time swap = rows() + columns();
  for (std::uint32_t r = 0; r < rows(); ++r) {
    UnitBench unit = bench();
    load(unit, 0, 1);
    feed(unit, swap, true, false, 0, 1);
    for (std::uint32_t c = 0; c < columns(); ++c) {
      unit.run_to(swap + r + c);
      EXPECT_EQ(unit.weight(r, c), 0) << "early: " << r << ", " << c;
      unit.run_to(swap + r + c + 1);
      EXPECT_EQ(unit.weight(r, c), weight_row(r, 1)[c]) << r << ", " << c;
    }
  }
}

TEST_P(UnitContract, FeedMayStartOneCycleAfterTheLoadStarts) {
  for (const bool early : {false, true}) {
    UnitBench unit = bench();
    constexpr Time kLoad = 3;
    const Time swap = kLoad + (early ? 0 : 1);
    load(unit, kLoad, 1);
    feed(unit, swap, true, false, 0, 1);
    unit.run_to(swap + rows() + columns() + 1);
    const auto expected = early ? std::vector<std::int32_t>(columns()) : product(1, 1);
    EXPECT_EQ(unit.accumulator_row(0), expected) << (early ? "took the old shadow" : "");
  }
}

TEST_P(UnitContract, NextLoadMayStartInTheCycleOfTheSwap) {
  for (const bool early : {false, true}) {
    UnitBench unit = bench();
    const Time swap = rows() + 1;
    load(unit, 0, 1);
    load(unit, swap - (early ? 1 : 0), 2);
    feed(unit, swap, true, false, 0, 1);
    unit.run_to(swap + rows() + columns() + 1);
    EXPECT_EQ(unit.accumulator_row(0), early ? product(1, 2) : product(1, 1));
  }
}

TEST_P(UnitContract, SwapTakesTheOldShadowWhenTheNextWeightArrivesAtTheSameEdge) {
  UnitBench unit = bench();
  const Time swap = rows();
  load(unit, 0, 1);
  load(unit, swap, 2);
  feed(unit, swap, true, false, 0, 1);
  for (std::uint32_t r = 0; r < rows(); ++r) {
    unit.run_to(std::max(unit.now(), swap + r + 1));
    EXPECT_EQ(unit.weight(r, 0), weight_row(r, 1)[0]);
    EXPECT_EQ(unit.shadow(r, 0), weight_row(r, 2)[0]);
  }
}

///////////////////////////////////////////////////////////////////////////////////////////////////
// Feeding and accumulating

TEST_P(UnitContract, RowIsVisibleInAccumulatorsAfterRPlusCPlusOneCycles) {
  UnitBench unit = bench();
  constexpr Time kFeed = 1;
  load(unit, 0, 1);
  feed(unit, kFeed, true, false, 1, 1);
  unit.run_to(kFeed + rows() + columns());
  EXPECT_EQ(unit.accumulator_row(1), std::vector<std::int32_t>(columns())) << "one cycle early";
  unit.run_to(kFeed + rows() + columns() + 1);
  EXPECT_EQ(unit.accumulator_row(1), product(1, 1));
}

TEST_P(UnitContract, AllRowsOfAMatmulAreVisibleAfterMPlusRPlusCCycles) {
  for (const std::uint32_t m : {1U, 2U, rows(), std::min(2 * rows() + 1, 4U)}) {
    UnitBench unit = bench();
    constexpr Time kFeed = 1;
    load(unit, 0, 1);
    for (std::uint32_t row = 0; row < m; ++row) {
      feed(unit, kFeed + row, row == 0, false, row % shape().accumulator_rows,
           static_cast<int>(row));
    }
    const std::uint32_t last = (m - 1) % shape().accumulator_rows;
    unit.run_to(kFeed + m + rows() + columns() - 1);
    EXPECT_NE(unit.accumulator_row(last), product(static_cast<int>(m) - 1, 1)) << "one cycle early";
    unit.run_to(kFeed + m + rows() + columns());
    EXPECT_EQ(unit.accumulator_row(last), product(static_cast<int>(m) - 1, 1));
  }
}

/// Tiles at the earliest legal cycles: M < R, M = R and M > R.
TEST_P(UnitContract, ConsecutiveTilesTakeMaxOfMAndRCycles) {
  constexpr int kTiles = 5;
  for (const std::uint32_t m : {1U, std::max(1U, rows() / 2), rows(), rows() + 1, 3 * rows()}) {
    const Time period = std::max(m, rows());
    UnitBench unit = bench();
    // Tile k loads from the cycle in which tile k - 1 swaps, and swaps one period after that.
    const auto swap = [&](int tile) { return 1 + static_cast<Time>(tile) * period; };
    for (int tile = 0; tile < kTiles; ++tile) {
      load(unit, tile == 0 ? 0 : std::max<Time>(swap(tile - 1), static_cast<Time>(tile) * rows()),
           tile + 1);
    }
    for (int tile = 0; tile < kTiles; ++tile) {
      for (std::uint32_t row = 0; row < m; ++row) {
        feed(unit, swap(tile) + row, row == 0, false, row % shape().accumulator_rows,
             tile * 7 + static_cast<int>(row));
      }
    }
    GoldenUnit golden(shape());
    unit.run_against(golden);
    ASSERT_FALSE(HasFailure()) << "M = " << m;
    // And what the golden unit says is the plain product.
    EXPECT_EQ(unit.accumulator_row((m - 1) % shape().accumulator_rows),
              product((kTiles - 1) * 7 + static_cast<int>(m) - 1, kTiles));
  }
}

TEST_P(UnitContract, BubblesInsideATileDisturbNothing) {
  UnitBench unit = bench();
  load(unit, 0, 1);
  const Time cycles[] = {1, 3, 4, 9};
  for (std::uint32_t row = 0; row < 4; ++row) {
    feed(unit, cycles[row], row == 0, false, row, static_cast<int>(row));
  }
  for (std::uint32_t row = 0; row < 4; ++row) {
    unit.run_to(cycles[row] + rows() + columns() + 1);
    EXPECT_EQ(unit.accumulator_row(row), product(static_cast<int>(row), 1));
  }
  unit.run_to(unit.now() + 20);
  for (std::uint32_t row = 0; row < 4; ++row) {
    EXPECT_EQ(unit.accumulator_row(row), product(static_cast<int>(row), 1)) << "afterwards";
  }
}

TEST_P(UnitContract, BatchOneAccumulatesIntoOneRow) {
  constexpr int kTiles = 6;
  UnitBench unit = bench();
  // One row per tile: a tile every R cycles, but two additions to one row are two cycles apart.
  const Time period = std::max<Time>(rows(), 2);
  std::vector<std::int32_t> expected(columns());
  for (int tile = 0; tile < kTiles; ++tile) {
    load(unit, static_cast<Time>(tile) * period, tile);
    feed(unit, static_cast<Time>(tile) * period + 1, true, tile != 0, 2, tile);
    expected = sum(expected, product(tile, tile));
  }
  unit.run_to((kTiles - 1) * period + 1 + rows() + columns() + 1);
  EXPECT_EQ(unit.accumulator_row(2), expected);
}

TEST_P(UnitContract, AdditionTwoCyclesLaterSeesTheFirst) {
  UnitBench unit = bench();
  load(unit, 0, 1);
  feed(unit, 1, true, false, 0, 1);
  feed(unit, 3, false, true, 0, 2);
  unit.run_to(3 + rows() + columns() + 1);
  EXPECT_EQ(unit.accumulator_row(0), sum(product(1, 1), product(2, 1)));
}

TEST_P(UnitContract, OverwriteForgetsAndAddKeepsWhatWasThere) {
  UnitBench unit = bench();
  for (std::uint32_t c = 0; c < columns(); ++c) {
    unit.set_accumulator(0, c, 1000);
    unit.set_accumulator(1, c, 1000);
  }
  load(unit, 0, 1);
  feed(unit, 1, true, false, 0, 1);
  feed(unit, 2, false, true, 1, 1);
  unit.run_to(2 + rows() + columns() + 1);
  EXPECT_EQ(unit.accumulator_row(0), product(1, 1));
  EXPECT_EQ(unit.accumulator_row(1),
            sum(product(1, 1), std::vector<std::int32_t>(columns(), 1000)));
}

TEST_P(UnitContract, AccumulatorsWrapAround) {
  UnitBench unit = bench();
  unit.set_accumulator(0, 0, std::numeric_limits<std::int32_t>::max());
  unit.stimulus.weights[0] = {0, Bytes8(columns(), 1)};
  Bytes8 one(rows());
  one[0] = 1;
  unit.stimulus.feeds[1] = {true, true, 0, one};
  unit.run_to(1 + rows() + columns() + 1);
  EXPECT_EQ(unit.accumulator(0, 0), std::numeric_limits<std::int32_t>::min());
}

TEST_P(UnitContract, ExtremeOperandsMultiplyExactly) {
  UnitBench unit = bench();
  for (std::uint32_t r = 0; r < rows(); ++r) {
    unit.stimulus.weights[r] = {r, Bytes8(columns(), -128)};
  }
  unit.stimulus.feeds[1] = {true, false, 0, Bytes8(rows(), -128)};
  unit.stimulus.feeds[2] = {false, false, 1, Bytes8(rows(), 127)};
  unit.run_to(2 + rows() + columns() + 1);
  const auto depth = static_cast<std::int32_t>(rows());
  EXPECT_EQ(unit.accumulator_row(0), std::vector<std::int32_t>(columns(), 128 * 128 * depth));
  EXPECT_EQ(unit.accumulator_row(1), std::vector<std::int32_t>(columns(), -128 * 127 * depth));
}

///////////////////////////////////////////////////////////////////////////////////////////////////
// Activation path

TEST_P(UnitContract, ResultIsVisibleFiveCyclesAfterTheRowIsPresented) {
  UnitBench unit = bench();
  for (std::uint32_t c = 0; c < columns(); ++c) {
    unit.set_accumulator(3, c, static_cast<std::int32_t>(c) - 2);
  }
  set_channels(unit, 0, kIdentity);
  constexpr Time kActivate = 9;  // the cycle after the last plane
  unit.stimulus.activates[kActivate] = {3};
  unit.run_to(kActivate + 4);
  EXPECT_FALSE(unit.result_valid()) << "one cycle early";
  unit.run_to(kActivate + 5);
  EXPECT_TRUE(unit.result_valid());
  Bytes8 expected(columns());
  for (std::uint32_t c = 0; c < columns(); ++c) {
    expected[c] = static_cast<std::int8_t>(static_cast<int>(c) - 2);
  }
  EXPECT_EQ(unit.result(), expected);
  unit.run_to(kActivate + 6);
  EXPECT_FALSE(unit.result_valid()) << "one row, one result";
}

TEST_P(UnitContract, RowsLeaveTheActivationPathOnePerCycle) {
  UnitBench unit = bench();
  for (std::uint32_t row = 0; row < 4; ++row) {
    unit.set_accumulator(row, 0, static_cast<std::int32_t>(row) + 5);
    unit.stimulus.activates[9 + row] = {row};
  }
  set_channels(unit, 0, kIdentity);
  for (std::uint32_t row = 0; row < 4; ++row) {
    unit.run_to(9 + row + 5);
    EXPECT_TRUE(unit.result_valid());
    EXPECT_EQ(unit.result()[0], static_cast<std::int8_t>(row + 5));
  }
}

TEST_P(UnitContract, ActivateReadsWhatTheAccumulatorsShowInItsCycle) {
  for (const bool early : {false, true}) {
    UnitBench unit = bench();
    unit.set_accumulator(0, 0, 77);
    set_channels(unit, 0, kIdentity);
    constexpr Time kFeed = 12;
    unit.stimulus.weights[kFeed - 1] = {0, Bytes8(columns(), 1)};
    Bytes8 five(rows());
    five[0] = 5;
    unit.stimulus.feeds[kFeed] = {true, false, 0, five};
    const Time activate = kFeed + rows() + columns() + (early ? 0 : 1);
    unit.stimulus.activates[activate] = {0};
    unit.run_to(activate + 5);
    EXPECT_EQ(unit.result()[0], early ? 77 : 5);
  }
}

TEST_P(UnitContract, ChannelPlaneIsUsedFromTheCycleAfter) {
  // A new row presented in the cycle after the last plane uses it; see also the shift, which is
  // used three cycles later than the bias.
  UnitBench unit = bench();
  unit.set_accumulator(0, 0, 0);
  set_channels(unit, 0, {100, 2, 1});
  unit.stimulus.channels[9] = {0, Bytes8(columns(), 42)};
  unit.stimulus.activates[10] = {0};
  unit.run_to(15);
  EXPECT_EQ(unit.result(), Bytes8(columns(), 42));
}

TEST_P(UnitContract, AParameterIsUsedByTheRowsThatReachItsStageAfterIt) {
  // Presented in cycle p: a bias is used by rows from p on, a multiplier from p - 1, a shift from
  // p - 2.
  struct Case {
    std::uint32_t plane;
    std::int8_t value;
    Time lead;
    int after;
  };
  constexpr Time kPresented = 20;
  for (const auto& [plane, value, lead, after] :
       {Case{0, 8, 0, 12 + 8}, Case{4, 4, 1, 12 * 2}, Case{8, 2, 2, 12 / 2}}) {
    for (const bool early : {true, false}) {
      UnitBench unit = bench();
      unit.set_accumulator(0, 0, 12);
      set_channels(unit, 0, kIdentity);
      unit.stimulus.channels[kPresented] = {plane, Bytes8(columns(), value)};
      const Time row = kPresented - lead - (early ? 1 : 0);
      unit.stimulus.activates[row] = {0};
      unit.run_to(row + 5);
      EXPECT_EQ(unit.result()[0], early ? 12 : after) << "plane " << plane;
    }
  }
}

TEST_P(UnitContract, ATableRowIsUsedByRowsPresentedThreeCyclesBeforeIt) {
  constexpr Time kPresented = 20;
  for (const bool early : {true, false}) {
    UnitBench unit = bench();
    unit.set_accumulator(0, 0, 12);
    set_channels(unit, 0, kIdentity);
    const std::uint32_t entries = (12 + 128) / columns();
    unit.stimulus.tables[4] = {entries, Bytes8(columns(), 1)};
    unit.stimulus.tables[kPresented] = {entries, Bytes8(columns(), 2)};
    const Time row = kPresented - 3 - (early ? 1 : 0);
    unit.stimulus.activates[row] = {0, true};
    unit.run_to(row + 5);
    EXPECT_EQ(unit.result()[0], early ? 1 : 2);
  }
}

TEST_P(UnitContract, ARowWithItsOwnParametersUsesThemInAllColumns) {
  constexpr Channel kColumns{100, 1U << 30, 31};
  constexpr Channel kRow{-7, 0x7fffffffU, 30};
  UnitBench unit = bench();
  set_channels(unit, 0, kColumns);
  for (std::uint32_t c = 0; c < columns(); ++c) {
    unit.set_accumulator(3, c, static_cast<std::int32_t>(c) + 9);
  }
  const ActivatePins by_columns{3};
  ActivatePins by_row = by_columns;
  by_row.own = true;
  by_row.bias = kRow.bias;
  by_row.multiplier = kRow.multiplier;
  by_row.shift = kRow.shift;
  // Next to rows that use the columns' parameters, in every stage.
  unit.stimulus.activates[9] = by_columns;
  unit.stimulus.activates[10] = by_row;
  unit.stimulus.activates[11] = by_columns;
  for (const bool own : {false, true, false}) {
    unit.run_to(unit.now() == 0 ? 14 : unit.now() + 1);
    ASSERT_TRUE(unit.result_valid());
    for (std::uint32_t c = 0; c < columns(); ++c) {
      EXPECT_EQ(unit.result()[c], reference_activation(static_cast<std::int32_t>(c) + 9,
                                                       own ? kRow : kColumns, by_columns, {}))
          << "column " << c;
    }
  }
}

/// Two cycles after a row without one, which it lets pass.
TEST_P(UnitContract, ARowWithAResidualIsThereInTheSeventhCycle) {
  UnitBench unit = bench();
  set_channels(unit, 0, kIdentity);
  unit.set_accumulator(0, columns() - 1, 50);
  unit.set_accumulator(1, columns() - 1, -7);
  const std::uint32_t entry = 128 + 71;
  unit.stimulus.tables[4] = {entry / columns(), Bytes8(columns(), 99)};
  ActivatePins added{0, false, 10, -128, 40};
  // The sum of 50 and the zero point 10 is clamped to 40: ((40 - 10) * 5 + (3 - -4) * -1 + 1) >> 1
  // is 72, and -1 the zero point of the sum.
  added.residual = {Bytes8(columns(), 3), -4, -1, 5, 1, -1};
  ActivatePins looked_up = added;
  looked_up.table = true;
  unit.stimulus.activates[20] = added;
  unit.stimulus.activates[21] = {1};
  unit.stimulus.activates[30] = looked_up;
  unit.run_to(26);
  EXPECT_TRUE(unit.result_valid());
  EXPECT_EQ(unit.result()[columns() - 1], -7);
  unit.run_to(27);
  EXPECT_TRUE(unit.result_valid());
  EXPECT_EQ(unit.result()[columns() - 1], 71);
  unit.run_to(36);
  EXPECT_FALSE(unit.result_valid());
  unit.run_to(37);
  EXPECT_TRUE(unit.result_valid());
  EXPECT_EQ(unit.result()[columns() - 1], 99);
}

TEST_P(UnitContract, RequantisationEqualsWideArithmeticAtItsExtremes) {
  constexpr std::int32_t kMinimum = std::numeric_limits<std::int32_t>::min();
  constexpr std::int32_t kMaximum = std::numeric_limits<std::int32_t>::max();
  const std::int32_t sums[] = {kMinimum, kMinimum + 1, -3, -2, -1, 0, 1, 2, 3, 64, kMaximum};
  const Channel channels[] = {{0, 1, 1},
                              {kMaximum, 0x7fffffff, 62},
                              {kMinimum, 0x7fffffff, 62},
                              {kMaximum, 0x7fffffff, 1},
                              {kMinimum, 0x7fffffff, 1},
                              {-1, 0x40000000, 31},
                              {1, 0x40000001, 32},
                              {0, 3, 2},
                              {5, 0, 7},
                              {kMaximum, 0x40000000, 54}};
  const ActivatePins rows[] = {{0, false, 0, -128, 127},    {0, false, 127, -128, 127},
                               {0, false, -128, -128, 127}, {0, false, 3, 3, 3},
                               {0, false, -5, 0, 127},      {0, false, 5, -128, -128}};
  for (const Channel& channel : channels) {
    UnitBench unit = bench();
    set_channels(unit, 0, channel);
    Time cycle = 9;
    for (const std::int32_t value : sums) {
      for (const ActivatePins& row : rows) {
        unit.stimulus.activates[cycle] = row;
        unit.run_to(cycle);
        unit.set_accumulator(0, columns() - 1, value);
        unit.run_to(cycle + 5);
        ASSERT_TRUE(unit.result_valid());
        EXPECT_EQ(unit.result()[columns() - 1], reference_activation(value, channel, row, {}))
            << "sum " << value << ", bias " << channel.bias << ", multiplier " << channel.multiplier
            << ", shift " << int{channel.shift} << ", zero point " << int{row.zero_point};
        cycle = unit.now();
      }
    }
  }
}

TEST_P(UnitContract, HalvesRoundUp) {
  UnitBench unit = bench();
  set_channels(unit, 0, {0, 1, 1});  // divides by two
  const std::pair<std::int32_t, int> cases[] = {{3, 2}, {1, 1}, {-1, 0}, {-3, -1}, {-5, -2}};
  Time cycle = 9;
  for (const auto& [sum, half] : cases) {
    unit.stimulus.activates[cycle] = {0};
    unit.run_to(cycle);
    unit.set_accumulator(0, 0, sum);
    unit.run_to(cycle + 5);
    EXPECT_EQ(unit.result()[0], half) << sum;
    cycle = unit.now();
  }
}

TEST_P(UnitContract, ShiftsRoundFromOneOnAndZeroHasNothingToRound) {
  struct Case {
    std::uint8_t shift;
    std::int32_t sum;
    int value;
  };
  // 0: as it is. 1: halves. 2: 5/4, 6/4 and -6/4. 62: 2^61 / 2^62 is the half that rounds up.
  const Case cases[] = {{0, 5, 5}, {0, -5, -5}, {1, 5, 3},   {1, -5, -2}, {2, 5, 1},
                        {2, 6, 2}, {2, -6, -1}, {2, -7, -2}, {62, 5, 0},  {62, -5, 0}};
  for (const Case& each : cases) {
    UnitBench unit = bench();
    set_channels(unit, 0, {0, 1, each.shift});
    unit.stimulus.activates[9] = {0};
    unit.run_to(9);
    unit.set_accumulator(0, columns() - 1, each.sum);
    unit.run_to(9 + 5);
    EXPECT_EQ(unit.result()[columns() - 1], each.value)
        << each.sum << " shifted by " << int{each.shift};
  }
}

TEST_P(UnitContract, TableIsWrittenColumnsEntriesAtATimeAndPassedByWithoutTheFlag) {
  UnitBench unit = bench();
  set_channels(unit, 0, kIdentity);
  const std::uint32_t table_rows = (256 + columns() - 1) / columns();
  Bytes8 table;
  for (std::uint32_t row = 0; row < table_rows; ++row) {
    // The last row's entries past 255 are ignored: they must not land at the table's start.
    unit.stimulus.tables[row] = {row, pattern(columns(), static_cast<int>(row) * 91 + 7)};
    const Bytes8& data = unit.stimulus.tables[row].data;
    table.insert(table.end(), data.begin(), data.end());
  }
  Time cycle = std::max<Time>(table_rows, 9);  // the cycle after the last row
  for (int value = -128; value < 128; ++value) {
    const bool use = value % 3 != 0;
    unit.stimulus.activates[cycle] = {0, use};
    unit.run_to(cycle);
    unit.set_accumulator(0, 0, value);
    unit.run_to(cycle + 5);
    EXPECT_EQ(unit.result()[0], use ? table[static_cast<std::size_t>(value + 128)] : value);
    cycle = unit.now();
  }
}

///////////////////////////////////////////////////////////////////////////////////////////////////
// Faults and everything together

TEST_P(UnitContract, StuckBitReadsAsOneWhateverIsWritten) {
  const StuckBit faults[] = {{0, 0, 0}, {rows() - 1, columns() - 1, 31}, {rows() / 2, 0, 9}};
  for (const StuckBit& fault : faults) {
    UnitBench unit = bench();
    unit.unit().inject(fault);
    unit.stimulus = RandomStimulus(shape(), fault.bit + 1).make(6, true);
    GoldenUnit golden(shape());
    golden.faults = {fault};
    unit.run_against(golden);
  }
}

TEST_P(UnitContract, StuckBitsAddUp) {
  UnitBench unit = bench();
  unit.stimulus = RandomStimulus(shape(), 5).make(6, true);
  GoldenUnit golden(shape());
  golden.faults = {{0, 0, 3}, {0, 0, 17}, {rows() - 1, columns() - 1, 9}};
  for (const StuckBit& fault : golden.faults) {
    unit.unit().inject(fault);
  }
  unit.run_against(golden);
}

TEST_P(UnitContract, RandomTilesAtTheEarliestLegalCycles) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    UnitBench unit = bench();
    unit.stimulus = RandomStimulus(shape(), seed).make(20, true);
    GoldenUnit golden(shape());
    unit.run_against(golden);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

TEST_P(UnitContract, RandomTilesWithGaps) {
  for (std::uint64_t seed = 11; seed <= 16; ++seed) {
    UnitBench unit = bench();
    unit.stimulus = RandomStimulus(shape(), seed).make(20, false);
    GoldenUnit golden(shape());
    unit.run_against(golden);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

}  // namespace systol::test
