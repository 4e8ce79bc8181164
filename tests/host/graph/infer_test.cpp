#include "host/graph/infer.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/host/graph/small_graphs.h"

namespace systol::test {
namespace {

Shape shape_of(const Operation& operation, const std::vector<Shape>& inputs) {
  return infer_shape(operation, inputs, "n");
}

std::string error_of(const Operation& operation, const std::vector<Shape>& inputs) {
  return input_error_of([&] { shape_of(operation, inputs); });
}

TEST(Infer, AMatmulHasItsWeightsColumns) {
  EXPECT_EQ(shape_of(MatMul{}, {{4}, {4, 3}}), Shape{3});
  EXPECT_EQ(shape_of(MatMul{}, {{4}, {4, 3}, {3}}), Shape{3});
}

TEST(Infer, AFunctionKeepsItsShape) {
  for (int i = 0; i < kFunctions; ++i) {
    EXPECT_EQ(shape_of(Map{static_cast<Function>(i)}, {{2, 3, 4}}), (Shape{2, 3, 4}));
  }
  EXPECT_EQ(shape_of(Map{}, {{}}), Shape{});
  EXPECT_EQ(shape_of(Softmax{}, {{10}}), Shape{10});
}

TEST(Infer, AReshapeHasTheShapeItAsksFor) {
  EXPECT_EQ(shape_of(Reshape{{784}}, {{1, 28, 28}}), Shape{784});
  EXPECT_EQ(shape_of(Reshape{{}}, {{1, 1}}), Shape{});
}

TEST(Infer, RefusesAnotherNumberOfInputs) {
  EXPECT_EQ(error_of(MatMul{}, {{4}}), "n: it has 1 inputs and takes 2 to 3");
  EXPECT_EQ(error_of(MatMul{}, {{4}, {4, 3}, {3}, {3}}), "n: it has 4 inputs and takes 2 to 3");
  EXPECT_EQ(error_of(Map{}, {}), "n: it has 0 inputs and takes 1");
  EXPECT_EQ(error_of(Softmax{}, {{4}, {4}}), "n: it has 2 inputs and takes 1");
  EXPECT_EQ(error_of(Reshape{{4}}, {{4}, {1}}), "n: it has 2 inputs and takes 1");
}

TEST(Infer, RefusesRowsOfSeveralDimensions) {
  const std::string problem =
      "n: a sample of its input has shape [2, 2]; one dimension is supported (reshape it first)";
  EXPECT_EQ(error_of(MatMul{}, {{2, 2}, {4, 3}}), problem);
  EXPECT_EQ(error_of(Softmax{}, {{2, 2}}), problem);
  EXPECT_EQ(error_of(Softmax{}, {{}}),
            "n: a sample of its input has shape []; one dimension is supported (reshape it first)");
}

TEST(Infer, RefusesWeightsThatDoNotFit) {
  EXPECT_EQ(error_of(MatMul{}, {{4}, {3, 4}}),
            "n: its input has 4 values a sample, but its weights have shape [3, 4]");
  EXPECT_EQ(error_of(MatMul{}, {{4}, {4}}),
            "n: its input has 4 values a sample, but its weights have shape [4]");
  EXPECT_EQ(error_of(MatMul{}, {{4}, {}}),
            "n: its input has 4 values a sample, but its weights have shape []");
}

TEST(Infer, RefusesABiasThatDoesNotFit) {
  EXPECT_EQ(error_of(MatMul{}, {{4}, {4, 3}, {4}}), "n: its bias has shape [4], expected [3]");
  EXPECT_EQ(error_of(MatMul{}, {{4}, {4, 3}, {1, 3}}),
            "n: its bias has shape [1, 3], expected [3]");
}

TEST(Infer, RefusesAReshapeToAnotherNumberOfValues) {
  EXPECT_EQ(error_of(Reshape{{783}}, {{1, 28, 28}}),
            "n: it cannot make [783] of [1, 28, 28]: the number of values differs");
}

TEST(Infer, ErrorsBeginWithTheFileTheNodeAndItsOperation) {
  Graph graph;
  graph.name = "net";
  EXPECT_EQ(place_of(graph, "fc1", MatMul{}), "net: node 'fc1' (matmul)");
  graph.file = "a/net.onnx";
  EXPECT_EQ(place_of(graph, "f", Map{Function::LeakyRelu}), "a/net.onnx: node 'f' (leaky_relu)");
  EXPECT_EQ(place_of(graph, Node{"s", Softmax{}, {}, {}}), "a/net.onnx: node 's' (softmax)");
  EXPECT_EQ(place_of(graph, "r", Reshape{{1}}), "a/net.onnx: node 'r' (reshape)");
}

}  // namespace
}  // namespace systol::test
