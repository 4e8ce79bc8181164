#include "host/quantise/calibration.h"

#include <gtest/gtest.h>

#include "tests/host/graph/small_graphs.h"

namespace systol {
namespace {

/// A matmul of so many inputs and outputs.
Graph multiplying(std::int64_t inputs, std::int64_t outputs) {
  return test::one_node(MatMul{}, {{inputs}}, {{{inputs, outputs}, {}}});
}

TEST(Calibration, AllSamplesOfSmallNetworksCalibrate) {
  EXPECT_EQ(calibration_rows(multiplying(1000, 1000), 256), 256U);
  EXPECT_EQ(calibration_rows(multiplying(1, 1), 1), 1U);
  EXPECT_EQ(calibration_rows(test::one_node(Softmax{}, {{3}}), 5), 5U) << "nothing is multiplied";
}

TEST(Calibration, LargeNetworksTakeFewer) {
  EXPECT_EQ(calibration_rows(multiplying(1 << 16, 1 << 12), 256), 128U);  // 2^28 of 2^35
  EXPECT_EQ(calibration_rows(multiplying(1 << 16, 1 << 12), 100), 100U);
  EXPECT_EQ(calibration_rows(multiplying(1 << 17, 1 << 20), 256), 4U);
  EXPECT_EQ(calibration_rows(multiplying(1 << 17, 1 << 20), 3), 3U);
}

}  // namespace
}  // namespace systol
