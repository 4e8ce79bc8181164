#include "host/quantise/quantise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "host/import/sizes.h"
#include "host/import/synthetic.h"
#include "host/quantise/tables.h"
#include "host/reference/integer_network.h"
#include "tests/host/graph/small_graphs.h"

namespace systol {
namespace {

using test::one_matmul;

QuantGraph quantised(Graph graph, const std::vector<float>& inputs) {
  fill_constants(graph);
  const std::size_t rows = inputs.size() / graph.input_size();
  return quantise(std::make_shared<const Graph>(std::move(graph)), inputs, rows);
}

// In parts (ValueParts): some columns at a time for the ranges, row by row for the weights.
TEST(Quantise, LargeWeightsInPartsAreAsTheWholeOnes) {
  const Graph graph = dense_from_sizes("700x517x3", 5);
  Graph in_parts = graph;
  make_up_constants(in_parts);
  ASSERT_TRUE(in_parts.constants.front().parts);
  for (const std::size_t rows : {1U, 5U}) {
    const std::vector<float> inputs = synthetic_inputs(graph, rows, 9);
    const QuantGraph whole = quantised(graph, inputs);
    const QuantGraph other = quantise(std::make_shared<const Graph>(in_parts), inputs, rows);
    EXPECT_EQ(other.tensors, whole.tensors) << rows;
    ASSERT_EQ(other.nodes.size(), whole.nodes.size());
    for (std::size_t i = 0; i < whole.nodes.size(); ++i) {
      const auto* expected = std::get_if<QuantMatMul>(&whole.nodes[i]);
      if (expected != nullptr) {
        const auto& found = std::get<QuantMatMul>(other.nodes[i]);
        EXPECT_EQ(found.weights, expected->weights);
        EXPECT_EQ(found.bias, expected->bias);
        EXPECT_EQ(found.multiplier, expected->multiplier);
      }
    }
  }
}

std::string error_of(const Graph& graph, const std::vector<float>& inputs) {
  return test::input_error_of([&] { quantised(graph, inputs); });
}

/// The sum of two inputs, and a function of it.
Graph sum(std::optional<Operation> function) {
  return one_matmul({2, 1}, {1, 1}, {0}, std::move(function));
}

const QuantMatMul& matmul_of(const QuantGraph& graph) {
  return std::get<QuantMatMul>(graph.nodes[0]);
}

TEST(Quantise, EachTensorHasItsQuantisation) {
  Graph graph = dense_from_sizes("20x30x40x10");
  const QuantGraph result = quantised(graph, synthetic_inputs(graph, 8, 1));
  EXPECT_EQ(result.graph->name, "20x30x40x10");
  ASSERT_EQ(result.nodes.size(), 3U);
  EXPECT_EQ(result.tensors.size(), graph.tensors.size());
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& matmul = std::get<QuantMatMul>(result.nodes[i]);
    EXPECT_EQ(matmul.zero_point, result.of(graph.nodes[i].output).zero_point);
    EXPECT_EQ(matmul.minimum, -128);
    EXPECT_NE(result.of(graph.nodes[i].output), Quantisation{});
  }
}

// Weights are put into the graph that is quantised, so that they are there once.
TEST(Quantise, WhatIsQuantisableStaysTheSameGraph) {
  Graph graph;
  graph.name = "net";
  const TensorId scores = graph.add_input("scores", {3, 3});
  const TensorId shares = graph.add_node("shares", Softmax{}, {scores});
  graph.outputs = {graph.add_node("product", MatMul{}, {shares, scores})};
  const auto given = std::make_shared<const Graph>(graph);
  const auto changed = quantisable(given);
  EXPECT_NE(changed, given);
  EXPECT_EQ(changed->nodes.size(), 3U);
  EXPECT_EQ(quantisable(changed), changed);
  EXPECT_EQ(quantise(changed, std::vector<float>(9, 0.5F), 1).graph, changed);
}

TEST(Quantise, AReluAloneAfterAMatmulIsItsClamp) {
  const QuantGraph result = quantised(sum(Map{Function::Relu}), {-5.0F, 0.0F, 2.55F, 0.0F});
  EXPECT_EQ(matmul_of(result).minimum, -128);
  EXPECT_EQ(matmul_of(result).zero_point, -128);
  const Graph& graph = *result.graph;
  EXPECT_FLOAT_EQ(result.of(graph.nodes[0].output).scale, 0.01F);
  EXPECT_TRUE(std::holds_alternative<QuantView>(result.nodes[1]));
  EXPECT_EQ(result.of(graph.nodes[1].output), result.of(graph.nodes[0].output));
}

TEST(Quantise, SoftmaxHandsOnProbabilities) {
  const QuantGraph result = quantised(sum(Softmax{}), {-10.0F, 0.0F, 10.0F, 0.0F});
  const Graph& graph = *result.graph;
  EXPECT_EQ(result.of(graph.nodes[1].output), (Quantisation{1.0F / 256.0F, -128}));
  EXPECT_FLOAT_EQ(result.of(graph.nodes[0].output).scale, 20.0F / 255.0F);
  EXPECT_EQ(std::get<QuantSoftmax>(result.nodes[1]).table[0], 65535);
}

TEST(Quantise, TablesAreCutWhereTheFunctionSaturates) {
  const QuantGraph result = quantised(sum(Map{Function::Tanh}), {-100.0F, 0.0F, 100.0F, 0.0F});
  EXPECT_EQ(result.of(result.graph->nodes[1].output), (Quantisation{1.0F / 128.0F, 0}));
  const auto& tanh = std::get<QuantMap>(result.nodes[1]).table;
  EXPECT_EQ(tanh[255], 127);
  EXPECT_EQ(tanh[160], 99);  // tanh(33 * 8 / 255): 256 steps to +-4, not to +-100
}

/// What the int8 network computes in its `output`-th output, in units of the float network.
std::vector<float> int8_output(const QuantGraph& network, const std::vector<float>& inputs,
                               std::size_t output) {
  const Graph& graph = *network.graph;
  const TensorId id = graph.outputs[output];
  const IntegerResult result =
      run_integer(network, quantise_input(inputs, network.of(graph.inputs.front())),
                  inputs.size() / graph.input_size());
  return dequantise(result.of(id), network.of(id));
}

// -5 and 2.65 are 255 steps of 0.03, which both tables' inputs keep.
TEST(Quantise, AReluOfSumsThatAreReadTwiceIsATable) {
  Graph graph = sum(Map{Function::Relu});
  graph.outputs.push_back(graph.nodes[0].output);
  const std::vector<float> inputs = {-5.0F, 0.0F, 2.65F, 0.0F, 0.0F, 1.0F};
  const QuantGraph result = quantised(graph, inputs);
  const Quantisation sums = result.of(graph.nodes[0].output);
  EXPECT_FLOAT_EQ(sums.scale, 0.03F);
  EXPECT_EQ(matmul_of(result).minimum, -128) << "the sums below zero are read, too";
  EXPECT_EQ(matmul_of(result).zero_point, 39);
  const Quantisation relu = result.of(graph.nodes[1].output);
  EXPECT_EQ(relu, affine({0.0F, 2.65F}));
  EXPECT_EQ(std::get<QuantMap>(result.nodes[1]).table,
            function_table(Map{Function::Relu}, sums, relu));
  const std::vector<float> positive = int8_output(result, inputs, 0);
  const std::vector<float> all = int8_output(result, inputs, 1);
  for (std::size_t i = 0; i < 3; ++i) {
    const float exact = inputs[2 * i] + inputs[2 * i + 1];
    EXPECT_NEAR(all[i], exact, 0.03F);
    EXPECT_NEAR(positive[i], std::max(exact, 0.0F), 0.03F);
  }
}

TEST(Quantise, TwoFunctionsOfTheSameSumsSeeThemWhole) {
  Graph graph = sum(Map{Function::Tanh});
  graph.outputs.push_back(graph.add_node("r", Map{Function::Relu}, {graph.nodes[0].output}));
  const QuantGraph result = quantised(graph, {-100.0F, 0.0F, 155.0F, 0.0F});
  EXPECT_EQ(result.of(graph.nodes[0].output), (Quantisation{1.0F, -28}))
      << "not cut to what tanh alone needs";
  EXPECT_EQ(std::get<QuantMap>(result.nodes[1]).table[128 - 28], 0);
  EXPECT_EQ(std::get<QuantMap>(result.nodes[1]).table[128 - 28 + 1], 97);
  EXPECT_TRUE(std::holds_alternative<QuantMap>(result.nodes[2]));
}

TEST(Quantise, AReluOfTheInputIsATable) {
  Graph graph;
  graph.outputs = {graph.add_node("r", Map{Function::Relu}, {graph.add_input("x", {2})})};
  const std::vector<float> inputs = {-1.0F, 1.55F};
  const QuantGraph result = quantised(graph, inputs);
  EXPECT_TRUE(std::holds_alternative<QuantMap>(result.nodes[0]));
  EXPECT_EQ(result.of(graph.outputs[0]), affine({0.0F, 1.55F}));
  EXPECT_EQ(int8_output(result, inputs, 0)[0], 0.0F);
  EXPECT_NEAR(int8_output(result, inputs, 0)[1], 1.55F, 0.005F);
}

TEST(Quantise, AReshapeIsAView) {
  Graph graph = dense_from_sizes("4");
  graph.outputs = {graph.add_node("r", Reshape{{2, 2}}, {graph.outputs[0]})};
  const QuantGraph result = quantised(graph, {1, 2, 3, 4});
  EXPECT_TRUE(std::holds_alternative<QuantView>(result.nodes[1]));
  EXPECT_EQ(result.of(graph.nodes[1].output), result.of(graph.nodes[0].output));
}

TEST(Quantise, TakesTheLongestSums) {
  EXPECT_EQ(error_of(dense_from_sizes("132000x1"), std::vector<float>(132000, 1.0F)), "no error");
}

TEST(Quantise, RefusesInputsThatAreNotFinite) {
  EXPECT_EQ(error_of(dense_from_sizes("2"), {1.0F, std::numeric_limits<float>::infinity()}),
            "2: the inputs have values that are not finite float32 numbers on the calibration "
            "inputs");
}

TEST(Quantise, RefusesValuesThatAreNotFinite) {
  const std::string message =
      "computes values that are not finite float32 numbers on the calibration inputs";
  EXPECT_EQ(error_of(one_matmul({1, 1}, {3e38F}, {0}), {10.0F}), "net: node 'd' " + message);
  EXPECT_EQ(error_of(one_matmul({1, 1}, {3e38F}, {0}, Map{Function::LeakyRelu, 10.0F}), {-1.0F}),
            "net: node 'f' " + message);
}

TEST(Quantise, RefusesCalibrationOfAnotherSize) {
  Graph filled = dense_from_sizes("2");
  fill_constants(filled);
  const auto graph = std::make_shared<const Graph>(std::move(filled));
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
