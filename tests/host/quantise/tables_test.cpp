#include "host/quantise/tables.h"

#include <gtest/gtest.h>

#include <cmath>

namespace systol {
namespace {

TEST(Tables, ARangeFromZeroUsesAllLevels) {
  const Quantisation pixels = affine({0.0F, 1.0F});
  EXPECT_EQ(pixels, (Quantisation{1.0F / 255.0F, -128}));
  EXPECT_EQ(to_int8(0.0, pixels), -128);
  EXPECT_EQ(to_int8(1.0, pixels), 127);
}

TEST(Tables, ARangeIsWidenedToContainZero) {
  EXPECT_EQ(affine({2.0F, 5.1F}), affine({0.0F, 5.1F}));
  EXPECT_EQ(affine({-3.0F, -1.0F}), affine({-3.0F, 0.0F}));
  EXPECT_EQ(affine({-3.0F, -1.0F}).zero_point, 127);
}

TEST(Tables, AnEmptyRangeHasAScaleAllTheSame) {
  EXPECT_EQ(affine({0.0F, 0.0F}), (Quantisation{1.0F / 255.0F, -128}));
  EXPECT_EQ(affine({0.0F, 1e-40F}), (Quantisation{1.0F / 255.0F, -128}));
  EXPECT_TRUE(std::isfinite(affine({-3.4e38F, 3.4e38F}).scale));
}

TEST(Tables, ASymmetricRangeReachesItsLargerEnd) {
  EXPECT_EQ(symmetric({-254.0F, 100.0F}), (Quantisation{2.0F, 0}));
  EXPECT_EQ(symmetric({1.0F, 63.5F}), (Quantisation{0.5F, 0}));
  EXPECT_EQ(symmetric({0.0F, 0.0F}), (Quantisation{1.0F / 127.0F, 0}));
}

TEST(Tables, WhatHasNoValueIsTheZeroPoint) {
  const auto table = function_table(Map{Function::Sqrt}, {1.0F, 0}, {1.0F, 7});
  EXPECT_EQ(table[128 - 4], 7);
  EXPECT_EQ(table[128 + 4], 9);
  EXPECT_EQ(function_table(Map{Function::Reciprocal}, {1.0F, 0}, {1.0F, 7})[128], 127);
}

TEST(Tables, RoundsHalfAwayFromZeroAndClamps) {
  const Quantisation quarter{0.25F, 3};
  EXPECT_EQ(to_int8(0.375, quarter), 5);
  EXPECT_EQ(to_int8(-0.375, quarter), 1);
  EXPECT_EQ(to_int8(1e30, quarter), 127);
  EXPECT_EQ(to_int8(-INFINITY, quarter), -128);
}

TEST(Tables, AFunctionsTableIsIndexedFromMinus128) {
  const auto table = function_table(Map{Function::Tanh}, {1.0F / 32.0F, 0}, {1.0F / 128.0F, 0});
  EXPECT_EQ(table[128], 0);
  EXPECT_EQ(table[160], 97);   // tanh(1) = 0.7616
  EXPECT_EQ(table[0], -128);   // tanh(-4) = -0.9993
  EXPECT_EQ(table[255], 127);  // saturates: 1 is not among the values
}

TEST(Tables, LeakyReluKeepsItsSlope) {
  const auto table = function_table(Map{Function::LeakyRelu, 0.5F}, {1.0F, 0}, {1.0F, 0});
  EXPECT_EQ(table[128 + 100], 100);
  EXPECT_EQ(table[128 - 100], -50);
}

TEST(Tables, ReluCutsOffWhatIsBelowZero) {
  const auto table = function_table(Map{Function::Relu}, {1.0F, -8}, {1.0F, -128});
  EXPECT_EQ(table[128 + 100], -128 + 108);
  EXPECT_EQ(table[128 - 8], -128);
  EXPECT_EQ(table[0], -128);
}

TEST(Tables, SigmoidIsAHalfAtZero) {
  const auto table =
      function_table(Map{Function::Sigmoid}, {1.0F / 16.0F, 0}, {1.0F / 256.0F, -128});
  EXPECT_EQ(table[128], 0);
  EXPECT_EQ(table[144], 59);  // 256 / (1 + 1 / e) = 187.2
  EXPECT_EQ(table[0], -128);  // 256 / (1 + e^8) = 0.09
}

TEST(Tables, SoftmaxStartsAtOneAndFalls) {
  const auto table = softmax_table(0.5F);
  EXPECT_EQ(table[0], 65535);
  EXPECT_EQ(table[2], 24109);  // 65535 / e
  EXPECT_EQ(table[255], 0);
  EXPECT_EQ(softmax_table(1e30F)[1], 0);
}

}  // namespace
}  // namespace systol
