#include "sim/fast/gathered_rows.h"

#include <gtest/gtest.h>

#include <numeric>

namespace systol {
namespace {

class GatheredRowsTest : public ::testing::Test {
 protected:
  GatheredRowsTest() : buffer_(100) { std::iota(buffer_.begin(), buffer_.end(), std::int8_t{0}); }

  static isa::Matmul matmul(const isa::Walk& walk, std::uint32_t depth, std::uint32_t segments) {
    return {walk, depth, 1, 0, false, false, segments};
  }
  MatrixView rows(const isa::Matmul& matmul) {
    return rows_.rows(matmul, buffer_.data(), isa::PeType::Int8);
  }
  static std::vector<int> values(const MatrixView& view) {
    return {view.values, view.values + view.rows * view.columns};
  }

  std::vector<std::int8_t> buffer_;
  ZeroOperands counted_;
  GatheredRows rows_{counted_};
};

TEST_F(GatheredRowsTest, ARowIsItsSegments) {
  const MatrixView view = rows(matmul(isa::Walk(10, {{2, 1}, {2, 4}}), 4, 2));
  EXPECT_EQ(view.rows, 2U);
  EXPECT_EQ(view.columns, 4U);
  EXPECT_EQ(view.stride, 4U);
  EXPECT_EQ(values(view), (std::vector<int>{10, 11, 14, 15, 11, 12, 15, 16}));
}

TEST_F(GatheredRowsTest, AreKeptUntilTheirBytesChange) {
  const isa::Matmul some = matmul(isa::Walk(10, {{2, 10}, {2, 3}}), 2, 1);  // up to byte 24
  const MatrixView view = rows(some);
  EXPECT_EQ(values(view), (std::vector<int>{10, 11, 13, 14, 20, 21, 23, 24}));
  buffer_[10] = 99;
  rows_.changed(0, 10);
  rows_.changed(25, 100);
  EXPECT_EQ(rows(some), view);
  EXPECT_EQ(values(rows(some)).front(), 10) << "nobody said that it changed";
  rows_.changed(24, 25);
  EXPECT_EQ(values(rows(some)).front(), 99);
}

TEST_F(GatheredRowsTest, TheSamePlacesInOtherSegmentsAreOtherRows) {
  const isa::Walk walk(10, {{2, 10}, {2, 3}});
  EXPECT_EQ(values(rows(matmul(walk, 2, 1))).size(), 8U);
  EXPECT_EQ(rows(matmul(walk, 2, 1)).rows, 4U);
  EXPECT_EQ(rows(matmul(walk, 2, 2)).rows, 2U);
  EXPECT_EQ(values(rows(matmul(walk, 2, 2))), (std::vector<int>{10, 13, 20, 23}));
}

/// Zeros that were counted in a copy are not those of the next one, wherever that lies.
TEST_F(GatheredRowsTest, CopiesThatGoAreCountedAnew) {
  const std::vector<std::int8_t> weights(2, 1);
  const isa::Matmul some = matmul(isa::Walk(0, {{2, 10}, {2, 3}}), 2, 1);
  const MatrixView b{weights.data(), 1, 2, 1};
  EXPECT_EQ(counted_.count(rows(some), b), 1U) << "byte 0 is 0";
  for (int round = 0; round < 200; ++round) {
    std::fill(buffer_.begin(), buffer_.end(), static_cast<std::int8_t>(round % 2));
    rows_.changed(0, 100);
    ASSERT_EQ(counted_.count(rows(some), b), round % 2 == 0 ? 8U : 0U) << round;
  }
}

TEST_F(GatheredRowsTest, ManyDoNotFillTheMemory) {
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    const isa::Walk walk(i % 50, {{2, 1 + i / 50}, {2, 1}});
    const std::vector<int> row = values(rows(matmul(walk, 1, 1)));
    ASSERT_EQ(row.front(), static_cast<int>(i % 50));
    ASSERT_EQ(row.back(), static_cast<int>(i % 50 + 2 + i / 50));
  }
}

}  // namespace
}  // namespace systol
