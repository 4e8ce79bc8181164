#include "host/reference/integer_network.h"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>
#include <stdexcept>

namespace systol {
namespace {

/// One input, one output, weight 1: y = requantised (x + bias).
QuantDense identity() {
  QuantDense layer;
  layer.inputs = 1;
  layer.outputs = 1;
  layer.weights = {1};
  layer.bias = {0};
  layer.multiplier = {1};
  layer.shift = {1};
  return layer;
}

std::vector<std::int8_t> run(const QuantDense& layer, const std::vector<std::int8_t>& inputs) {
  QuantGraph graph;
  graph.layers = {layer};
  return run_integer(graph, inputs, inputs.size() / layer.inputs).layers[0].outputs;
}

using Bytes8 = std::vector<std::int8_t>;

TEST(IntegerNetwork, SumsProductsOfSignedBytes) {
  QuantDense layer = identity();
  layer.inputs = 2;
  layer.outputs = 2;
  layer.weights = {1, 2, 3, -4};  // [inputs][outputs]
  layer.bias = {0, 10};
  layer.multiplier = {2, 2};
  layer.shift = {1, 1};
  EXPECT_EQ(run(layer, {5, 6, -1, 1}), (Bytes8{23, -4, 2, 4}));
}

TEST(IntegerNetwork, RoundsHalfUp) {
  EXPECT_EQ(run(identity(), {3, 1, 0, -1, -3}), (Bytes8{2, 1, 0, 0, -1}));
}

TEST(IntegerNetwork, SaturatesTheBiasedSumAt32Bits) {
  QuantDense layer = identity();
  layer.multiplier = {1 << 30};
  layer.shift = {55};  // 2^31 would give 64, 2^31 - 1 gives 63.99..., rounded 64
  layer.bias = {std::numeric_limits<std::int32_t>::max()};
  EXPECT_EQ(run(layer, {100}), Bytes8{64});
  layer.multiplier = {std::numeric_limits<std::int32_t>::max()};
  layer.shift = {62};
  layer.bias = {std::numeric_limits<std::int32_t>::min()};
  EXPECT_EQ(run(layer, {-100}), Bytes8{-1});
}

TEST(IntegerNetwork, OffsetsThenClamps) {
  QuantDense layer = identity();
  layer.multiplier = {2};
  layer.zero_point = -28;
  layer.minimum = -28;
  layer.maximum = 50;
  EXPECT_EQ(run(layer, {-100, 0, 10, 127}), (Bytes8{-28, -28, -18, 50}));
}

TEST(IntegerNetwork, LooksUpTheClampedValue) {
  QuantDense layer = identity();
  layer.multiplier = {2};
  layer.table.emplace();
  std::iota(layer.table->rbegin(), layer.table->rend(), static_cast<std::int8_t>(-128));
  EXPECT_EQ(run(layer, {-128, 0, 127}), (Bytes8{127, -1, -128}));
}

QuantDense softmax_layer(std::uint32_t outputs) {
  QuantDense layer = identity();
  layer.outputs = outputs;
  layer.weights.assign(outputs, 0);
  layer.bias.assign(outputs, 0);
  layer.multiplier.assign(outputs, 2);
  layer.shift.assign(outputs, 1);
  layer.softmax_table.emplace();  // all zeros but the first entry: only the largest counts
  layer.softmax_table->front() = 65535;
  return layer;
}

TEST(IntegerNetwork, SoftmaxSharesAmongEqualOnes) {
  EXPECT_EQ(run(softmax_layer(4), {0}), (Bytes8{-64, -64, -64, -64}));
}

TEST(IntegerNetwork, SoftmaxOfOneWinnerSaturates) {
  QuantDense layer = softmax_layer(3);
  layer.bias = {0, 10, 9};
  EXPECT_EQ(run(layer, {0}), (Bytes8{-128, 127, -128}));
}

TEST(IntegerNetwork, SoftmaxRoundsAsWritten) {
  QuantDense layer = softmax_layer(2);
  layer.bias = {0, 1};
  (*layer.softmax_table)[1] = 32768;  // r = floor(2^40 / 98303) = 11184924
  // 32768 * r = 85.33 * 2^32 and 65535 * r = 170.67 * 2^32.
  EXPECT_EQ(run(layer, {0}), (Bytes8{85 - 128, 171 - 128}));
}

TEST(IntegerNetwork, KeepsTheLogitsOfSoftmax) {
  QuantGraph graph;
  graph.layers = {softmax_layer(2)};
  graph.layers[0].bias = {7, 9};
  const Bytes8 inputs = {0};
  EXPECT_EQ(run_integer(graph, inputs, 1).layers[0].logits, (Bytes8{7, 9}));
}

TEST(IntegerNetwork, OneLayerFeedsTheNext) {
  QuantGraph graph;
  graph.layers = {identity(), identity()};
  const Bytes8 inputs = {100, -100};
  const IntegerResult result = run_integer(graph, inputs, 2);
  EXPECT_EQ(result.layers[0].outputs, (Bytes8{50, -50}));
  EXPECT_EQ(result.layers[1].outputs, (Bytes8{25, -25}));
}

TEST(IntegerNetwork, RefusesInputsOfAnotherSize) {
  QuantGraph graph;
  const Bytes8 inputs(3);
  EXPECT_THROW(run_integer(graph, inputs, 3), std::invalid_argument);
  graph.layers = {identity()};
  EXPECT_THROW(run_integer(graph, inputs, 2), std::invalid_argument);
}

}  // namespace
}  // namespace systol
