#include "sim/fast/tile_counts.h"

#include <gtest/gtest.h>

namespace systol {
namespace {

constexpr std::array<std::int8_t, 4> kTile = {1, 3, -1, 0};
constexpr std::array<std::int8_t, 4> kOther = {1, 2, 3, 4};

MatrixView view(const std::array<std::int8_t, 4>& values) { return {values.data(), 2, 2, 2}; }

TEST(TileCounts, AreOfItsRows) {
  const TileCounts counts(view(kTile));
  EXPECT_EQ(counts.columns(), 2U);
  EXPECT_EQ(counts.bits(), 1U + 2U + 8U);
  EXPECT_EQ(counts.toggles(), 7U + 2U) << "1 to -1 changes all bits but the lowest, 3 to 0 two";
  ASSERT_EQ(counts.rows().size(), 2U);
  EXPECT_EQ(counts.rows()[0].squares, 1U + 9U);
  EXPECT_EQ(counts.rows()[1].nonzero, 1U);
}

TEST(TileCounts, InCommonAreOfTheTilesAsked) {
  TileCounts counts(view(kTile));
  const TileCounts other(view(kOther));
  const TileCounts::Common& common = counts.common(view(kTile), view(kOther), other);
  EXPECT_EQ(common.rows[0].bits, 1U + 1U) << "1 and 1, 3 and 2";
  EXPECT_EQ(common.rows[1].bits, 2U + 0U) << "-1 and 3, 0 and 4";
  EXPECT_EQ(common.bits, 4U);
  const TileCounts same(view(kTile));
  EXPECT_EQ(counts.common(view(kTile), view(kTile), same).bits, 11U);
}

TEST(KeptTileCounts, AreCountedOnceUntilTheirMemoryChanges) {
  const std::array<std::uint8_t, 4> memory{};
  KeptTileCounts kept;
  const auto counts = kept.of(isa::Space::Weights, memory.data(), view(kTile));
  EXPECT_EQ(kept.of(isa::Space::Weights, memory.data(), view(kTile)), counts);
  kept.changed(isa::Space::Activations);
  EXPECT_EQ(kept.of(isa::Space::Weights, memory.data(), view(kTile)), counts);
  kept.changed(isa::Space::Weights);
  EXPECT_EQ(kept.bytes(isa::Space::Weights), 0U);
  EXPECT_EQ(kept.of(isa::Space::Weights, memory.data(), view(kOther))->bits(), 1U + 1U + 2U + 1U);
}

TEST(KeptTileCounts, OfAnotherShapeTakeThePlace) {
  const std::array<std::uint8_t, 4> memory{};
  KeptTileCounts kept;
  kept.of(isa::Space::Weights, memory.data(), view(kTile));
  const std::size_t bytes = kept.bytes(isa::Space::Weights);
  kept.of(isa::Space::Weights, memory.data(), {kTile.data(), 4, 1, 4});
  EXPECT_LT(kept.bytes(isa::Space::Weights), bytes) << "one row, not two";
  kept.of(isa::Space::Weights, memory.data(), view(kTile));
  EXPECT_EQ(kept.bytes(isa::Space::Weights), bytes);
}

TEST(KeptTileCounts, BeginAnewWithMoreThanTheirBytes) {
  const std::array<std::uint8_t, 4> memory{};
  KeptTileCounts kept(1);
  const auto first = kept.of(isa::Space::Weights, memory.data(), view(kTile));
  const std::size_t one = kept.bytes(isa::Space::Weights);
  kept.of(isa::Space::Weights, memory.data() + 1, view(kTile));
  EXPECT_EQ(kept.bytes(isa::Space::Weights), one);
  EXPECT_NE(kept.of(isa::Space::Weights, memory.data(), view(kTile)), first);
}

}  // namespace
}  // namespace systol
