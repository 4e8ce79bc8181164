#include "sim/fast/sparse_tile.h"

#include <gtest/gtest.h>

namespace systol {
namespace {

using Matrix = std::vector<std::int8_t>;

TEST(SparseTile, PlacesEachWeightWhereItsIndexSays) {
  // Column 0: 5 at place 3, -6 at 0; column 1: 7 at place 2, and no second.
  const std::uint8_t packed[] = {5, 7, 0x0b, 0xfa, 0, 0x00};
  SparseTile tile(packed, 2, 2);
  ASSERT_EQ(tile.dense().size(), 1U);
  EXPECT_EQ(*tile.dense()[0], (Matrix{-6, 0, 0, 0, 0, 7, 5, 0}));
  EXPECT_EQ(tile.take_lanes(), (Matrix{5, 3, 7, 2, -6, 0, 0, 0}));
}

TEST(SparseTile, TwoWeightsOfOnePlaceAreTwoMatrices) {
  const std::uint8_t packed[] = {100, 0x01, 90, 0x01};
  SparseTile tile(packed, 2, 1);
  ASSERT_EQ(tile.dense().size(), 2U);
  EXPECT_EQ(*tile.dense()[0], (Matrix{0, 100, 0, 0}));
  EXPECT_EQ(*tile.dense()[1], (Matrix{0, 90, 0, 0}));
}

}  // namespace
}  // namespace systol
