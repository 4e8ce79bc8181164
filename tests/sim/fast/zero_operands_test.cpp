#include "sim/fast/zero_operands.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace systol {
namespace {

TEST(ZeroOperands, CountsEveryProductWithAZeroFactorOnce) {
  const std::vector<std::int8_t> a = {0, 1,  //
                                      2, 0};
  const std::vector<std::int8_t> b = {0, 5, 6,  //
                                      7, 0, 0};
  // Row 0: 0*(0 5 6) 3 zeros, 1*(7 0 0) 2; row 1: 2*(0 5 6) 1, 0*(7 0 0) 3.
  EXPECT_EQ(ZeroOperands().count({a.data(), 2, 2, 2}, {b.data(), 3, 2, 3}), 9U);
}

TEST(ZeroOperands, CountsManyRowsInStridedMatrices) {
  std::mt19937 random(3);
  std::vector<std::int8_t> a(700 * 40);
  std::vector<std::int8_t> b(30 * 50);
  for (auto* values : {&a, &b}) {
    for (std::int8_t& value : *values) {
      value = static_cast<std::int8_t>(random() % 3 == 0 ? 0 : random());
    }
  }
  std::uint64_t zeros = 0;
  for (std::size_t i = 0; i < 700; ++i) {
    for (std::size_t k = 0; k < 30; ++k) {
      for (std::size_t j = 0; j < 20; ++j) {
        zeros += a[i * 40 + k] == 0 || b[k * 50 + j] == 0 ? 1 : 0;
      }
    }
  }
  EXPECT_EQ(ZeroOperands().count({a.data(), 40, 700, 30}, {b.data(), 50, 30, 20}), zeros);
}

TEST(ZeroOperands, CountsAgainWhatHasChanged) {
  std::vector<std::int8_t> a = {1, 1, 0,  //
                                1, 0, 9};
  const std::vector<std::int8_t> b = {1, 1};
  ZeroOperands zeros;
  const auto count = [&] { return zeros.count({a.data(), 3, 2, 2}, {b.data(), 1, 2, 1}); };
  EXPECT_EQ(count(), 1U);
  a[4] = 5;
  zeros.changed(&a[4], &a[4] + 1);
  EXPECT_EQ(count(), 0U);
  a[3] = 0;
  zeros.changed(a.data() + 2, a.data() + 4);
  EXPECT_EQ(count(), 1U);
}

TEST(TileCounts, AreThoseOfTheValuesUntilTheyChange) {
  // 3 = 0b11, -1 = eight ones, whose negative is 1; -3 is 0b1_1111_1101.
  std::vector<std::uint8_t> memory = {3, 0, 0xff, 1};
  const MatrixView tile{reinterpret_cast<const std::int8_t*>(memory.data()), 2, 2, 2};
  KeptTileCounts kept;
  const auto counts = kept.of(isa::Space::Weights, memory.data(), tile);
  EXPECT_EQ(counts->squares()[0], 9U);
  EXPECT_EQ(counts->nonzero()[0], 1U);
  EXPECT_EQ(counts->row_bits()[0], 2U);
  EXPECT_EQ(counts->negated()[0], 8U);
  EXPECT_EQ(counts->row_bits()[1], 9U);
  EXPECT_EQ(counts->toggles(), 6U + 1U);
  EXPECT_EQ(counts->common(tile, tile, *counts).bits, 11U) << "all of its own";
  memory[1] = 5;
  kept.changed(isa::Space::Activations);
  EXPECT_EQ(kept.of(isa::Space::Weights, memory.data(), tile), counts);
  kept.changed(isa::Space::Weights);
  EXPECT_EQ(kept.of(isa::Space::Weights, memory.data(), tile)->nonzero()[0], 2U);
}

TEST(TileCounts, OfATileInAnotherShapeReplaceThoseOfTheOld) {
  const std::vector<std::uint8_t> memory(64);
  const auto view = [&](std::size_t rows, std::size_t columns) {
    return MatrixView{reinterpret_cast<const std::int8_t*>(memory.data()), columns, rows, columns};
  };
  constexpr auto kSpace = isa::Space::Weights;
  KeptTileCounts kept;
  kept.of(kSpace, memory.data(), view(2, 8));
  const std::size_t two_rows = kept.bytes(kSpace);
  EXPECT_GT(two_rows, sizeof(TileCounts) + 2 * 16);
  for (int i = 0; i < 3; ++i) {
    kept.of(kSpace, memory.data(), view(8, 2));
    EXPECT_EQ(kept.bytes(kSpace), two_rows + 6U * 16);
    kept.of(kSpace, memory.data(), view(2, 8));
    EXPECT_EQ(kept.bytes(kSpace), two_rows);
  }
  kept.changed(kSpace);
  EXPECT_EQ(kept.bytes(kSpace), 0U);
}

TEST(TileCounts, OfSmallTilesAreLimitedInBytes) {
  const std::int8_t value = 1;
  const MatrixView tile{&value, 1, 1, 1};
  constexpr std::size_t kMost = 10'000;
  KeptTileCounts kept(kMost);
  const std::vector<std::uint8_t> sources(100);
  kept.of(isa::Space::Weights, sources.data(), tile);
  const std::size_t one = kept.bytes(isa::Space::Weights);
  const std::size_t fit = kMost / one + 1;  // with the last there are more than kMost
  ASSERT_LT(fit, sources.size());
  for (std::size_t i = 1; i < fit; ++i) {
    kept.of(isa::Space::Weights, &sources[i], tile);
    EXPECT_EQ(kept.bytes(isa::Space::Weights), (i + 1) * one);
  }
  kept.of(isa::Space::Weights, &sources[fit], tile);
  EXPECT_EQ(kept.bytes(isa::Space::Weights), one);
}

}  // namespace
}  // namespace systol
