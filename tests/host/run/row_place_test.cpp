#include "host/run/row_place.h"

#include <gtest/gtest.h>

#include "tests/host/compile/networks.h"

namespace systol::test {
namespace {

/// 4 -> 3, two samples.
NetworkProgram small_program() { return layer(4, 3, 2).program_for(array(2, 2)); }

TEST(RowPlace, ARowIsOutputsOfOneSample) {
  const NetworkProgram program = small_program();
  const isa::Command command{isa::Activate{}, {}, {}, {0, 0, 2, 0}};
  const RowPlace place = row_place(program.plan(), command, 1);
  EXPECT_EQ(place.row, 1U);
  EXPECT_EQ(place.column, 2U);
  EXPECT_EQ(place.first, 5U);
  EXPECT_EQ(place.stride, 1U);
  EXPECT_FALSE(place.transposed);
}

TEST(RowPlace, ATransposedRowIsOneOutputOfSeveralSamples) {
  const NetworkProgram program = small_program();
  const isa::Command command{isa::ActivateTransposed{}, {}, {}, {0, 1, 0, 0}};
  const RowPlace place = row_place(program.plan(), command, 2);
  EXPECT_EQ(place.row, 1U);
  EXPECT_EQ(place.column, 2U);
  EXPECT_EQ(place.first, 5U);
  EXPECT_EQ(place.stride, 3U);
  EXPECT_TRUE(place.transposed);
}

}  // namespace
}  // namespace systol::test
