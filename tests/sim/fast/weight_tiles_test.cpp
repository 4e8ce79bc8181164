#include "sim/fast/weight_tiles.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace systol {
namespace {

class Tiles : public ::testing::Test {
 protected:
  Tiles() {
    config_.rows = 2;
    config_.columns = 3;
  }
  /// Of a tile's rows, one after the other.
  static std::vector<std::int8_t> values(const WeightTiles::Tile& tile) {
    const MatrixView view = tile.view();
    return {view.values, view.values + view.rows * view.columns};
  }
  const WeightTiles::Tile& load(std::uint64_t memory) {
    return tiles_.load(isa::LoadWeights{isa::Space::Weights, memory, 2, 2}, memory_.data());
  }

  ArrayConfig config_;
  std::array<std::uint8_t, 8> memory_ = {1, 2, 3, 4, 5, 6, 7, 255};
  WeightTiles tiles_{config_};
};

TEST_F(Tiles, AreTakenInTheOrderOfTheirLoads) {
  load(0);
  load(4);
  tiles_.take();
  EXPECT_EQ(values(tiles_.active()), (std::vector<std::int8_t>{1, 2, 3, 4}));
  EXPECT_EQ(values(tiles_.next()), (std::vector<std::int8_t>{5, 6, 7, -1}));
  EXPECT_TRUE(tiles_.in_memory());
}

TEST_F(Tiles, KeepTheirValuesWhenTheirMemoryIsWritten) {
  load(0);
  load(4);
  tiles_.take();
  tiles_.keep(isa::Space::Activations);
  EXPECT_TRUE(tiles_.in_memory());
  tiles_.keep(isa::Space::Weights);
  memory_.fill(0);
  EXPECT_FALSE(tiles_.in_memory());
  EXPECT_EQ(values(tiles_.active()), (std::vector<std::int8_t>{1, 2, 3, 4}));
  tiles_.take();
  EXPECT_EQ(values(tiles_.active()), (std::vector<std::int8_t>{5, 6, 7, -1}));
}

TEST_F(Tiles, OfTheBufferAreRowsOrColumnsInSegments) {
  const std::array<std::int8_t, 12> buffer = {1, 2, 0, 3, 4, 0, 5, 6, 0, 7, 8, 0};
  isa::LoadTile load{isa::Walk(0, 4, 3), 4, false, 2};
  EXPECT_EQ(values(tiles_.load(load, buffer.data())),
            (std::vector<std::int8_t>{1, 2, 3, 4, 5, 6, 7, 8}));
  load.transposed = true;
  EXPECT_EQ(values(tiles_.load(load, buffer.data())),
            (std::vector<std::int8_t>{1, 5, 2, 6, 3, 7, 4, 8}));
}

/// 9 x 17: two blocks of eight by eight, and what is left in both directions.
TEST_F(Tiles, OfTheBufferAreTurned) {
  constexpr std::uint32_t kVectors = 17;
  constexpr std::uint32_t kDepth = 9;
  constexpr std::uint32_t kStride = 11;
  std::vector<std::int8_t> buffer(kVectors * kStride);
  for (std::size_t i = 0; i < buffer.size(); ++i) {
    buffer[i] = static_cast<std::int8_t>(i);
  }
  const isa::LoadTile load{isa::Walk(0, kVectors, kStride), kDepth, true, 1};
  const std::vector<std::int8_t> turned = values(tiles_.load(load, buffer.data()));
  ASSERT_EQ(turned.size(), kVectors * kDepth);
  for (std::size_t row = 0; row < kDepth; ++row) {
    for (std::size_t column = 0; column < kVectors; ++column) {
      EXPECT_EQ(turned[row * kVectors + column], buffer[column * kStride + row]);
    }
  }
}

TEST_F(Tiles, AreSavedWithPadding) {
  load(4);
  load(0);
  tiles_.take();
  Snapshot snapshot;
  tiles_.save(snapshot);
  EXPECT_EQ(snapshot.active.values, (std::vector<std::int8_t>{5, 6, 0, 7, -1, 0}));
  ASSERT_EQ(snapshot.tiles.size(), 1U);
  EXPECT_EQ(snapshot.tiles[0].values, (std::vector<std::int8_t>{1, 2, 0, 3, 4, 0}));
  EXPECT_EQ(snapshot.tiles[0].columns, 2U);
}

}  // namespace
}  // namespace systol
