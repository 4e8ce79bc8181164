#include "host/quantise/quantise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "host/import/sizes.h"
#include "host/import/synthetic.h"
#include "sim/base/error.h"

namespace systol {
namespace {

std::string error_of(const Graph& graph, const std::vector<float>& inputs) {
  try {
    quantise(graph, inputs, inputs.size() / graph.inputs());
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Quantise, EachLayersInputIsTheOutputBefore) {
  const Graph graph = dense_from_sizes("20x30x40x10");
  const QuantGraph result = quantise(graph, synthetic_inputs(graph, 8, 1), 8);
  EXPECT_EQ(result.name, "20x30x40x10");
  ASSERT_EQ(result.layers.size(), 3U);
  EXPECT_EQ(result.layers[0].input, result.input);
  EXPECT_EQ(result.layers[1].input, result.layers[0].output);
  EXPECT_EQ(result.layers[2].input, result.layers[1].output);
}

TEST(Quantise, RefusesLayersThatCouldOverflow) {
  Graph graph = dense_from_sizes("132000x1");
  EXPECT_EQ(error_of(graph, std::vector<float>(132000, 1.0F)), "no error");
  graph = dense_from_sizes("132001x1");
  EXPECT_EQ(error_of(graph, std::vector<float>(132001, 1.0F)),
            "132001x1: layer 'dense_1' has 132001 inputs; int32 accumulators hold at most 132000");
}

TEST(Quantise, RefusesInputsThatAreNotFinite) {
  EXPECT_EQ(error_of(dense_from_sizes("2"), {1.0F, std::numeric_limits<float>::infinity()}),
            "2: the inputs have values that are not finite float32 numbers on the calibration "
            "inputs");
}

TEST(Quantise, RefusesValuesThatAreNotFinite) {
  const std::string message =
      "1: layer 'dense_1' computes values that are not finite float32 numbers on the calibration "
      "inputs";
  Graph graph = dense_from_sizes("1");
  graph.layers[0].weights = {3e38F};
  EXPECT_EQ(error_of(graph, {10.0F}), message);
  graph.layers[0].activation = Activation::LeakyRelu;
  graph.layers[0].leaky_slope = 10.0F;
  EXPECT_EQ(error_of(graph, {-1.0F}), message);
}

TEST(Quantise, RefusesCalibrationOfAnotherSize) {
  const Graph graph = dense_from_sizes("2");
  EXPECT_THROW(quantise(graph, std::vector<float>(3), 1), std::invalid_argument);
  EXPECT_THROW(quantise(graph, {}, 0), std::invalid_argument);
}

TEST(Quantise, InputsAreRoundedAndClamped) {
  const Quantisation pixels{1.0F / 255.0F, -128};
  const std::vector<float> values = {0.0F, 1.0F, 0.4F, 7.0F, -7.0F, NAN};
  EXPECT_EQ(quantise_input(values, pixels),
            (std::vector<std::int8_t>{-128, 127, -26, 127, -128, -128}));
}

TEST(Quantise, DequantisingInvertsIt) {
  const Quantisation half{0.5F, 3};
  EXPECT_EQ(dequantise(quantise_input(std::vector<float>{1.5F, -2.0F}, half), half),
            (std::vector<float>{1.5F, -2.0F}));
}

}  // namespace
}  // namespace systol
