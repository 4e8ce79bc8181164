#include "host/compile/tiling.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace systol {
namespace {

std::vector<ByteRun> kernel_rows(int rows, std::uint64_t bytes, std::uint64_t stride) {
  std::vector<ByteRun> runs;
  for (int row = 0; row < rows; ++row) {
    runs.push_back({static_cast<std::uint64_t>(row) * stride, bytes});
  }
  return runs;
}

/// The offset of each value of the row, in the order of the weights.
std::vector<std::uint64_t> places(const std::vector<ByteRun>& runs) {
  std::vector<std::uint64_t> result;
  for (const ByteRun& run : runs) {
    for (std::uint64_t i = 0; i < run.bytes; ++i) {
      result.push_back(run.offset + i);
    }
  }
  return result;
}

std::vector<std::uint64_t> places(const std::vector<RowSlice>& slices) {
  std::vector<std::uint64_t> result;
  for (const RowSlice& slice : slices) {
    EXPECT_EQ(slice.first, result.size());
    EXPECT_EQ(slice.depth % slice.segments, 0U);
    for (std::uint64_t segment = 0; segment < slice.segments; ++segment) {
      for (std::uint64_t i = 0; i < slice.depth / slice.segments; ++i) {
        result.push_back(slice.offset + segment * slice.segment_stride + i);
      }
    }
  }
  return result;
}

TEST(Slices, ShortKernelRowsShareATile) {
  // 7 x 7 x 3: six kernel rows of 21 values are 126 of 128 PE rows.
  const std::vector<RowSlice> expected = {{0, 126, 6, 0, 690}, {126, 21, 1, 4140, 0}};
  EXPECT_EQ(slices_of(kernel_rows(7, 21, 690), 128), expected);
}

TEST(Slices, TheRestsOfTwoKernelRowsShareATile) {
  // 3 x 3 x 64: 192 values a kernel row.
  const std::vector<RowSlice> expected = {{0, 128, 1, 0, 0},
                                          {128, 128, 2, 128, 3584 - 128},
                                          {256, 128, 1, 3584 + 64, 0},
                                          {384, 128, 1, 7168, 0},
                                          {512, 64, 1, 7168 + 128, 0}};
  EXPECT_EQ(slices_of(kernel_rows(3, 192, 3584), 128), expected);
}

TEST(Slices, RunsThatTouchAreOne) {
  const std::vector<RowSlice> expected = {{0, 6, 1, 0, 0}};
  EXPECT_EQ(slices_of({{0, 3}, {3, 3}}, 8), expected);
}

TEST(Slices, OfGroupsBeginAnewInEachKernelRow) {
  // 5 x 5 x 1: kernel rows of 5 values are two groups, 8 places, of the 32 of 16 PE rows.
  const std::vector<RowSlice> expected = {{0, 20, 4, 0, 32}, {20, 5, 1, 128, 0}};
  EXPECT_EQ(slices_of(kernel_rows(5, 5, 32), 32, {4, 5}), expected);
  // Kernel rows that touch stay apart, unless they are whole groups.
  const std::vector<RowSlice> apart = {{0, 6, 2, 0, 3}};
  EXPECT_EQ(slices_of({{0, 3}, {3, 3}}, 8, {4, 3}), apart);
  const std::vector<RowSlice> one = {{0, 8, 1, 0, 0}};
  EXPECT_EQ(slices_of({{0, 4}, {4, 4}}, 8, {4, 0}), one);
}

TEST(Slices, CutNoGroup) {
  // Three values are left of the first run: they share no tile with three of the next.
  const std::vector<RowSlice> expected = {
      {0, 8, 1, 0, 0}, {8, 3, 1, 8, 0}, {11, 8, 1, 20, 0}, {19, 3, 1, 28, 0}};
  EXPECT_EQ(slices_of({{0, 11}, {20, 11}}, 8, {4, 11}), expected);
}

TEST(Slices, CoverEveryValueOnceInOrder) {
  std::mt19937 random(1);
  const auto draw = [&](unsigned most) { return static_cast<unsigned>(random() % most) + 1; };
  for (int i = 0; i < 2000; ++i) {
    std::vector<ByteRun> runs;
    std::uint64_t offset = 0;
    for (unsigned run = draw(9); run > 0; --run) {
      runs.push_back({offset, draw(2) == 1 ? 4 : draw(20)});
      offset += runs.back().bytes + (draw(2) == 1 ? 3 : draw(10) - 1);
    }
    const std::uint32_t most = draw(12);
    const std::vector<RowSlice> slices = slices_of(runs, most);
    ASSERT_EQ(places(slices), places(runs)) << "case " << i;
    for (const RowSlice& slice : slices) {
      ASSERT_LE(slice.depth, most) << "case " << i;
    }
  }
}

TEST(Tiling, SlicesFollowImageRowsThatAreNearerToEachOther) {
  // Value 8 of a row, then value 0 of the fifth row after it.
  EXPECT_EQ(at_row_bytes({8, 2, 2, 8, 5 * 24 - 8}, 24, 12), (RowSlice{8, 2, 2, 8, 5 * 12 - 8}));
  EXPECT_EQ(at_row_bytes({9, 4, 1, 2 * 24 + 3, 0}, 24, 12), (RowSlice{9, 4, 1, 2 * 12 + 3, 0}));
  EXPECT_EQ(at_row_bytes({0, 6, 3, 4, 24}, 24, 24), (RowSlice{0, 6, 3, 4, 24}));
}

TEST(Tiling, GroupsDoNotShareAColumnTile) {
  const Tiling tiling{5, 12, 8, 4, 2, 10};  // 6 columns a group, 4 a tile
  EXPECT_EQ(tiling.column_tiles(), 4U);
  const std::vector<std::array<std::uint32_t, 3>> expected = {
      {0, 0, 4}, {0, 4, 2}, {1, 6, 4}, {1, 10, 2}};
  for (std::uint32_t n = 0; n < 4; ++n) {
    EXPECT_EQ((std::array{tiling.group(n), tiling.first_column(n), tiling.columns(n)}),
              expected[n]);
  }
}

/// Two groups of 7 columns on 5: tiles of columns 0 to 4, 5 and 6, 7 to 11, 12 and 13.
TEST(Tiling, ColumnsThatTilesHaveTogether) {
  Tiling tiling{3, 14, 3, 5};
  tiling.groups = 2;
  std::vector<std::uint32_t> tiles;
  for (std::uint32_t column = 0; column < 14; ++column) {
    tiles.push_back(tiling.tile_of(column));
  }
  EXPECT_EQ(tiles, (std::vector<std::uint32_t>{0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2, 3, 3}));
  EXPECT_EQ(tiling.columns_together(0, 3), (Span{0, 12}));
  EXPECT_EQ(tiling.columns_together(3, 3), (Span{12, 14})) << "no more than there are";
  EXPECT_EQ(tiling.columns_together(2, UINT32_MAX), (Span{7, 14}));
}

}  // namespace
}  // namespace systol
