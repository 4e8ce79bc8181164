// The closed forms of sim/timing.h that stand for what the unit does, measured from its pins. Part
// of the contracts: include it after them.
#pragma once

#include "sim/timing.h"
#include "tests/hw/output_stationary_contract.h"
#include "tests/hw/unit_contract.h"

namespace systol::test {

/// A value of the accumulators that no test computes.
inline constexpr std::int32_t kOld = 77;

TEST_P(UnitContract, AMatmulsLastSumsCanBeActivatedAfterItsLatencyAndNoEarlier) {
  constexpr Time kFeed = 12;
  for (const std::uint32_t m : {1U, 2U, 3U}) {
    for (const bool early : {false, true}) {
      UnitBench unit = bench();
      set_channels(unit, 0, kIdentity);
      unit.stimulus.weights[kFeed - 1] = {0, Bytes8(columns(), 1)};
      for (std::uint32_t row = 0; row < m; ++row) {
        unit.set_accumulator(row, columns() - 1, kOld);
        Bytes8 data(rows());
        data[0] = static_cast<std::int8_t>(5 + row);
        unit.stimulus.feeds[kFeed + row] = {row == 0, false, row, data};
      }
      const Time complete = kFeed + timing::matmul_latency(m, rows(), columns()).count();
      const Time activate = complete - (early ? 1 : 0);
      unit.stimulus.activates[activate] = {m - 1};
      unit.run_to(activate + 5);
      EXPECT_EQ(unit.result()[columns() - 1], early ? kOld : static_cast<std::int32_t>(4 + m))
          << m << " rows";
    }
  }
}

TEST_P(UnitContract, AnActivatedRowIsThereAtTheEndOfItsLatency) {
  constexpr Time kActivate = 9;
  UnitBench unit = bench();
  unit.stimulus.activates[kActivate] = {0};
  Time shown = kActivate;
  while (!unit.result_valid() && shown < kActivate + 100) {
    unit.run_to(++shown);
  }
  // What a cycle shows is written to the buffer at its end.
  EXPECT_EQ(Cycles(shown + 1 - kActivate), timing::kActivationLatency);
}

TEST_P(UnitContract, ASumCanBeAddedToAfterTheAccumulateDistance) {
  const Time distance = timing::kAccumulateDistance.count();
  UnitBench unit = bench();
  unit.stimulus.weights[0] = {0, Bytes8(columns(), 1)};
  Bytes8 one(rows());
  one[0] = 1;
  unit.stimulus.feeds[1] = {true, false, 0, one};
  unit.stimulus.feeds[1 + distance] = {false, true, 0, one};
  unit.run_to(1 + distance + rows() + columns() + 1);
  EXPECT_EQ(unit.accumulator(0, 0), 2);
}

TEST_P(OutputStationaryContract, ADrainedProductCanBeActivatedAfterItsLatencyAndNoEarlier) {
  constexpr Time kStart = 2;
  for (const int depth : {1, 2, 7}) {
    const Time complete = kStart + timing::output_stationary_latency(
                                       static_cast<std::uint32_t>(depth), rows(), columns())
                                       .count();
    for (const bool early : {false, true}) {
      UnitBench unit = bench();
      product(unit, kStart, 3, depth, 0, rows());
      // Row 0 of the PEs leaves last. Without parameters a sum is clamped to int8 at most.
      unit.stimulus.channels[0] = {7, Bytes8(columns(), 0x40)};
      unit.stimulus.channels[1] = {8, Bytes8(columns(), 30)};
      unit.set_accumulator(0, columns() - 1, kOld);
      const Time activate = complete - (early ? 1 : 0);
      unit.stimulus.activates[activate] = {0};
      unit.run_to(activate + 5);
      const std::int32_t sum = std::clamp(expected(0, columns() - 1, 3, depth), -128, 127);
      ASSERT_NE(sum, kOld);
      EXPECT_EQ(unit.result()[columns() - 1], early ? kOld : sum) << depth << " steps";
    }
  }
}

}  // namespace systol::test
