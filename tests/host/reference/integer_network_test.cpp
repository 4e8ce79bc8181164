#include "host/reference/integer_network.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "host/graph/text.h"
#include "tests/host/graph/small_graphs.h"

namespace systol {
namespace {

using Bytes8 = std::vector<std::int8_t>;

/// One input, one output, weight 1: y = requantised (x + bias).
QuantMatMul identity() {
  QuantMatMul matmul;
  matmul.weights = {1};
  matmul.bias = {0};
  matmul.multiplier = {1};
  matmul.shift = {1};
  return matmul;
}

/// x [inputs] times the matmul's weights.
QuantGraph network(const QuantMatMul& matmul, std::uint32_t inputs = 1) {
  const auto outputs = static_cast<std::uint32_t>(matmul.bias.size());
  QuantGraph graph;
  graph.graph = std::make_shared<const Graph>(test::one_matmul({inputs, outputs}, {}, {}));
  graph.tensors.resize(graph.graph->tensors.size());
  graph.nodes = {matmul};
  return graph;
}

/// The network with one more node, which reads `input`.
QuantGraph followed_by(const QuantGraph& network, TensorId input, const Operation& operation,
                       QuantOperation quantised) {
  Graph graph = *network.graph;
  graph.outputs = {graph.add_node(graph.unique_name("f"), operation, {input})};
  QuantGraph longer = network;
  longer.graph = std::make_shared<const Graph>(std::move(graph));
  longer.tensors.resize(longer.graph->tensors.size());
  longer.nodes.push_back(std::move(quantised));
  return longer;
}

Bytes8 run(const QuantGraph& graph, const Bytes8& inputs) {
  const std::size_t rows = inputs.size() / graph.graph->input_size();
  return run_integer(graph, inputs, rows).of(graph.graph->outputs.front());
}

Bytes8 run(const QuantMatMul& matmul, const Bytes8& inputs) { return run(network(matmul), inputs); }

TEST(IntegerNetwork, SumsProductsOfSignedBytes) {
  QuantMatMul matmul;
  matmul.weights = {1, 2, 3, -4};  // [inputs][outputs]
  matmul.bias = {0, 10};
  matmul.multiplier = {2, 2};
  matmul.shift = {1, 1};
  EXPECT_EQ(run(network(matmul, 2), {5, 6, -1, 1}), (Bytes8{23, -4, 2, 4}));
}

TEST(IntegerNetwork, RoundsHalfUp) {
  EXPECT_EQ(run(identity(), {3, 1, 0, -1, -3}), (Bytes8{2, 1, 0, 0, -1}));
}

TEST(IntegerNetwork, SaturatesTheBiasedSumAt32Bits) {
  QuantMatMul matmul = identity();
  matmul.multiplier = {1 << 30};
  matmul.shift = {55};  // 2^31 would give 64, 2^31 - 1 gives 63.99..., rounded 64
  matmul.bias = {std::numeric_limits<std::int32_t>::max()};
  EXPECT_EQ(run(matmul, {100}), Bytes8{64});
  matmul.multiplier = {std::numeric_limits<std::int32_t>::max()};
  matmul.shift = {62};
  matmul.bias = {std::numeric_limits<std::int32_t>::min()};
  EXPECT_EQ(run(matmul, {-100}), Bytes8{-1});
}

TEST(IntegerNetwork, OffsetsThenClamps) {
  QuantMatMul matmul = identity();
  matmul.multiplier = {2};
  matmul.zero_point = -28;
  matmul.minimum = -28;
  matmul.maximum = 50;
  EXPECT_EQ(run(matmul, {-100, 0, 10, 127}), (Bytes8{-28, -28, -18, 50}));
}

/// y = -1 - x
QuantMap falling() {
  QuantMap map;
  std::iota(map.table.rbegin(), map.table.rend(), static_cast<std::int8_t>(-128));
  return map;
}

TEST(IntegerNetwork, LooksUpTheClampedValue) {
  QuantMatMul matmul = identity();
  matmul.multiplier = {2};
  const QuantGraph sums = network(matmul);
  const TensorId output = sums.graph->outputs.front();
  EXPECT_EQ(run(followed_by(sums, output, Map{}, falling()), {-128, 0, 127}),
            (Bytes8{127, -1, -128}));
}

TEST(IntegerNetwork, LooksUpItsInput) {
  const QuantGraph sums = network(identity());
  EXPECT_EQ(run(followed_by(sums, sums.graph->inputs.front(), Map{}, falling()), {-128, 0, 127}),
            (Bytes8{127, -1, -128}));
}

QuantMatMul scores(std::vector<std::int32_t> bias) {
  QuantMatMul matmul = identity();
  matmul.weights.assign(bias.size(), 0);
  matmul.multiplier.assign(bias.size(), 2);
  matmul.shift.assign(bias.size(), 1);
  matmul.bias = std::move(bias);
  return matmul;
}

/// Zeros but for the first entry, so that only the largest counts, and `second`.
QuantGraph softmax_network(const std::vector<std::int32_t>& bias, std::uint16_t second = 0) {
  QuantSoftmax softmax;
  softmax.table[0] = 65535;
  softmax.table[1] = second;
  const QuantGraph sums = network(scores(bias));
  return followed_by(sums, sums.graph->outputs.front(), Softmax{}, softmax);
}

TEST(IntegerNetwork, SoftmaxSharesAmongEqualOnes) {
  EXPECT_EQ(run(softmax_network({0, 0, 0, 0}), {0}), (Bytes8{-64, -64, -64, -64}));
}

TEST(IntegerNetwork, SoftmaxOfOneWinnerSaturates) {
  EXPECT_EQ(run(softmax_network({0, 10, 9}), {0}), (Bytes8{-128, 127, -128}));
}

TEST(IntegerNetwork, SoftmaxRoundsAsWritten) {
  // r = floor(2^40 / 98303) = 11184924; 32768 * r = 85.33 * 2^32 and 65535 * r = 170.67 * 2^32.
  EXPECT_EQ(run(softmax_network({0, 1}, 32768), {0}), (Bytes8{85 - 128, 171 - 128}));
}

TEST(IntegerNetwork, SoftmaxIsOfEachRow) {
  QuantMatMul matmul = scores({0, 10});
  matmul.weights = {1, 0};
  const QuantGraph sums = network(matmul);
  QuantSoftmax softmax;
  softmax.table[0] = 65535;
  EXPECT_EQ(run(followed_by(sums, sums.graph->outputs.front(), Softmax{}, softmax), {0, 10, 20}),
            (Bytes8{-128, 127, 0, 0, 127, -128}));
}

TEST(IntegerNetwork, KeepsEveryTensorThatANodeComputes) {
  const QuantGraph graph = softmax_network({7, 9});
  const Bytes8 inputs = {0};
  const IntegerResult result = run_integer(graph, inputs, 1);
  EXPECT_EQ(result.of(graph.graph->nodes[0].output), (Bytes8{7, 9}));
  EXPECT_EQ(result.of(graph.graph->nodes[1].output), (Bytes8{-128, 127}));
  EXPECT_TRUE(result.of(graph.graph->inputs.front()).empty());
  EXPECT_TRUE(result.of(graph.graph->constants.front().tensor).empty());
}

TEST(IntegerNetwork, AViewHasItsInputsBytes) {
  const QuantGraph sums = network(scores({7, 9}));
  const TensorId output = sums.graph->outputs.front();
  EXPECT_EQ(run(followed_by(sums, output, Reshape{{2, 1}}, QuantView{}), {0}), (Bytes8{7, 9}));
}

TEST(IntegerNetwork, SeveralNodesMayReadATensor) {
  const QuantGraph sums = network(scores({7, 9}));
  const TensorId output = sums.graph->outputs.front();
  const QuantGraph one = followed_by(sums, output, Map{}, falling());
  const QuantGraph both = followed_by(one, output, Reshape{{2, 1}}, QuantView{});
  const Bytes8 inputs = {0};
  const IntegerResult result = run_integer(both, inputs, 1);
  EXPECT_EQ(result.of(both.graph->nodes[1].output), (Bytes8{-8, -10}));
  EXPECT_EQ(result.of(both.graph->nodes[2].output), (Bytes8{7, 9}));
}

TEST(IntegerNetwork, OneMatmulFeedsTheNext) {
  Graph graph = test::one_matmul({1, 1}, {}, {});
  graph.outputs = {add_dense(graph, "e", graph.outputs.front(), 1)};
  QuantGraph quantised;
  quantised.graph = std::make_shared<const Graph>(graph);
  quantised.tensors.resize(graph.tensors.size());
  quantised.nodes = {identity(), identity()};
  const Bytes8 inputs = {100, -100};
  const IntegerResult result = run_integer(quantised, inputs, 2);
  EXPECT_EQ(result.of(graph.nodes[0].output), (Bytes8{50, -50}));
  EXPECT_EQ(result.of(graph.nodes[1].output), (Bytes8{25, -25}));
}

QuantGraph with_states(const char* text, std::vector<QuantOperation> nodes,
                       std::vector<Bytes8> states) {
  QuantGraph quantised;
  quantised.graph = std::make_shared<const Graph>(graph_from_text(text, "g"));
  quantised.tensors.resize(quantised.graph->tensors.size());
  quantised.nodes = std::move(nodes);
  quantised.states = std::move(states);
  return quantised;
}

TEST(IntegerNetwork, AStateIsWhatTheSampleBeforeLeft) {
  QuantBinary sum;
  sum.a_multiplier = 1;
  sum.b_multiplier = 1;
  const QuantGraph graph = with_states(
      "input x [2]\nstate h [2] next s\nnode s = add(x, h)\noutput s\n", {sum}, {{5, -7}});
  const Bytes8 inputs = {1, 2, 3, 4};
  EXPECT_EQ(run_integer(graph, inputs, 2).of(graph.graph->outputs[0]), (Bytes8{6, -5, 9, -1}));
}

TEST(IntegerNetwork, AStateGrowsByARowASample) {
  const QuantGraph graph = with_states(R"(
input x [1, 2]
state k [1, 2] next n axis 0
node n = reshape[1, 2](x)
node s = matmul[transposed](x, k)
node y = matmul(s, k)
output y
)",
                                       {QuantView{}, QuantProduct{}, QuantProduct{}}, {{1, 2}});
  const Bytes8 inputs = {1, 0, 0, 1, 1, 1};
  const IntegerResult result = run_integer(graph, inputs, 3);
  EXPECT_EQ(result.of(graph.graph->nodes[1].output), (Bytes8{1, 2, 0, 3, 1, 1}));
  EXPECT_EQ(result.of(graph.graph->outputs[0]), (Bytes8{1, 2, 2, 4, 4, 7}));
}

TEST(IntegerNetwork, RefusesInputsOfAnotherSize) {
  const Bytes8 inputs(3);
  EXPECT_THROW(run_integer(network(identity()), inputs, 2), std::invalid_argument);
}

}  // namespace
}  // namespace systol
