#include "host/compile/row_blocks.h"

#include <gtest/gtest.h>

#include <random>

namespace systol {
namespace {

TEST(RowBlocks, AreWholeImageRowsWhereTheyFit) {
  const std::vector<RowBlock> expected = {
      {0, {{0, 0, 0, 2, 5}}}, {10, {{0, 2, 0, 1, 5}, {1, 0, 0, 1, 5}}}, {20, {{1, 1, 0, 2, 5}}}};
  EXPECT_EQ(row_blocks(2, 3, 5, 14, false), expected);
}

TEST(RowBlocks, ArePiecesOfLongImageRows) {
  const std::vector<RowBlock> expected = {{0, {{0, 0, 0, 1, 4}}},
                                          {4, {{0, 0, 4, 1, 3}}},
                                          {7, {{0, 1, 0, 1, 4}}},
                                          {11, {{0, 1, 4, 1, 3}}}};
  EXPECT_EQ(row_blocks(1, 2, 7, 4, true), expected);
}

TEST(RowBlocks, CoverEveryRowOnceInOrder) {
  std::mt19937 random(1);
  const auto draw = [&](unsigned most) { return static_cast<unsigned>(random() % most) + 1; };
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t height = draw(6);
    const std::uint64_t width = draw(9);
    const std::uint64_t samples = draw(3);
    const std::uint64_t most = draw(20);
    const bool one_part = draw(2) == 1;
    std::uint64_t row = 0;
    for (const RowBlock& block : row_blocks(samples, height, width, most, one_part)) {
      ASSERT_EQ(block.first, row);
      ASSERT_LE(block.rows(), most);
      ASSERT_GE(block.rows(), 1U);
      ASSERT_TRUE(!one_part || block.parts.size() == 1);
      for (const RowPart& part : block.parts) {
        ASSERT_EQ((part.sample * height + part.y) * width + part.x, row);
        ASSERT_TRUE(part.height == 1 || part.width == width);
        row += part.rows();
      }
    }
    ASSERT_EQ(row, samples * height * width) << "case " << i;
  }
}

TEST(RowBlocks, AreCutAtImageRowsOrWithinOne) {
  const RowBlock block{7, {{0, 3, 0, 5, 4}, {1, 0, 2, 1, 6}}};
  const RowBlock images = cut(block, 9);  // two image rows of four places
  EXPECT_EQ(images.first, 7U);
  EXPECT_EQ(images.parts, (std::vector<RowPart>{
                              {0, 3, 0, 2, 4}, {0, 5, 0, 2, 4}, {0, 7, 0, 1, 4}, {1, 0, 2, 1, 6}}));
  const RowBlock pieces = cut(block, 2);  // less than an image row
  EXPECT_EQ(pieces.parts.size(), 5U + 3U);
  EXPECT_EQ(pieces.parts.back(), (RowPart{1, 0, 6, 1, 2}));
  EXPECT_EQ(pieces.rows(), block.rows());
}

}  // namespace
}  // namespace systol
