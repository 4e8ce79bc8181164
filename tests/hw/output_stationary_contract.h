// What hw/TIMING.md says of units whose sums stay in place, as tests of any such MatrixUnit.
#pragma once

#include "tests/hw/unit_contract.h"

namespace systol::test {

class OutputStationaryContract : public ::testing::TestWithParam<UnitCase> {
 protected:
  std::uint32_t rows() const { return GetParam().shape.rows; }
  std::uint32_t columns() const { return GetParam().shape.columns; }
  UnitBench bench() const { return {GetParam().make(GetParam().shape), GetParam().shape}; }

  static std::int8_t activation(std::uint32_t row, int step) {
    return static_cast<std::int8_t>((static_cast<int>(row) * 37 + step * 11 + 5) % 255 - 127);
  }
  static std::int8_t weight(std::uint32_t column, int step) {
    return static_cast<std::int8_t>((static_cast<int>(column) * 53 + step * 23 + 17) % 255 - 127);
  }

  /// Step number `step` in `cycle`.
  void feed(UnitBench& unit, Time cycle, int step, bool begin, bool drain) const {
    FeedPins pins;
    pins.begin = begin;
    pins.drain = drain;
    Bytes8 weights;
    for (std::uint32_t r = 0; r < rows(); ++r) {
      pins.data.push_back(activation(r, step));
    }
    for (std::uint32_t c = 0; c < columns(); ++c) {
      weights.push_back(weight(c, step));
    }
    unit.stimulus.feeds[cycle] = pins;
    unit.stimulus.weights[cycle] = {0, weights};
  }

  /// A product of steps `first` to `first + depth`, from `cycle` on, drained to accumulator rows
  /// `target` on; only `kept` rows of it.
  void product(UnitBench& unit, Time cycle, int first, int depth, std::uint32_t target,
               std::uint32_t kept) const {
    for (int i = 0; i < depth; ++i) {
      feed(unit, cycle + static_cast<Time>(i), first + i, i == 0, i + 1 == depth);
    }
    const Time last = cycle + static_cast<Time>(depth) - 1;
    for (std::uint32_t row = 0; row < kept; ++row) {
      unit.stimulus.drains[last + rows() - 1 - row] = target + row;
    }
  }

  std::int32_t expected(std::uint32_t row, std::uint32_t column, int first, int depth) const {
    std::int32_t sum = 0;
    for (int i = first; i < first + depth; ++i) {
      sum += activation(row, i) * weight(column, i);
    }
    return sum;
  }

  void expect_product(UnitBench& unit, int first, int depth, std::uint32_t target,
                      std::uint32_t kept) const {
    for (std::uint32_t row = 0; row < kept; ++row) {
      for (std::uint32_t c = 0; c < columns(); ++c) {
        EXPECT_EQ(unit.accumulator(target + row, c), expected(row, c, first, depth))
            << "product from step " << first << ", row " << row << ", column " << c;
      }
    }
  }
};

TEST_P(OutputStationaryContract, LanesThatTheMasksLeaveOutAddNothing) {
  UnitBench unit = bench();
  product(unit, 0, 2, 3, 0, rows());
  for (Time step = 0; step < 3; ++step) {
    unit.stimulus.feeds[step].mask = Mask(lane_bytes(rows(), 1));
    unit.stimulus.feeds[step].mask[0] = 1;
    unit.stimulus.weights[step].mask = Mask(lane_bytes(columns(), 1));
    unit.stimulus.weights[step].mask[0] = 1;
  }
  unit.run_to(3 + 2 * rows() + columns());
  for (std::uint32_t row = 0; row < rows(); ++row) {
    for (std::uint32_t c = 0; c < columns(); ++c) {
      const bool counts = row == 0 && c == 0;
      EXPECT_EQ(unit.accumulator(row, c), counts ? expected(row, c, 2, 3) : 0) << row << ", " << c;
    }
  }
}

TEST_P(OutputStationaryContract, StepReachesPeRCAfterRPlusCPlusOneCycles) {
  for (std::uint32_t r = 0; r < rows(); ++r) {
    for (std::uint32_t c = 0; c < columns(); ++c) {
      UnitBench unit = bench();
      feed(unit, 2, 4, true, false);
      unit.run_to(2 + r + c);
      EXPECT_EQ(unit.partial_sum(r, c), 0) << "early: " << r << ", " << c;
      unit.run_to(2 + r + c + 1);
      EXPECT_EQ(unit.partial_sum(r, c), activation(r, 4) * weight(c, 4)) << r << ", " << c;
    }
  }
}

TEST_P(OutputStationaryContract, PeRowILeavesTwoRPlusCMinusICyclesAfterTheLastStep) {
  // T + (R - 1 - i) + R + C + 1, the last row first.
  constexpr Time kStart = 3;
  constexpr int kDepth = 4;
  const Time last = kStart + kDepth - 1;
  for (std::uint32_t row = 0; row < rows(); ++row) {
    UnitBench unit = bench();
    product(unit, kStart, 1, kDepth, 0, rows());
    unit.set_accumulator(row, columns() - 1, 77);
    unit.set_accumulator(row, 0, 77);
    const Time visible = last + 2 * rows() + columns() - row;
    unit.run_to(visible - 1);
    EXPECT_EQ(unit.accumulator(row, 0), 77) << "early: " << row;
    EXPECT_EQ(unit.accumulator(row, columns() - 1), 77) << "early: " << row;
    unit.run_to(visible);
    EXPECT_EQ(unit.accumulator(row, 0), expected(row, 0, 1, kDepth)) << row;
    EXPECT_EQ(unit.accumulator(row, columns() - 1), expected(row, columns() - 1, 1, kDepth));
  }
}

TEST_P(OutputStationaryContract, WholeProductIsVisibleAfterKPlusTwoRPlusCMinusOneCycles) {
  for (const int depth : {1, 2, 7}) {
    UnitBench unit = bench();
    product(unit, 0, 5, depth, 0, rows());
    unit.run_to(static_cast<Time>(depth) + 2 * rows() + columns() - 1);
    expect_product(unit, 5, depth, 0, rows());
  }
}

TEST_P(OutputStationaryContract, ConsecutiveProductsTakeMaxOfKAndRCycles) {
  // Not a cycle between them: neither the steps of deep products nor the drains of flat ones meet.
  for (const int depth : {1, static_cast<int>(rows()), static_cast<int>(rows()) + 3}) {
    UnitBench unit = bench();
    const Time apart = std::max<Time>(static_cast<Time>(depth), rows());
    for (int i = 0; i < 3; ++i) {
      product(unit, static_cast<Time>(i) * apart, 100 * i, depth,
              static_cast<std::uint32_t>(i) * rows(), rows());
    }
    unit.run_to(2 * apart + static_cast<Time>(depth) + 2 * rows() + columns() - 1);
    for (int i = 0; i < 3; ++i) {
      expect_product(unit, 100 * i, depth, static_cast<std::uint32_t>(i) * rows(), rows());
    }
  }
}

TEST_P(OutputStationaryContract, StepsWithPausesAddUp) {
  UnitBench unit = bench();
  Time cycle = 1;
  for (int i = 0; i < 5; ++i) {
    feed(unit, cycle, i, i == 0, i == 4);
    cycle += i == 4 ? 0 : static_cast<Time>(i) * 7 + 1;
  }
  for (std::uint32_t row = 0; row < rows(); ++row) {
    unit.stimulus.drains[cycle + rows() - 1 - row] = row;
  }
  unit.run_to(cycle + 2 * rows() + columns());
  expect_product(unit, 0, 5, 0, rows());
}

TEST_P(OutputStationaryContract, RowsWithoutAnAddressWriteNothing) {
  UnitBench unit = bench();
  const std::uint32_t kept = (rows() + 1) / 2;
  for (std::uint32_t row = 0; row < GetParam().shape.accumulator_rows; ++row) {
    unit.set_accumulator(row, 0, -5);
  }
  product(unit, 0, 9, 3, 0, kept);
  unit.run_to(3 + 2 * rows() + columns() + 3);
  expect_product(unit, 9, 3, 0, kept);
  for (std::uint32_t row = kept; row < GetParam().shape.accumulator_rows; ++row) {
    EXPECT_EQ(unit.accumulator(row, 0), -5) << row;
  }
}

TEST_P(OutputStationaryContract, StuckBitIsReadByTheNextStep) {
  UnitBench unit = bench();
  const std::uint32_t row = rows() - 1;
  unit.unit().inject({row, 0, 20});
  product(unit, 0, 2, 2, 0, rows());
  unit.run_to(2 + 2 * rows() + columns() - 1);
  const std::int32_t first = activation(row, 2) * weight(0, 2);
  EXPECT_EQ(unit.accumulator(row, 0), (first | (1 << 20)) + activation(row, 3) * weight(0, 3));
  for (std::uint32_t c = 1; c < columns(); ++c) {
    EXPECT_EQ(unit.accumulator(row, c), expected(row, c, 2, 2)) << c;
  }
}

}  // namespace systol::test
