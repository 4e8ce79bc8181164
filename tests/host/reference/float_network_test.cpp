#include "host/reference/float_network.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

namespace systol {
namespace {

/// y = activation(x * [2, -1] + [1, 0]), one input and two outputs.
Graph small(Activation activation) {
  DenseLayer layer;
  layer.name = "d";
  layer.inputs = 1;
  layer.outputs = 2;
  layer.weights = {2.0F, -1.0F};
  layer.bias = {1.0F, 0.0F};
  layer.activation = activation;
  layer.leaky_slope = 0.5F;
  Graph graph;
  graph.layers = {layer};
  return graph;
}

std::vector<float> scores(Activation activation, std::vector<float> inputs) {
  return run_float(small(activation), inputs, inputs.size()).scores;
}

TEST(FloatNetwork, MultipliesAndAddsTheBias) {
  EXPECT_EQ(scores(Activation::None, {3.0F, -3.0F}), (std::vector<float>{7, -3, -5, 3}));
}

TEST(FloatNetwork, AppliesEachActivation) {
  EXPECT_EQ(scores(Activation::Relu, {3.0F}), (std::vector<float>{7, 0}));
  EXPECT_EQ(scores(Activation::LeakyRelu, {3.0F}), (std::vector<float>{7, -1.5F}));
  EXPECT_FLOAT_EQ(scores(Activation::Sigmoid, {0.0F})[1], 0.5F);
  EXPECT_FLOAT_EQ(scores(Activation::Tanh, {-1.0F})[1], std::tanh(1.0F));
  EXPECT_FLOAT_EQ(scores(Activation::Softmax, {-1.0F})[0], 1.0F / (1.0F + std::exp(2.0F)));
}

TEST(FloatNetwork, SoftmaxOfLargeSumsStaysFinite) {
  EXPECT_EQ(scores(Activation::Softmax, {1000.0F}), (std::vector<float>{1, 0}));
}

TEST(FloatNetwork, MeasuresRangesBeforeAndAfterTheActivation) {
  const std::vector<float> inputs = {3.0F, -2.0F};
  const FloatResult result = run_float(small(Activation::Relu), inputs, 2);
  EXPECT_EQ(result.input, (ValueRange{-2.0F, 3.0F}));
  EXPECT_EQ(result.layers[0].sums, (ValueRange{-3.0F, 7.0F}));
  EXPECT_EQ(result.layers[0].outputs, (ValueRange{0.0F, 7.0F}));
}

TEST(FloatNetwork, ARangeShowsWhatIsNotFinite) {
  const std::vector<float> inputs = {std::numeric_limits<float>::quiet_NaN()};
  EXPECT_TRUE(std::isinf(run_float(small(Activation::None), inputs, 1).input.high));
}

TEST(FloatNetwork, RefusesInputsOfAnotherSize) {
  const std::vector<float> inputs(3);
  EXPECT_THROW(run_float(small(Activation::None), inputs, 2), std::invalid_argument);
}

TEST(FloatNetwork, TheLargestIsTheFirstOfEqualOnes) {
  EXPECT_EQ(largest(std::vector<float>{1, 3, 3, 5, 2, 4}, 3), (std::vector<std::size_t>{1, 0}));
}

}  // namespace
}  // namespace systol
