#include "host/graph/graph.h"

#include <gtest/gtest.h>

#include "host/graph/verify.h"
#include "tests/host/graph/small_graphs.h"

namespace systol::test {
namespace {

constexpr Map kRelu{Function::Relu};

/// The sums of one matmul go to a ReLU, to a softmax and out of the graph.
Graph fan_out() {
  Graph graph = one_matmul({2, 3}, {1, 2, 3, 4, 5, 6}, {0, 0, 0});
  const TensorId sums = graph.outputs.front();
  graph.outputs = {graph.add_node("r", kRelu, {sums}), graph.add_node("s", Softmax{}, {sums}),
                   sums};
  return graph;
}

TEST(Graph, NamesOutputsAfterTheirNodesAndInfersTheirShapes) {
  const Graph graph = fan_out();
  verify(graph);
  ASSERT_EQ(graph.nodes.size(), 3U);
  EXPECT_EQ(graph.tensor(graph.nodes[0].output), (Tensor{"d", {3}}));
  EXPECT_EQ(graph.tensor(graph.nodes[2].output), (Tensor{"s", {3}}));
  EXPECT_EQ(graph.nodes[0].inputs.size(), 3U);
  EXPECT_EQ(graph.nodes[1].operation, Operation(kRelu));
}

TEST(Graph, CountsTheUsesOfATensorAsInputsAndOutputs) {
  const Graph graph = fan_out();
  EXPECT_EQ(graph.uses(graph.nodes[0].output), 3U) << "two nodes and the graph";
  EXPECT_EQ(graph.uses(graph.nodes[1].output), 1U);
  EXPECT_EQ(graph.uses(graph.inputs.front()), 1U);
}

TEST(Graph, KnowsWhereATensorComesFrom) {
  const Graph graph = fan_out();
  EXPECT_EQ(graph.producer(graph.outputs[1]), &graph.nodes[2]);
  EXPECT_EQ(graph.producer(graph.inputs[0]), nullptr);
  EXPECT_EQ(graph.producer(graph.constants[0].tensor), nullptr);
  EXPECT_EQ(graph.constant(graph.constants[1].tensor), &graph.constants[1]);
  EXPECT_EQ(graph.constant(graph.inputs[0]), nullptr);
}

TEST(Graph, HasValuesWhereEveryConstantHas) {
  Graph graph = fan_out();
  EXPECT_TRUE(graph.has_values());
  graph.constants[1].values.clear();
  EXPECT_FALSE(graph.has_values());
}

TEST(Graph, MakesNamesThatNoNodeHas) {
  Graph graph = fan_out();
  EXPECT_EQ(graph.unique_name("free"), "free");
  EXPECT_EQ(graph.unique_name("r"), "r_2");
  graph.add_node("r_2", kRelu, {graph.outputs[0]});
  EXPECT_EQ(graph.unique_name("r"), "r_3");
}

TEST(Graph, HasTheSizesOfItsFirstInputAndOutput) {
  Graph graph;
  const TensorId image = graph.add_input("x", {1, 28, 28});
  graph.outputs = {graph.add_node("flat", Reshape{{7, 112}}, {image})};
  EXPECT_EQ(graph.input_size(), 784U);
  EXPECT_EQ(graph.output_size(), 784U);
  EXPECT_EQ(graph.shape(graph.outputs[0]), (Shape{7, 112}));
}

TEST(Graph, AMatmulHasTheShapeOfItsWeights) {
  const Graph graph = fan_out();
  const MatMulShape shape = matmul_shape(graph, graph.nodes[0]);
  EXPECT_EQ(shape.inputs, 2U);
  EXPECT_EQ(shape.outputs, 3U);
}

TEST(Graph, IsPlacedByItsFileOrElseItsName) {
  Graph graph = fan_out();
  EXPECT_EQ(graph.place(), "net");
  graph.file = "net.onnx";
  EXPECT_EQ(graph.place(), "net.onnx");
}

TEST(Graph, RefusesANodeWhoseInputsDoNotFit) {
  Graph graph = fan_out();
  graph.file = "net.onnx";
  const std::size_t tensors = graph.tensors.size();
  EXPECT_EQ(input_error_of([&] {
              graph.add_node("twice", kRelu, {graph.inputs[0], graph.inputs[0]});
            }),
            "net.onnx: node 'twice' (relu): it has 2 inputs and takes 1");
  EXPECT_EQ(graph.nodes.size(), 3U);
  EXPECT_EQ(graph.tensors.size(), tensors) << "it is as it was";
}

TEST(Dense, IsAMatmulWithWeightsAndABias) {
  Graph graph;
  const TensorId output = add_dense(graph, "fc", graph.add_input("x", {4}), 3);
  ASSERT_EQ(graph.constants.size(), 2U);
  EXPECT_EQ(graph.tensor(graph.constants[0].tensor), (Tensor{"fc.weights", {4, 3}}));
  EXPECT_EQ(graph.tensor(graph.constants[1].tensor), (Tensor{"fc.bias", {3}}));
  EXPECT_TRUE(graph.constants[0].values.empty());
  EXPECT_EQ(graph.nodes[0].inputs,
            (std::vector<TensorId>{graph.inputs[0], TensorId{1}, TensorId{2}}));
  EXPECT_EQ(graph.nodes[0].output, output);
}

TEST(Shapes, HaveElementsAndText) {
  EXPECT_EQ(elements({}), 1U);
  EXPECT_EQ(elements({1'000'000, 1'000'000}), 1'000'000'000'000U);
  EXPECT_EQ(to_string(Shape{}), "[]");
  EXPECT_EQ(to_string(Shape{1, 28, 28}), "[1, 28, 28]");
}

}  // namespace
}  // namespace systol::test
