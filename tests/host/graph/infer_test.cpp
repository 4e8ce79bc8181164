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
  EXPECT_EQ(shape_of(MatMul{}, {{5, 6, 4}, {4, 3}, {3}}), (Shape{5, 6, 3}));
}

TEST(Infer, AMatmulOfActivationsKeepsTheLeadingExtents) {
  EXPECT_EQ(shape_of(MatMul{}, {{12, 7, 64}, {12, 64, 9}}), (Shape{12, 7, 9}));
  EXPECT_EQ(shape_of(MatMul{true}, {{12, 7, 64}, {12, 9, 64}}), (Shape{12, 7, 9}));
  EXPECT_EQ(shape_of(MatMul{true}, {{7, 64}, {9, 64}}), (Shape{7, 9}));
}

TEST(Infer, AFunctionKeepsItsShape) {
  for (std::size_t i = 0; i < kFunctions; ++i) {
    EXPECT_EQ(shape_of(Map{static_cast<Function>(i)}, {{2, 3, 4}}), (Shape{2, 3, 4}));
  }
  EXPECT_EQ(shape_of(Map{}, {{}}), Shape{});
  EXPECT_EQ(shape_of(Softmax{}, {{10}}), Shape{10});
  EXPECT_EQ(shape_of(Softmax{}, {{3, 10}}), (Shape{3, 10}));
  EXPECT_EQ(shape_of(Normalise{}, {{3, 10}}), (Shape{3, 10}));
  EXPECT_EQ(shape_of(Normalise{1e-5F, true}, {{4, 5, 6}}), (Shape{4, 5, 6}));
}

TEST(Infer, AMeanLeavesOneOfTheLastAxis) {
  EXPECT_EQ(shape_of(Mean{}, {{3, 10}}), (Shape{3, 1}));
  EXPECT_EQ(error_of(Mean{}, {{}}),
            "n: its input is a single value; at least one dimension is needed");
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

TEST(Infer, RefusesRowsOfNoDimension) {
  const std::string problem = "n: its input is a single value; at least one dimension is needed";
  EXPECT_EQ(error_of(MatMul{}, {{}, {4, 3}}), problem);
  EXPECT_EQ(error_of(Softmax{}, {{}}), problem);
  EXPECT_EQ(error_of(Normalise{}, {{}}), problem);
  EXPECT_EQ(error_of(Normalise{1e-5F, true}, {{4, 4}}),
            "n: its input has shape [4, 4]; 3 dimensions are supported");
}

TEST(Infer, RefusesWeightsThatDoNotFit) {
  EXPECT_EQ(error_of(MatMul{}, {{4}, {3, 4}}),
            "n: its input has 4 values a sample, but its weights have shape [3, 4]");
  EXPECT_EQ(error_of(MatMul{}, {{2, 4}, {3, 4}}),
            "n: its input has 4 values a row, but its weights have shape [3, 4]");
  EXPECT_EQ(error_of(MatMul{true}, {{4}, {4, 3}}),
            "n: its input has 4 values a sample, but its weights have shape [4, 3]");
  EXPECT_EQ(error_of(MatMul{}, {{4}, {4}}),
            "n: its weights have shape [4]; at least two dimensions are needed");
  EXPECT_EQ(error_of(MatMul{}, {{4}, {}}),
            "n: its weights have shape []; at least two dimensions are needed");
  EXPECT_EQ(error_of(MatMul{}, {{2, 4}, {2, 4, 3}}),
            "n: [2, 4] cannot be multiplied by [2, 4, 3]: the leading extents differ");
  EXPECT_EQ(error_of(MatMul{}, {{3, 2, 4}, {2, 4, 3}}),
            "n: [3, 2, 4] cannot be multiplied by [2, 4, 3]: the leading extents differ");
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

/// A window of these strides, dilations and borders, the same in both axes.
Window window(std::int64_t stride, std::int64_t dilation, std::int64_t before, std::int64_t after) {
  return {{stride, stride}, {dilation, dilation}, {before, before}, {after, after}};
}

TEST(Infer, AConvolutionHasAPixelForEachPlaceOfItsWindow) {
  EXPECT_EQ(shape_of(Convolution{}, {{5, 6, 3}, {3, 3, 3, 8}}), (Shape{3, 4, 8}));
  EXPECT_EQ(shape_of(Convolution{window(1, 1, 1, 1), 1}, {{5, 6, 3}, {3, 3, 3, 8}, {8}}),
            (Shape{5, 6, 8}));
  EXPECT_EQ(shape_of(Convolution{window(2, 1, 3, 3), 1}, {{224, 224, 3}, {7, 7, 3, 64}}),
            (Shape{112, 112, 64}));
  EXPECT_EQ(shape_of(Convolution{window(2, 1, 0, 1), 1}, {{8, 8, 3}, {3, 3, 3, 8}}),
            (Shape{4, 4, 8}));
  EXPECT_EQ(shape_of(Convolution{window(1, 2, 0, 0), 1}, {{7, 7, 3}, {3, 3, 3, 8}}),
            (Shape{3, 3, 8}));
  EXPECT_EQ(shape_of(Convolution{window(1, 1, 1, 1), 6}, {{5, 5, 6}, {3, 3, 1, 12}}),
            (Shape{5, 5, 12}));
}

TEST(Infer, RefusesConvolutionsThatDoNotFit) {
  const Convolution plain;
  EXPECT_EQ(error_of(plain, {{5, 5}, {3, 3, 1, 1}}),
            "n: its input has shape [5, 5]; 3 dimensions are supported");
  EXPECT_EQ(error_of(plain, {{5, 5, 1}, {3, 3, 1}}),
            "n: its weights tensor has shape [3, 3, 1]; 4 dimensions are supported");
  EXPECT_EQ(error_of(plain, {{5, 5, 4}, {3, 3, 3, 8}}),
            "n: weights of shape [3, 3, 3, 8] in 1 groups do not fit an image of 4 channels");
  EXPECT_EQ(error_of(Convolution{{}, 3}, {{5, 5, 6}, {3, 3, 2, 8}}),
            "n: weights of shape [3, 3, 2, 8] in 3 groups do not fit an image of 6 channels");
  EXPECT_EQ(error_of(Convolution{{}, 0}, {{5, 5, 6}, {3, 3, 2, 8}}),
            "n: weights of shape [3, 3, 2, 8] in 0 groups do not fit an image of 6 channels");
  EXPECT_EQ(error_of(plain, {{5, 5, 1}, {3, 3, 1, 8}, {4}}),
            "n: its bias has shape [4], expected [8]");
  EXPECT_EQ(error_of(plain, {{5, 2, 1}, {3, 3, 1, 8}}),
            "n: its window spans 3 values, the image with its borders has 2");
  EXPECT_EQ(error_of(Convolution{window(1, 3, 0, 0), 1}, {{6, 6, 1}, {3, 3, 1, 8}}),
            "n: its window spans 7 values, the image with its borders has 6");
}

TEST(Infer, RefusesWindowsOfNonsense) {
  const std::string problem =
      "n: its window's extents, strides and dilations must be 1 to 1048576, its borders 0 to "
      "1048576";
  const std::vector<Shape> inputs = {{5, 5, 1}, {3, 3, 1, 8}};
  EXPECT_EQ(error_of(Convolution{window(0, 1, 0, 0), 1}, inputs), problem);
  EXPECT_EQ(error_of(Convolution{window(1, 0, 0, 0), 1}, inputs), problem);
  EXPECT_EQ(error_of(Convolution{window(1, 1, -1, 0), 1}, inputs), problem);
  EXPECT_EQ(error_of(Convolution{window(1, 1, 0, -1), 1}, inputs), problem);
  EXPECT_EQ(error_of(Convolution{window(1, INT64_MAX, 0, 0), 1}, inputs), problem);
  EXPECT_EQ(error_of(Convolution{window(1, 1, INT64_MAX, 0), 1}, inputs), problem);
  EXPECT_EQ(error_of(Pool{PoolKind::Maximum, {0, 1}, {}, false}, {{5, 5, 1}}), problem);
}

TEST(Infer, APoolKeepsTheChannels) {
  EXPECT_EQ(shape_of(Pool{PoolKind::Maximum, {3, 3}, window(2, 1, 0, 0), false}, {{13, 13, 256}}),
            (Shape{6, 6, 256}));
  EXPECT_EQ(shape_of(Pool{PoolKind::Average, {7, 7}, {}, false}, {{7, 7, 512}}),
            (Shape{1, 1, 512}));
  EXPECT_EQ(error_of(Pool{PoolKind::Average, {7, 7}, {}, false}, {{7, 6, 512}}),
            "n: its window spans 7 values, the image with its borders has 6");
  EXPECT_EQ(error_of(Pool{}, {{7, 6}}),
            "n: its input has shape [7, 6]; 3 dimensions are supported");
}

TEST(Infer, RefusesAPoolWithWindowsOfBordersAlone) {
  const std::string problem =
      "n: its borders are so wide that some of its windows lie in them alone";
  const auto pool = [](std::int64_t extent, const Window& at) {
    return Pool{PoolKind::Maximum, {extent, extent}, at, false};
  };
  EXPECT_EQ(shape_of(pool(2, window(1, 1, 1, 1)), {{5, 5, 1}}), (Shape{6, 6, 1}));
  EXPECT_EQ(error_of(pool(2, window(1, 1, 2, 0)), {{5, 5, 1}}), problem);
  EXPECT_EQ(error_of(pool(2, window(1, 1, 0, 2)), {{5, 5, 1}}), problem);
  EXPECT_EQ(shape_of(pool(2, window(3, 1, 0, 2)), {{5, 5, 1}}), (Shape{2, 2, 1}));
  EXPECT_EQ(error_of(pool(2, window(1, 2, 1, 1)), {{1, 1, 1}}), problem)
      << "the window's two values are beside the image";
}

TEST(Infer, TwoTensorsAreRepeatedToFitEachOther) {
  EXPECT_EQ(shape_of(Binary{}, {{4, 5}, {4, 5}}), (Shape{4, 5}));
  EXPECT_EQ(shape_of(Binary{}, {{7, 7, 64}, {1, 1, 64}}), (Shape{7, 7, 64}));
  EXPECT_EQ(shape_of(Binary{}, {{64}, {7, 7, 1}}), (Shape{7, 7, 64}));
  EXPECT_EQ(shape_of(Binary{}, {{}, {3}}), Shape{3});
  EXPECT_EQ(error_of(Binary{}, {{4, 5}, {5, 4}}),
            "n: shapes [4, 5] and [5, 4] do not fit each other");
  EXPECT_EQ(error_of(Binary{}, {{4}}), "n: it has 1 inputs and takes 2");
}

TEST(Infer, AConcatAddsUpOneAxis) {
  EXPECT_EQ(shape_of(Concat{2}, {{4, 4, 3}, {4, 4, 5}, {4, 4, 1}}), (Shape{4, 4, 9}));
  EXPECT_EQ(shape_of(Concat{0}, {{1, 3}, {4, 3}}), (Shape{5, 3}));
  EXPECT_EQ(error_of(Concat{2}, {{4, 4}}), "n: axis 2 of an input of shape [4, 4]");
  EXPECT_EQ(error_of(Concat{-1}, {{4, 4}}), "n: axis -1 of an input of shape [4, 4]");
  EXPECT_EQ(error_of(Concat{0}, {{1, 3}, {4, 4}}),
            "n: shapes [1, 3] and [4, 4] differ in more than axis 0");
  EXPECT_EQ(error_of(Concat{1}, {{1, 3}, {4}}),
            "n: shapes [1, 3] and [4] differ in more than axis 1");
  EXPECT_EQ(error_of(Concat{0}, {}), "n: it has 0 inputs and takes 1 to 4096");
}

TEST(Infer, ASliceHasItsSizes) {
  EXPECT_EQ(shape_of(Slice{{2, 0}, {3, 5}, {1, 1}}, {{5, 5}}), (Shape{3, 5}));
  EXPECT_EQ(shape_of(Slice{{4}, {3}, {-2}}, {{5}}), Shape{3});
  EXPECT_EQ(shape_of(Slice{{2}, {9}, {0}}, {{5}}), Shape{9});
  EXPECT_EQ(error_of(Slice{{3}, {3}, {1}}, {{5}}),
            "n: 3 values from 3 on, 1 apart, are not within axis 0 of [5]");
  EXPECT_EQ(error_of(Slice{{0}, {2}, {-1}}, {{5}}),
            "n: 2 values from 0 on, -1 apart, are not within axis 0 of [5]");
  EXPECT_EQ(error_of(Slice{{5}, {1}, {0}}, {{5}}),
            "n: 1 values from 5 on, 0 apart, are not within axis 0 of [5]");
  EXPECT_EQ(error_of(Slice{{0}, {0}, {1}}, {{5}}),
            "n: 0 values from 0 on, 1 apart, are not within axis 0 of [5]");
  EXPECT_EQ(error_of(Slice{{1}, {3}, {INT64_MAX}}, {{5}}),
            "n: 3 values from 1 on, 9223372036854775807 apart, are not within axis 0 of [5]");
  const auto lacks = [](const std::string& what) {
    return "n: it has 1 " + what + " for an input of shape [5, 5]; one for each axis is needed";
  };
  EXPECT_EQ(error_of(Slice{{0}, {1, 1}, {1, 1}}, {{5, 5}}), lacks("starts"));
  EXPECT_EQ(error_of(Slice{{0, 0}, {1}, {1, 1}}, {{5, 5}}), lacks("sizes"));
  EXPECT_EQ(error_of(Slice{{0, 0}, {1, 1}, {1}}, {{5, 5}}), lacks("steps"));
}

TEST(Infer, ATransposeMovesAxes) {
  EXPECT_EQ(shape_of(Transpose{{2, 0, 1}}, {{3, 4, 5}}), (Shape{5, 3, 4}));
  EXPECT_EQ(
      error_of(Transpose{{0}}, {{3, 4}}),
      "n: it has 1 axes in its permutation for an input of shape [3, 4]; one for each axis is "
      "needed");
  const std::string problem = "n: its permutation does not name each axis once";
  EXPECT_EQ(error_of(Transpose{{0, 0}}, {{3, 4}}), problem);
  EXPECT_EQ(error_of(Transpose{{0, 2}}, {{3, 4}}), problem);
  EXPECT_EQ(error_of(Transpose{{0, -1}}, {{3, 4}}), problem);
}

TEST(Infer, APadWidensEachAxis) {
  EXPECT_EQ(shape_of(Pad{{1, 0}, {2, 0}, {0, 1}, 0.0F}, {{4, 4}}), (Shape{7, 7}));
  const std::string problem = "n: its borders must be 0 to 1048576";
  EXPECT_EQ(error_of(Pad{{-1}, {0}, {0}, 0.0F}, {{4}}), problem);
  EXPECT_EQ(error_of(Pad{{0}, {-1}, {0}, 0.0F}, {{4}}), problem);
  EXPECT_EQ(error_of(Pad{{0}, {0}, {-1}, 0.0F}, {{4}}), problem);
  EXPECT_EQ(error_of(Pad{{0}, {0}, {INT64_MAX}, 0.0F}, {{4}}), problem);
  const auto lacks = [](const std::string& where) {
    return "n: it has 0 borders " + where +
           " for an input of shape [4]; one for each axis is needed";
  };
  EXPECT_EQ(error_of(Pad{{}, {0}, {0}, 0.0F}, {{4}}), lacks("before"));
  EXPECT_EQ(error_of(Pad{{0}, {}, {0}, 0.0F}, {{4}}), lacks("after"));
  EXPECT_EQ(error_of(Pad{{0}, {0}, {}, 0.0F}, {{4}}), lacks("between"));
}

TEST(Infer, ARepeatMultipliesEachAxis) {
  EXPECT_EQ(shape_of(Repeat{{2, 3, 1}}, {{4, 5, 6}}), (Shape{8, 15, 6}));
  EXPECT_EQ(error_of(Repeat{{2}}, {{4, 5}}),
            "n: it has 1 factors for an input of shape [4, 5]; one for each axis is needed");
  EXPECT_EQ(error_of(Repeat{{0}}, {{4}}), "n: its factors must be 1 to 1048576");
  EXPECT_EQ(error_of(Repeat{{INT64_MAX}}, {{4}}), "n: its factors must be 1 to 1048576");
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
