// Every operation in integers against itself in floating point, on random values.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "host/graph/verify.h"
#include "host/quantise/quantise.h"
#include "host/reference/float_network.h"
#include "host/reference/integer_network.h"

namespace systol {
namespace {

constexpr std::size_t kSamples = 20;

/// A graph with random constants in [-1, 1].
struct RandomGraph {
  std::mt19937 random{1};
  Graph graph;

  std::vector<float> values(std::size_t count) {
    std::uniform_real_distribution<float> value(-1.0F, 1.0F);
    std::vector<float> result(count);
    std::ranges::generate(result, [&] { return value(random); });
    return result;
  }
  TensorId input(Shape shape) { return graph.add_input(free_name(), std::move(shape)); }
  TensorId constant(Shape shape) {
    const std::size_t count = elements(shape);
    return graph.add_constant(free_name(), std::move(shape), values(count));
  }
  TensorId add(Operation operation, std::vector<TensorId> inputs) {
    return graph.add_node(free_name(), std::move(operation), std::move(inputs));
  }
  std::string free_name() const { return "t" + std::to_string(graph.tensors.size()); }

  /// The largest difference between float and int8 for `output`, in its steps.
  double error_in_steps(TensorId output) {
    graph.outputs = {output};
    verify(graph);
    const std::vector<float> inputs = values(kSamples * graph.input_size());
    const std::vector<float> exact = run_float(graph, inputs, kSamples).outputs.front();
    const QuantGraph quantised = quantise(std::make_shared<const Graph>(graph), inputs, kSamples);
    verify(*quantised.graph);
    const IntegerResult result =
        run_integer(quantised, quantise_inputs(quantised, inputs), kSamples, 2);
    const std::vector<float> scores = dequantise(result.of(output), quantised.of(output));
    EXPECT_EQ(scores.size(), exact.size());
    double largest = 0.0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      largest = std::max(largest,
                         std::abs(static_cast<double>(scores[i]) - static_cast<double>(exact[i])));
    }
    return largest / static_cast<double>(quantised.of(output).scale);
  }
};

/// Of one operation with one input.
double error_of(Operation operation, Shape shape) {
  RandomGraph drawn;
  const TensorId input = drawn.input(std::move(shape));
  return drawn.error_in_steps(drawn.add(std::move(operation), {input}));
}

double error_of_two(Operation operation, Shape a, Shape b) {
  RandomGraph drawn;
  const TensorId first = drawn.input(std::move(a));
  const TensorId second = drawn.input(std::move(b));
  return drawn.error_in_steps(drawn.add(std::move(operation), {first, second}));
}

double error_with_constant(Operation operation, Shape a, Shape b, bool constant_first = false) {
  RandomGraph drawn;
  TensorId first = drawn.input(std::move(a));
  TensorId second = drawn.constant(std::move(b));
  if (constant_first) {
    std::swap(first, second);
  }
  return drawn.error_in_steps(drawn.add(std::move(operation), {first, second}));
}

// Values that are moved, or the largest of some: half a step of the input.
TEST(QuantisedOperations, WhatIsMovedKeepsItsValue) {
  EXPECT_LE(error_of(Slice{{1, 4}, {2, 3}, {1, -2}}, {3, 5}), 0.51);
  EXPECT_LE(error_of(Slice{{1}, {4}, {0}}, {3}), 0.51);
  EXPECT_LE(error_of(Transpose{{2, 0, 1}}, {2, 3, 4}), 0.51);
  EXPECT_LE(error_of(Pad{{1, 0}, {0, 2}, {2, 1}, 0.25F}, {2, 3}), 0.51);
  EXPECT_LE(error_of(Repeat{{2, 1, 3}}, {2, 3, 2}), 0.51);
  EXPECT_LE(error_of(Reshape{{6}}, {2, 3}), 0.51);
  EXPECT_LE(error_of(Pool{PoolKind::Maximum, {3, 2}, {{2, 1}, {1, 1}, {1, 0}, {1, 1}}}, {6, 5, 3}),
            0.51);
}

// Half a step of each input, and half a step of the output's.
TEST(QuantisedOperations, ConcatIsWithinTwoSteps) {
  EXPECT_LE(error_of_two(Concat{1}, {2, 3, 2}, {2, 1, 2}), 1.1);
  EXPECT_LE(error_with_constant(Concat{0}, {2, 3}, {1, 3}), 1.1);
  EXPECT_LE(error_with_constant(Concat{0}, {2, 3}, {1, 3}, true), 1.1);
}

TEST(QuantisedOperations, AnAverageIsWithinOneStepAndAHalf) {
  const Window window{{2, 1}, {1, 2}, {1, 1}, {0, 1}};
  EXPECT_LE(error_of(Pool{PoolKind::Average, {2, 2}, window, false}, {5, 6, 3}), 1.6);
  EXPECT_LE(error_of(Pool{PoolKind::Average, {2, 2}, window, true}, {5, 6, 3}), 1.6);
  EXPECT_LE(error_of(Pool{PoolKind::Average, {5, 6}, {}, false}, {5, 6, 3}), 2.5);
  EXPECT_LE(error_of(Mean{}, {4, 9}), 2.5);
}

TEST(QuantisedOperations, TwoTensorsAreJoinedWithinTwoSteps) {
  for (const auto function :
       {BinaryFunction::Add, BinaryFunction::Subtract, BinaryFunction::Multiply,
        BinaryFunction::Maximum, BinaryFunction::Minimum}) {
    const Binary binary{function};
    EXPECT_LE(error_of_two(binary, {4, 5}, {4, 5}), 2.0) << static_cast<int>(function);
    EXPECT_LE(error_of_two(binary, {4, 1, 5}, {3, 1}), 2.0) << static_cast<int>(function);
    EXPECT_LE(error_with_constant(binary, {4, 5}, {5}), 2.0) << static_cast<int>(function);
    EXPECT_LE(error_with_constant(binary, {5}, {4, 1}, true), 2.0) << static_cast<int>(function);
  }
}

TEST(QuantisedOperations, ATensorMayBeJoinedWithItself) {
  RandomGraph drawn;
  const TensorId x = drawn.input({7});
  EXPECT_LE(drawn.error_in_steps(drawn.add(Binary{BinaryFunction::Multiply}, {x, x})), 2.5);
}

TEST(QuantisedOperations, AConvolutionIsWithinTwoSteps) {
  const Window window{{2, 1}, {1, 2}, {1, 2}, {0, 1}};
  for (const auto& [groups, channels, outputs] :
       {std::array{1, 3, 5}, std::array{2, 4, 6}, std::array{4, 4, 4}, std::array{2, 2, 6}}) {
    for (const bool bias : {false, true}) {
      RandomGraph drawn;
      std::vector<TensorId> inputs = {drawn.input({7, 6, channels}),
                                      drawn.constant({3, 2, channels / groups, outputs})};
      if (bias) {
        inputs.push_back(drawn.constant({outputs}));
      }
      EXPECT_LE(drawn.error_in_steps(drawn.add(Convolution{window, groups}, inputs)), 2.5)
          << groups << " groups";
    }
  }
}

TEST(QuantisedOperations, AMatmulHasLeadingExtents) {
  RandomGraph drawn;
  const TensorId x = drawn.input({2, 3, 4});
  const TensorId weights = drawn.constant({4, 5});
  const TensorId bias = drawn.constant({5});
  EXPECT_LE(drawn.error_in_steps(drawn.add(MatMul{}, {x, weights, bias})), 2.0);
}

TEST(QuantisedOperations, AProductOfActivationsIsWithinTwoSteps) {
  EXPECT_LE(error_of_two(MatMul{}, {2, 3, 4}, {2, 4, 5}), 2.5);
  EXPECT_LE(error_of_two(MatMul{true}, {2, 3, 4}, {2, 5, 4}), 2.5);
  EXPECT_LE(error_of_two(MatMul{}, {3, 4}, {4, 2}), 2.5);
  EXPECT_LE(error_of_two(MatMul{}, {4}, {4, 2}), 2.5);
}

TEST(QuantisedOperations, AProductMayHaveABias) {
  RandomGraph drawn;
  const TensorId x = drawn.input({3, 4});
  const TensorId y = drawn.input({4, 2});
  const TensorId bias = drawn.constant({2});
  EXPECT_LE(drawn.error_in_steps(drawn.add(MatMul{}, {x, y, bias})), 3.0);
}

// A softmax's values are multiples of 1/256, and the second product reads them in steps of 1/127.
TEST(QuantisedOperations, AttentionIsWithinFourSteps) {
  RandomGraph drawn;
  const TensorId query = drawn.input({2, 6, 8});
  const TensorId key = drawn.input({2, 6, 8});
  const TensorId value = drawn.input({2, 6, 8});
  const TensorId scores = drawn.add(MatMul{true}, {query, key});
  const TensorId shares = drawn.add(Softmax{}, {scores});
  EXPECT_LE(drawn.error_in_steps(drawn.add(MatMul{}, {shares, value})), 4.0);
}

TEST(QuantisedOperations, SoftmaxIsOfEachRow) { EXPECT_LE(error_of(Softmax{}, {3, 2, 9}), 1.5); }

TEST(QuantisedOperations, NormalisedValuesAreWithinTwoSteps) {
  EXPECT_LE(error_of(Normalise{}, {4, 16}), 2.0);
  EXPECT_LE(error_of(Normalise{0.1F}, {4, 16}), 2.0);
  EXPECT_LE(error_of(Normalise{1e-5F, true}, {4, 5, 3}), 2.0);
}

// The steepest is a square, of twice the input's step in steps of half its size.
TEST(QuantisedOperations, AFunctionOfTheInputIsWithinItsSlope) {
  for (std::size_t i = 0; i < kFunctions; ++i) {
    const Map map{static_cast<Function>(i)};
    if (map.function == Function::Sqrt || map.function == Function::Reciprocal ||
        map.function == Function::Log) {
      continue;  // not finite for all of these values
    }
    EXPECT_LE(error_of(map, {9}), 2.6) << name_of(map.function);
  }
}

}  // namespace
}  // namespace systol
