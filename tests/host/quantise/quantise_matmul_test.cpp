#include "host/quantise/quantise_matmul.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>

#include "host/quantise/quantise.h"
#include "host/quantise/tables.h"
#include "host/reference/float_network.h"
#include "host/reference/integer_network.h"
#include "tests/host/graph/small_graphs.h"

namespace systol {
namespace {

constexpr MatMulShape kTwoToOne{2, 1};

/// The largest difference between the float and the int8 network on its own calibration inputs, in
/// steps of the output.
double error_in_steps(const Graph& network, const std::vector<float>& inputs) {
  const auto graph = std::make_shared<const Graph>(network);
  const std::size_t rows = inputs.size() / graph->input_size();
  const std::vector<float> exact = run_float(*graph, inputs, rows).outputs.front();
  const QuantGraph quantised = quantise(graph, inputs, rows);
  const TensorId output = graph->outputs.front();
  const IntegerResult result =
      run_integer(quantised, quantise_input(inputs, quantised.of(graph->inputs.front())), rows);
  const std::vector<float> scores = dequantise(result.of(output), quantised.of(output));
  double largest = 0.0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    largest = std::max(largest, static_cast<double>(std::abs(scores[i] - exact[i])));
  }
  return largest / static_cast<double>(quantised.of(output).scale);
}

/// The same of two inputs times `a` and `b`, plus `bias`.
double error_in_steps(float a, float b, float bias,
                      std::optional<Operation> function = std::nullopt) {
  const std::vector<float> inputs = {-1, -1, -0.5F, 0.25F, 0, 0, 1, 0.5F, 1, 1};
  return error_in_steps(test::one_matmul(kTwoToOne, {a, b}, {bias}, std::move(function)), inputs);
}

TEST(QuantiseMatmul, IsWithinTwoStepsOfFloat) {
  EXPECT_LT(error_in_steps(0.7F, -0.3F, 0.2F), 2.0);
  for (std::size_t i = 0; i < kFunctions; ++i) {
    const Map map{static_cast<Function>(i)};
    if (map.function == Function::Sqrt || map.function == Function::Reciprocal ||
        map.function == Function::Log) {
      continue;  // not finite for all of these sums
    }
    EXPECT_LT(error_in_steps(0.7F, -0.3F, 0.2F, map), 2.0) << name_of(map.function);
  }
}

TEST(QuantiseMatmul, AChannelOfZerosKeepsItsBias) {
  EXPECT_LT(error_in_steps(0, 0, 3.0F), 1.0);
  EXPECT_LT(error_in_steps(0, 0, -1e-3F), 1.0);
  const std::vector<float> weights = {0, 0};
  const std::vector<float> bias = {0};
  const QuantMatMul dead = quantise_matmul({weights, bias, kTwoToOne}, {1.0F, 0}, {}, "net");
  EXPECT_EQ(dead.multiplier[0], 0);
  EXPECT_EQ(dead.shift[0], 1);
}

TEST(QuantiseMatmul, OfSumsWhoseSignAloneIsReadRoundsBiasesDown) {
  const std::vector<float> weights = {0.5F, -0.5F};
  // Sums of two signs are -2, 0 and 2 times 0.5: with -0.2 the sum 0 is negative, with 0.2 it is
  // not.
  for (const auto& [bias, units] : {std::pair{-0.2F, -1}, {0.2F, 0}, {0.4F, 0}, {0.0F, 0}}) {
    const std::vector<float> biases = {bias};
    const DenseValues values{weights, biases, kTwoToOne, nullptr, 1, true};
    EXPECT_EQ(quantise_matmul(values, {1.0F, 0}, {1e-20F, 0}, "net").bias[0], units) << bias;
  }
}

TEST(QuantiseMatmul, SurvivesExtremeRatios) {
  for (const float scale : {1e-30F, 1e-20F, 1e-6F, 1e6F, 1e20F, 1e30F}) {
    EXPECT_LT(error_in_steps(0.7F * scale, -0.3F * scale, 0.2F * scale), 2.0) << scale;
    EXPECT_LT(error_in_steps(0.7F * scale, -0.3F, 1.0F), 2.0) << scale;
    EXPECT_LT(error_in_steps(0.7F, -0.3F, scale), 2.0) << scale;
  }
}

TEST(QuantiseMatmul, FoldsTheInputsZeroPointIntoTheBias) {
  const std::vector<float> weights = {127, -64};
  const std::vector<float> bias = {100};
  const QuantMatMul matmul =
      quantise_matmul({weights, bias, kTwoToOne}, {0.5F, 10}, affine({-1, 1}), "net");
  EXPECT_EQ(matmul.weights, (std::vector<std::int8_t>{127, -64}));
  EXPECT_EQ(matmul.bias[0], 200 - 10 * (127 - 64));
}

TEST(QuantiseMatmul, WeightsInScalesOfTheirOwnKeepTheirLevels) {
  const std::vector<float> weights = {1.5F, -64};
  const std::vector<float> none;
  const std::vector<float> scales = {0.5F};
  const DenseValues values{weights, none, kTwoToOne, &scales};
  const QuantMatMul matmul = quantise_matmul(values, {0.5F, 10}, {1.0F, -7}, "net");
  EXPECT_EQ(matmul.weights, (std::vector<std::int8_t>{3, -128}));
  EXPECT_EQ(matmul.multiplier[0], 1 << 30);
  EXPECT_EQ(matmul.shift[0], 32);
}

TEST(QuantiseMatmul, RefusesScalesInWhichTheWeightsAreNoInt8) {
  const std::vector<float> weights = {1.5F, -65};
  const std::vector<float> none;
  const std::vector<float> scales = {0.5F};
  const DenseValues values{weights, none, kTwoToOne, &scales};
  EXPECT_EQ(
      test::input_error_of([&] {
        quantise_matmul(values, {0.5F, 10}, {}, "net: node 'd'");
      }),
      "net: node 'd': channel 0: its weights, in steps of their scale 0.5, do not fit int8, or "
      "their sums do not fit int32");
}

TEST(QuantiseMatmul, HasItsOutputsZeroPointAndAllItsRange) {
  const std::vector<float> weights = {127, -64};
  const std::vector<float> none;
  const QuantMatMul matmul =
      quantise_matmul({weights, none, kTwoToOne}, {0.5F, 10}, {1.0F, -7}, "net");
  EXPECT_EQ(matmul.zero_point, -7);
  EXPECT_EQ(matmul.minimum, -128);
  EXPECT_EQ(matmul.maximum, 127);
  EXPECT_EQ(matmul.bias[0], -10 * (127 - 64)) << "without a bias only the zero point is there";
  EXPECT_EQ(matmul.multiplier[0], 1 << 30);
  EXPECT_EQ(matmul.shift[0], 31);
}

}  // namespace
}  // namespace systol
