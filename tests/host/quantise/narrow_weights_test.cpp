#include "host/quantise/narrow_weights.h"

#include <gtest/gtest.h>

#include "sim/base/error.h"

namespace systol {
namespace {

constexpr Quantisation kInput{0.5F, 3};
constexpr Quantisation kOutput{0.25F, -2};

/// One output, whose inputs are joined with these weights.
QuantMatMul quantised(const std::vector<float>& weights, std::uint32_t bits,
                      const std::vector<float>* scales = nullptr) {
  const std::vector<float> bias = {2.0F};
  const DenseValues values{
      weights, bias, {static_cast<std::uint32_t>(weights.size()), 1}, scales, bits};
  return quantise_matmul(values, kInput, kOutput, "here");
}

using Levels = std::vector<std::int8_t>;

TEST(NarrowWeights, OfFourBitsAreTheNearestOfSevenStepsEitherWay) {
  const QuantMatMul matmul = quantised({0.7F, -0.7F, 0.24F, -0.04F, 0.1F}, 4);
  EXPECT_EQ(matmul.weights, (Levels{7, -7, 2, 0, 1}));
  EXPECT_FLOAT_EQ(matmul.scales[0], 0.1F);
  // 2 / (0.5 * 0.1), less the input's zero point times the sum of the weights.
  EXPECT_EQ(matmul.bias[0], 40 - 3 * 3);
}

/// One large weight among many small ones is worth less than their steps: 0.7 / 7 would make 0 of
/// all of them.
TEST(NarrowWeights, TheScaleIsThatOfTheLeastSquaredError) {
  std::vector<float> weights(1000, 0.049F);
  weights[0] = 0.7F;
  const QuantMatMul matmul = quantised(weights, 4);
  EXPECT_EQ(matmul.weights[0], 7);
  EXPECT_EQ(matmul.weights[1], 1);
  EXPECT_FLOAT_EQ(matmul.scales[0], 0.05F);  // ten of 20 steps up to 0.1
}

TEST(NarrowWeights, TernaryOnesAreMinusOneZeroAndOne) {
  const QuantMatMul matmul = quantised({1.0F, -0.9F, 0.1F, -0.2F, 0.95F}, 2);
  EXPECT_EQ(matmul.weights, (Levels{1, -1, 0, 0, 1}));
  EXPECT_FLOAT_EQ(matmul.scales[0], 0.95F);
}

TEST(NarrowWeights, BinaryOnesAreSignsOfTheMeanMagnitude) {
  const QuantMatMul matmul = quantised({1.0F, -0.5F, 0.0F, -0.5F}, 1);
  EXPECT_EQ(matmul.weights, (Levels{1, -1, 1, -1}));
  EXPECT_FLOAT_EQ(matmul.scales[0], 0.5F);
  EXPECT_EQ(matmul.bias[0], 8);
}

/// Whatever the weights of a channel of zeros are: its sums count nothing.
TEST(NarrowWeights, ABinaryChannelOfZerosIsItsBias) {
  const std::vector<float> zeros = {0.0F, 0.0F};
  const std::vector<float> no_bias;
  const DenseValues values{zeros, no_bias, {2, 1}, nullptr, 1};
  EXPECT_EQ(quantise_matmul(values, kInput, kOutput, "here").multiplier[0], 0);
}

TEST(NarrowWeights, AFilesOwnScalesAreKeptWhereTheirIntegersFit) {
  const std::vector<float> scales = {0.1F};
  EXPECT_EQ(quantised({-0.8F, 0.7F}, 4, &scales).weights, (Levels{-8, 7}));
  EXPECT_THROW(quantised({-0.9F, 0.7F}, 4, &scales), InputError);
  EXPECT_THROW(quantised({0.2F}, 2, &scales), InputError);
  EXPECT_THROW(quantised({0.1F}, 1, &scales), InputError);
}

}  // namespace
}  // namespace systol
