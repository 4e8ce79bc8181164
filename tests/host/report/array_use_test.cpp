#include "host/report/array_use.h"

#include <gtest/gtest.h>

namespace systol::test {
namespace {

using Work = std::vector<std::uint64_t>;

isa::Matmul tile_of(std::uint64_t rows, std::uint32_t depth, std::uint32_t columns) {
  isa::Matmul matmul;
  matmul.buffer = {0, rows, 16};
  matmul.depth = depth;
  matmul.columns = columns;
  return matmul;
}

TEST(ArrayUse, ATileLiesInTheUpperLeftCorner) {
  ArrayUse use;
  use.add(tile_of(10, 2, 1));
  EXPECT_EQ(use.pes(3, 2), (Work{10, 0, 10, 0, 0, 0}));
}

TEST(ArrayUse, TilesAddUp) {
  ArrayUse use;
  use.add(tile_of(10, 2, 1));
  use.add(tile_of(100, 1, 2));
  use.add(tile_of(1000, 3, 2));
  EXPECT_EQ(use.pes(3, 2), (Work{1110, 1100, 1010, 1000, 1000, 1000}));
}

TEST(ArrayUse, WithSumsInPlaceRowsAreSamplesAndTheDepthIsTime) {
  isa::MatmulOutputStationary matmul;
  matmul.buffer = {0, 2, 16};
  matmul.depth = 7;
  matmul.columns = 1;
  ArrayUse use;
  use.add(matmul);
  EXPECT_EQ(use.pes(2, 2), (Work{7, 0, 7, 0}));
}

TEST(ArrayUse, OtherCommandsUseNoPe) {
  ArrayUse use;
  use.add(isa::Load{});
  EXPECT_EQ(use.pes(1, 1), Work{0});
}

}  // namespace
}  // namespace systol::test
