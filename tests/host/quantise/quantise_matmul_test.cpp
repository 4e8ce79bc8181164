#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "host/quantise/quantise.h"
#include "host/quantise/quantise_layer.h"
#include "host/reference/integer_network.h"

namespace systol {
namespace {

TEST(FixedPoint, IsNormalised) {
  EXPECT_EQ(fixed_point(1.0), (FixedPoint{1 << 30, 30}));
  EXPECT_EQ(fixed_point(0.75), (FixedPoint{3 << 29, 31}));
  EXPECT_EQ(fixed_point(0.001).multiplier, 1099511628);
  EXPECT_EQ(fixed_point(0.001).shift, 40);
}

TEST(FixedPoint, CarriesWhenRoundingReachesTheNextPower) {
  EXPECT_EQ(fixed_point(std::nextafter(1.0, 0.0)), (FixedPoint{1 << 30, 30}));
}

TEST(FixedPoint, GivesUpDigitsBelowItsRange) {
  EXPECT_EQ(fixed_point(0x1p-33), (FixedPoint{1 << 29, 62}));
  EXPECT_EQ(fixed_point(0x1p-62), (FixedPoint{1, 62}));
  EXPECT_EQ(fixed_point(1e-300), (FixedPoint{0, 62}));
  EXPECT_EQ(fixed_point(0.0), (FixedPoint{0, 1}));
}

TEST(FixedPoint, SaturatesAboveItsRange) {
  constexpr std::int32_t kMost = 2147483647;
  EXPECT_EQ(fixed_point(0x1p30), (FixedPoint{kMost, 1}));
  EXPECT_EQ(fixed_point(std::nextafter(0x1p30, 0.0)), (FixedPoint{kMost, 1}));
  EXPECT_EQ(fixed_point(1e300), (FixedPoint{kMost, 1}));
  EXPECT_EQ(fixed_point(INFINITY), (FixedPoint{kMost, 1}));
}

/// Two inputs, one output.
DenseLayer layer_of(float a, float b, float bias, Activation activation = Activation::None) {
  DenseLayer layer;
  layer.name = "d";
  layer.inputs = 2;
  layer.outputs = 1;
  layer.weights = {a, b};
  layer.bias = {bias};
  layer.activation = activation;
  return layer;
}

/// The largest difference between the float and the int8 network on its own calibration inputs, in
/// steps of the output.
double error_in_steps(const DenseLayer& layer, const std::vector<float>& inputs) {
  Graph graph;
  graph.layers = {layer};
  const std::size_t rows = inputs.size() / layer.inputs;
  const FloatResult exact = run_float(graph, inputs, rows);
  const QuantGraph quantised = quantise(graph, inputs, rows);
  const auto result = run_integer(quantised, quantise_input(inputs, quantised.input), rows);
  const Quantisation output = quantised.layers[0].output;
  const std::vector<float> scores = dequantise(result.layers[0].outputs, output);
  double largest = 0.0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    largest = std::max(largest, static_cast<double>(std::abs(scores[i] - exact.scores[i])));
  }
  return largest / static_cast<double>(output.scale);
}

const std::vector<float> kInputs = {-1, -1, -0.5F, 0.25F, 0, 0, 1, 0.5F, 1, 1};

TEST(QuantiseLayer, IsWithinTwoStepsOfFloat) {
  for (const Activation activation : {Activation::None, Activation::Relu, Activation::LeakyRelu,
                                      Activation::Sigmoid, Activation::Tanh}) {
    EXPECT_LT(error_in_steps(layer_of(0.7F, -0.3F, 0.2F, activation), kInputs), 2.0)
        << name_of(activation);
  }
}

TEST(QuantiseLayer, AChannelOfZerosKeepsItsBias) {
  EXPECT_LT(error_in_steps(layer_of(0, 0, 3.0F), kInputs), 1.0);
  EXPECT_LT(error_in_steps(layer_of(0, 0, -1e-3F), kInputs), 1.0);
  const QuantDense dead = quantise_layer(layer_of(0, 0, 0), {1.0F, 0}, {});
  EXPECT_EQ(dead.multiplier[0], 0);
  EXPECT_EQ(dead.shift[0], 1);
}

TEST(QuantiseLayer, SurvivesExtremeRatios) {
  for (const float scale : {1e-30F, 1e-20F, 1e-6F, 1e6F, 1e20F, 1e30F}) {
    EXPECT_LT(error_in_steps(layer_of(0.7F * scale, -0.3F * scale, 0.2F * scale), kInputs), 2.0)
        << scale;
    EXPECT_LT(error_in_steps(layer_of(0.7F * scale, -0.3F, 1.0F), kInputs), 2.0) << scale;
    EXPECT_LT(error_in_steps(layer_of(0.7F, -0.3F, scale), kInputs), 2.0) << scale;
  }
}

TEST(QuantiseLayer, FoldsTheInputsZeroPointIntoTheBias) {
  const Quantisation input{0.5F, 10};
  const QuantDense layer = quantise_layer(layer_of(127, -64, 100), input, {{-1, 1}, {-1, 1}});
  EXPECT_EQ(layer.weights, (std::vector<std::int8_t>{127, -64}));
  EXPECT_EQ(layer.bias[0], 200 - 10 * (127 - 64));
}

TEST(QuantiseLayer, ReluClampsAtItsZeroPoint) {
  const QuantDense layer = quantise_layer(layer_of(1, 1, 0, Activation::Relu), {1.0F, 0},
                                          {{-5.0F, 2.55F}, {0.0F, 2.55F}});
  EXPECT_EQ(layer.minimum, -128);
  EXPECT_EQ(layer.zero_point, -128);
  EXPECT_FLOAT_EQ(layer.output.scale, 0.01F);
  EXPECT_FALSE(layer.table.has_value());
}

TEST(QuantiseLayer, SoftmaxHandsOnProbabilities) {
  const QuantDense layer = quantise_layer(layer_of(1, 1, 0, Activation::Softmax), {1.0F, 0},
                                          {{-10.0F, 10.0F}, {0.0F, 1.0F}});
  EXPECT_EQ(layer.output, (Quantisation{1.0F / 256.0F, -128}));
  EXPECT_FLOAT_EQ(layer.logits.scale, 20.0F / 255.0F);
  ASSERT_TRUE(layer.softmax_table.has_value());
  EXPECT_EQ((*layer.softmax_table)[0], 65535);
}

TEST(QuantiseLayer, TablesAreCutWhereTheFunctionSaturates) {
  const QuantDense tanh = quantise_layer(layer_of(1, 1, 0, Activation::Tanh), {1.0F, 0},
                                         {{-100.0F, 100.0F}, {-1.0F, 1.0F}});
  EXPECT_EQ(tanh.output, (Quantisation{1.0F / 128.0F, 0}));
  EXPECT_EQ((*tanh.table)[255], 127);
  EXPECT_EQ((*tanh.table)[160], 99);  // tanh(33 * 8 / 255): 256 steps to +-4, not to +-100
}

}  // namespace
}  // namespace systol
