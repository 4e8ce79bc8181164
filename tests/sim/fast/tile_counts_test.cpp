#include "sim/fast/tile_counts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

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
  ASSERT_EQ(counts.rows(), 2U);
  EXPECT_EQ(counts.squares()[0], 1U + 9U);
  EXPECT_EQ(counts.nonzero()[1], 1U);
  EXPECT_EQ(counts.row_bits()[1], 8U);
  EXPECT_EQ(counts.negated()[0], 9U + 8U) << "-1 is 9 ones, -3 all but one";
}

TEST(TileCounts, InCommonAreOfTheTilesAsked) {
  TileCounts counts(view(kTile));
  const TileCounts other(view(kOther));
  const TileCounts::Common& common = counts.common(view(kTile), view(kOther), other);
  EXPECT_EQ(common.row_bits[0], 1U + 1U) << "1 and 1, 3 and 2";
  EXPECT_EQ(common.row_bits[1], 2U + 0U) << "-1 and 3, 0 and 4";
  EXPECT_EQ(common.bits, 4U);
  const TileCounts same(view(kTile));
  EXPECT_EQ(counts.common(view(kTile), view(kTile), same).bits, 11U);
}

/// One pair at a time: bits of each lane's activation with those of its three weights.
TEST(ChangedPairs, AreThoseThatComeOrGo) {
  constexpr std::size_t kLanes = 70;
  constexpr std::size_t kColumns = 3;
  std::mt19937 random(5);
  const auto draw = [&](std::size_t size) {
    std::vector<std::int8_t> values(size);
    std::ranges::generate(values, [&] { return static_cast<std::int8_t>(random()); });
    return values;
  };
  const std::array fed = {draw(kLanes), draw(kLanes)};
  const std::array weights = {draw(kLanes * kColumns), draw(kLanes * kColumns)};
  const auto bit = [](int value, int place) { return (value >> place & 1) != 0; };
  std::uint64_t pairs = 0;
  std::uint64_t sign_pairs = 0;
  for (std::size_t i = 0; i < kLanes * kColumns; ++i) {
    for (int a = 0; a < 8; ++a) {
      for (int w = 0; w < 8; ++w) {
        const auto both = [&](std::size_t when) {
          return bit(fed[when][i / kColumns], a) && bit(weights[when][i], w);
        };
        const std::uint64_t changed = both(0) != both(1) ? 1 : 0;
        pairs += changed;
        sign_pairs += a == 7 ? changed : 0;
      }
    }
  }
  TileCounts before({weights[0].data(), kColumns, kLanes, kColumns});
  const MatrixView tile{weights[1].data(), kColumns, kLanes, kColumns};
  TileCounts now(tile);
  const TileCounts::Common& common =
      now.common(tile, {weights[0].data(), kColumns, kLanes, kColumns}, before);
  const RowOnes ones{before.row_bits(), now.row_bits(), common.row_bits};
  EXPECT_EQ(changed_pairs(fed[0].data(), fed[1].data(), ones, kLanes), pairs);
  EXPECT_EQ(changed_sign_pairs(fed[0].data(), fed[1].data(), ones, kLanes), sign_pairs);
}

TEST(KeptTileCounts, AreFoundInAnyOrder) {
  const std::array<std::uint8_t, 4> memory{};
  KeptTileCounts kept;
  std::vector<std::shared_ptr<TileCounts>> counts;
  for (std::size_t i = 0; i < 3; ++i) {
    counts.push_back(kept.of(isa::Space::Weights, &memory[i], view(kTile)));
  }
  for (const std::size_t i : {0U, 1U, 2U, 2U, 0U, 2U, 1U, 0U}) {
    EXPECT_EQ(kept.of(isa::Space::Weights, &memory[i], view(kTile)), counts[i]);
  }
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
