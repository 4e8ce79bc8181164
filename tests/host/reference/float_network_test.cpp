#include "host/reference/float_network.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>
#include <utility>

#include "host/graph/text.h"
#include "tests/host/graph/small_graphs.h"

namespace systol {
namespace {

/// y = function(x * [2, -1] + [1, 0]), one input and two outputs.
Graph small(std::optional<Operation> function = std::nullopt) {
  return test::one_matmul({1, 2}, {2.0F, -1.0F}, {1.0F, 0.0F}, std::move(function));
}

std::vector<float> scores(std::optional<Operation> function, std::vector<float> inputs) {
  return run_float(small(std::move(function)), inputs, inputs.size()).outputs.front();
}

TEST(FloatNetwork, MultipliesAndAddsTheBias) {
  EXPECT_EQ(scores(std::nullopt, {3.0F, -3.0F}), (std::vector<float>{7, -3, -5, 3}));
}

TEST(FloatNetwork, AMatmulMayHaveNoBias) {
  Graph graph = small();
  graph.nodes[0].inputs.pop_back();
  const std::vector<float> inputs = {3.0F, -3.0F};
  EXPECT_EQ(run_float(graph, inputs, 2).outputs.front(), (std::vector<float>{6, -3, -6, 3}));
}

TEST(FloatNetwork, AppliesEachFunction) {
  EXPECT_EQ(scores(Map{Function::Relu}, {3.0F}), (std::vector<float>{7, 0}));
  EXPECT_EQ(scores(Map{Function::LeakyRelu, 0.5F}, {3.0F}), (std::vector<float>{7, -1.5F}));
  EXPECT_FLOAT_EQ(scores(Map{Function::Sigmoid}, {0.0F})[1], 0.5F);
  EXPECT_FLOAT_EQ(scores(Map{Function::Tanh}, {-1.0F})[1], std::tanh(1.0F));
  EXPECT_FLOAT_EQ(scores(Softmax{}, {-1.0F})[0], 1.0F / (1.0F + std::exp(2.0F)));
}

TEST(FloatNetwork, SoftmaxOfLargeSumsStaysFinite) {
  EXPECT_EQ(scores(Softmax{}, {1000.0F}), (std::vector<float>{1, 0}));
}

TEST(FloatNetwork, MeasuresRangesBeforeAndAfterTheFunction) {
  const std::vector<float> inputs = {3.0F, -2.0F};
  const Graph graph = small(Map{Function::Relu});
  const FloatResult result = run_float(graph, inputs, 2);
  const auto range = [&](TensorId id) { return result.ranges[index_of(id)]; };
  EXPECT_EQ(range(graph.inputs[0]), (ValueRange{-2.0F, 3.0F}));
  EXPECT_EQ(range(graph.nodes[0].output), (ValueRange{-3.0F, 7.0F}));
  EXPECT_EQ(range(graph.nodes[1].output), (ValueRange{0.0F, 7.0F}));
}

TEST(FloatNetwork, TensorsMayBeReadTwiceAndHandedOutTwice) {
  Graph graph = small(Map{Function::Relu});
  const TensorId sums = graph.nodes[0].output;
  const TensorId leaky = graph.add_node("l", Map{Function::LeakyRelu, 0.5F}, {sums});
  const TensorId flat = graph.add_node("v", Reshape{{2, 1}}, {leaky});
  graph.outputs = {sums, graph.outputs[0], flat, sums, graph.inputs[0]};
  const std::vector<float> inputs = {3.0F, -3.0F};
  const FloatResult result = run_float(graph, inputs, 2);
  ASSERT_EQ(result.outputs.size(), 5U);
  EXPECT_EQ(result.outputs[0], (std::vector<float>{7, -3, -5, 3}));
  EXPECT_EQ(result.outputs[1], (std::vector<float>{7, 0, 0, 3}));
  EXPECT_EQ(result.outputs[2], (std::vector<float>{7, -1.5F, -2.5F, 3}));
  EXPECT_EQ(result.outputs[3], result.outputs[0]);
  EXPECT_EQ(result.outputs[4], inputs);
}

TEST(FloatNetwork, ARangeShowsWhatIsNotFinite) {
  const std::vector<float> inputs = {std::numeric_limits<float>::quiet_NaN()};
  const Graph graph = small();
  EXPECT_TRUE(std::isinf(run_float(graph, inputs, 1).ranges[index_of(graph.inputs[0])].high));
}

TEST(FloatNetwork, RefusesInputsOfAnotherSize) {
  const std::vector<float> inputs(3);
  EXPECT_THROW(run_float(small(), inputs, 2), std::invalid_argument);
}

TEST(FloatNetwork, RefusesAGraphWithoutValues) {
  const Graph graph = test::one_matmul({1, 2}, {}, {});
  EXPECT_THROW(run_float(graph, std::vector<float>(1), 1), std::invalid_argument);
}

/// The running sum of the samples.
Graph running_sum() {
  return graph_from_text(R"(
input x [2]
state h [2] next s
node s = add(x, h)
output s
)",
                         "g");
}

TEST(FloatNetwork, AStateIsWhatTheSampleBeforeLeft) {
  Graph graph = running_sum();
  const std::vector<float> inputs = {1, 2, 3, 4, 5, 6};
  EXPECT_EQ(run_float(graph, inputs, 3).outputs.front(), (std::vector<float>{1, 2, 4, 6, 9, 12}));
  graph.states[0].initial = {10, 20};
  const FloatResult result = run_float(graph, inputs, 3);
  EXPECT_EQ(result.outputs.front(), (std::vector<float>{11, 22, 14, 26, 19, 32}));
  EXPECT_EQ(result.ranges[index_of(graph.states[0].value)], (ValueRange{10, 26}));
}

TEST(FloatNetwork, AStateGrowsByARowASample) {
  Graph graph = graph_from_text(R"(
input x [1, 2]
state k [1, 2] next x axis 0
node s = matmul[transposed](x, k)
node y = matmul(s, k)
output y
)",
                                "g");
  graph.states[0].initial = {1, 2};
  const std::vector<float> inputs = {1, 0, 0, 1, 1, 1};
  // (1, 1) asks (1, 2), (1, 0), (0, 1): 3, 1 and 1 times each
  EXPECT_EQ(run_float(graph, inputs, 3).outputs.front(), (std::vector<float>{1, 2, 2, 4, 4, 7}));
}

/// Two heads of attention without softmax: keys and values are both the inputs so far. Whether the
/// next row is computed before the state is read decides how many samples go through together.
std::vector<float> two_heads(bool computed_first) {
  const std::string next = "node z = relu(x)\n";
  Graph graph = graph_from_text("input x [2, 1, 2]\nstate k [2, 1, 2] next z axis 1\n" +
                                    (computed_first ? next : "") +
                                    "node s = matmul[transposed](x, k)\nnode y = matmul(s, k)\n" +
                                    (computed_first ? "" : next) + "output y\n",
                                "g");
  graph.states[0].initial = {1, 2, 0, 1};
  const std::vector<float> inputs = {1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1};
  return run_float(graph, inputs, 3).outputs.front();
}

TEST(FloatNetwork, AStateGrowsInEachOfItsBlocks) {
  // The first head as above; the second's rows are (0, 1), then (1, 1), then (1, 0).
  const std::vector<float> expected = {1, 2, 0, 1, 2, 4, 1, 1, 4, 7, 1, 2};
  EXPECT_EQ(two_heads(true), expected);
  EXPECT_EQ(two_heads(false), expected);
}

}  // namespace
}  // namespace systol
