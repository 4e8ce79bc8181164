// The C++ model keeps hw/TIMING.md, by the same tests as the RTL.
#include "sim/unit/model_unit.h"

#include <gtest/gtest.h>

#include "tests/hw/command_latency.h"
#include "tests/hw/output_stationary_contract.h"
#include "tests/hw/unit_contract.h"

namespace systol::test {
namespace {

UnitCase model(std::uint32_t rows, std::uint32_t columns) {
  return {{rows, columns, 7}, make_model_unit};
}

INSTANTIATE_TEST_SUITE_P(Model, UnitContract,
                         ::testing::Values(model(1, 1), model(1, 4), model(4, 1), model(4, 4),
                                           model(3, 5), model(5, 3), model(2, 9), model(16, 16),
                                           model(7, 33)),
                         case_name);

UnitCase output_stationary(std::uint32_t rows, std::uint32_t columns) {
  return {{rows, columns, 3 * rows, true}, make_model_unit};
}

INSTANTIATE_TEST_SUITE_P(Model, OutputStationaryContract,
                         ::testing::Values(output_stationary(1, 1), output_stationary(1, 4),
                                           output_stationary(4, 1), output_stationary(3, 5),
                                           output_stationary(5, 3), output_stationary(16, 16),
                                           output_stationary(7, 33)),
                         case_name);

void run_random(const UnitShape& shape, std::uint64_t seed, int tiles, bool dense) {
  UnitBench bench(make_model_unit(shape), shape);
  bench.stimulus = RandomStimulus(shape, seed).make(tiles, dense);
  GoldenUnit golden(shape);
  bench.run_against(golden);
}

/// The model moves its activation history back after some thousand cycles; nobody may notice.
TEST(ModelUnit, LongRunsAreAsRightAsShortOnes) {
  for (const UnitShape shape : {UnitShape{3, 5, 7}, UnitShape{1, 1, 3}, UnitShape{6, 2, 4}}) {
    run_random(shape, 99, 2'500, true);
    ASSERT_FALSE(::testing::Test::HasFailure()) << shape.rows << "x" << shape.columns;
  }
}

/// The model sleeps while nothing is under way; it must wake up as it fell asleep.
TEST(ModelUnit, PausesOfAnyLengthBetweenTilesChangeNothing) {
  constexpr UnitShape kShape{4, 3, 5};
  for (Time pause = 1; pause <= 30; ++pause) {
    UnitBench bench(make_model_unit(kShape), kShape);
    Time cycle = 0;
    for (int tile = 0; tile < 4; ++tile, cycle += pause) {
      for (std::uint32_t row = 0; row < kShape.rows; ++row) {
        bench.stimulus.weights[cycle + row] = {
            row, Bytes8(3, static_cast<std::int8_t>(tile * 10 + int(row) + 1))};
      }
      cycle += 4;
      bench.stimulus.feeds[cycle] = {true, tile != 0, 2,
                                     Bytes8{1, 2, 3, static_cast<std::int8_t>(-tile)}};
      bench.stimulus.feeds[cycle + 2] = {false, true, 2, Bytes8{5, 0, 0, 1}};
      cycle += 3;
    }
    GoldenUnit golden(kShape);
    bench.run_against(golden);
    ASSERT_FALSE(::testing::Test::HasFailure()) << "pause " << pause;
  }
}

TEST(ModelUnit, ManySwapsAtOnceTravelSideBySide) {
  // One row per tile: a swap every cycle, with whatever is in the shadow registers.
  constexpr UnitShape kShape{1, 6, 9};
  UnitBench bench(make_model_unit(kShape), kShape);
  for (Time cycle = 0; cycle < 40; ++cycle) {
    bench.stimulus.weights[cycle] = {0, Bytes8(6, static_cast<std::int8_t>(cycle + 1))};
    bench.stimulus.feeds[cycle] = {true, false, static_cast<std::uint32_t>(cycle % 9), Bytes8{1}};
  }
  GoldenUnit golden(kShape);
  bench.run_against(golden);
}

}  // namespace
}  // namespace systol::test
