// The estimate beside all partial sums of a small array.
#include "sim/fast/sum_estimate.h"

#include <gtest/gtest.h>

#include <bit>
#include <random>

#include "sim/fast/operand_counts.h"

namespace systol::test {
namespace {

constexpr std::size_t kPeRows = 16;
constexpr std::size_t kPeColumns = 16;
constexpr std::size_t kFedRows = 200;

using Operands = std::vector<std::int8_t>;

/// One tile, whose columns are all used: [kPeRows][kPeColumns] weights, [kFedRows][kPeRows]
/// activations.
double exact(const Operands& weights, const Operands& activations) {
  double toggles = 0.0;
  for (std::size_t column = 0; column < kPeColumns; ++column) {
    std::vector<std::int32_t> registers(kPeRows);
    for (std::size_t t = 0; t < kFedRows; ++t) {
      std::int32_t sum = 0;
      for (std::size_t row = 0; row < kPeRows; ++row) {
        sum += activations[t * kPeRows + row] * weights[row * kPeColumns + column];
        toggles += std::popcount(static_cast<std::uint32_t>(sum ^ registers[row]));
        registers[row] = sum;
      }
    }
  }
  return toggles;
}

double estimated(const Operands& weights, const Operands& activations) {
  ArrayConfig config;
  config.rows = kPeRows;
  config.columns = kPeColumns;
  SumEstimate estimate(config);
  const MatrixView tile{weights.data(), kPeColumns, kPeRows, kPeColumns};
  const MatrixView fed{activations.data(), kPeRows, kFedRows, kPeRows};
  const auto counts = std::make_shared<const TileCounts>(tile);
  estimate.swap(*counts);
  const std::span<const std::int8_t> all(activations);
  const double first = estimate.begin(all.first(kPeRows), all.last(kPeRows), kPeColumns);
  const std::vector<TilePart> tiles = {{counts, kPeRows}};
  return first + estimate.feed(fed, moments_down(fed.values, kPeRows, kFedRows, kPeRows), tiles);
}

Operands drawn_operands(std::size_t count, int lowest, int highest, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Operands values(count);
  for (std::int8_t& value : values) {
    value = static_cast<std::int8_t>(
        lowest + static_cast<int>(random() % static_cast<std::uint64_t>(highest - lowest + 1)));
  }
  return values;
}

TEST(SumEstimate, IsWithinATenthOfAllSumsOfDrawnOperands) {
  for (const int range : {5, 40, 127}) {
    const Operands weights = drawn_operands(kPeRows * kPeColumns, -range, range, 1);
    const Operands activations = drawn_operands(kFedRows * kPeRows, -range, range, 2);
    EXPECT_NEAR(estimated(weights, activations) / exact(weights, activations), 1.0, 0.1) << range;
  }
}

TEST(SumEstimate, WhatStaysTheSameChangesNothing) {
  ArrayConfig config;
  config.rows = kPeRows;
  config.columns = kPeColumns;
  const Operands weights = drawn_operands(kPeRows * kPeColumns, -50, 50, 1);
  const Operands row(kPeRows, 7);
  SumEstimate estimate(config);
  estimate.swap(TileCounts({weights.data(), kPeColumns, kPeRows, kPeColumns}));
  EXPECT_GT(estimate.begin(row, row, kPeColumns), 0.0);
  EXPECT_EQ(estimate.begin(row, row, kPeColumns), 0.0) << "the same row, by the same tile";
  EXPECT_EQ(expected_toggles(100.0, 100.0, 100.0), 0.0);
  EXPECT_EQ(expected_toggles(0.0, 0.0, 0.0), 0.0);
}

TEST(SumEstimate, IndependentSumsChangeHalfOfTheirBits) {
  EXPECT_NEAR(expected_toggles(1e6, 1e6, 0.0), 16.5, 0.01);
}

/// Two products in place, each in two commands.
double exact_in_place(const Operands& activations, const Operands& weights, std::size_t depth) {
  double toggles = 0.0;
  for (std::size_t row = 0; row < kPeRows; ++row) {
    for (std::size_t column = 0; column < kPeColumns; ++column) {
      std::int32_t sum = 0;
      for (std::size_t t = 0; t < 2 * depth; ++t) {
        const std::int32_t before = sum;
        sum = (t % depth == 0 ? 0 : sum) +
              activations[row * 2 * depth + t] * weights[t * kPeColumns + column];
        toggles += std::popcount(static_cast<std::uint32_t>(sum ^ before));
      }
    }
  }
  return toggles;
}

TEST(InPlaceSumEstimate, IsWithinATenthOfAllSumsOfDrawnOperands) {
  constexpr std::size_t kDepth = 60;
  for (const int range : {5, 40, 127}) {
    const Operands weights = drawn_operands(2 * kDepth * kPeColumns, -range, range, 1);
    Operands activations = drawn_operands(kPeRows * 2 * kDepth, -range, range, 2);
    for (std::size_t i = 0; i < activations.size(); i += 3) {
      activations[i] = 0;  // which change no sum
    }
    InPlaceSumEstimate estimate;
    double estimated = 0.0;
    for (std::size_t from = 0; from < 2 * kDepth; from += kDepth / 2) {
      const TileCounts tile({&weights[from * kPeColumns], kPeColumns, kDepth / 2, kPeColumns});
      estimated += estimate.steps({&activations[from], 2 * kDepth, kPeRows, kDepth / 2}, tile,
                                  from % kDepth == 0);
    }
    EXPECT_NEAR(estimated / exact_in_place(activations, weights, kDepth), 1.0, 0.1) << range;
  }
}

}  // namespace
}  // namespace systol::test
