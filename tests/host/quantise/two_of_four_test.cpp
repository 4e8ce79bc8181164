#include "host/quantise/two_of_four.h"

#include <gtest/gtest.h>

#include "host/graph/kernel_run.h"

namespace systol {
namespace {

using Weights = std::vector<float>;

TEST(TwoOfFour, TheTwoLargestMagnitudesOfAColumnStay) {
  const Weights weights = {1, 8, -3, 7, 2, -6, -4, 5};  // [4][2]
  EXPECT_EQ(two_of_four(weights, 2, 4), (Weights{0, 8, -3, 7, 0, 0, -4, 0}));
}

TEST(TwoOfFour, OfEqualMagnitudesTheUpperStay) {
  EXPECT_EQ(two_of_four(Weights{2, -2, 2, -2}, 1, 4), (Weights{2, -2, 0, 0}));
}

TEST(TwoOfFour, WeightsThatAreSoAlreadyStayAsTheyAre) {
  const Weights weights = {0, 1, 0, -5, 3, 0, 0, 0};
  EXPECT_EQ(two_of_four(weights, 1, 8), weights);
}

TEST(TwoOfFour, FoursBeginAnewAfterEachRun) {
  // Runs of five: 1 2 3 4, then 5 alone; 6 7 8 9, then 10 alone.
  EXPECT_EQ(two_of_four(Weights{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 1, 5),
            (Weights{0, 0, 3, 4, 5, 0, 0, 8, 9, 10}));
}

TEST(TwoOfFour, ARestOfThreeKeepsTwo) {
  EXPECT_EQ(two_of_four(Weights{3, -1, 2}, 1, 3), (Weights{3, 0, 2}));
}

TEST(KernelRun, IsARowOfTheKernelWhereItsPixelsLieTogether) {
  Convolution convolution;
  EXPECT_EQ(kernel_run(convolution, {5, 5, 6, 16}), 30U);
  convolution.window.dilation = {2, 1};
  EXPECT_EQ(kernel_run(convolution, {5, 5, 6, 16}), 30U);
  convolution.window.dilation = {1, 2};
  EXPECT_EQ(kernel_run(convolution, {5, 5, 6, 16}), 6U);
  convolution.window.dilation = {1, 1};
  convolution.groups = 2;
  EXPECT_EQ(kernel_run(convolution, {5, 5, 3, 16}), 3U);
}

}  // namespace
}  // namespace systol
