// Each operation in integers on a few values whose result is worked out by hand.
#include "host/reference/integer_node.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "host/reference/integer_network.h"
#include "tests/host/graph/small_graphs.h"

namespace systol {
namespace {

using Bytes8 = std::vector<std::int8_t>;
using test::ConstantValues;

constexpr Rescale kAsItIs{1 << 30, 30};
constexpr Rescale kHalf{1, 1};
constexpr Window kBorderAboveAndRight{{1, 1}, {1, 1}, {1, 0}, {0, 1}};

/// One node, whose inputs and constants have these zero points.
QuantGraph network(Graph graph, QuantOperation operation, const Bytes8& zero_points = {}) {
  QuantGraph result;
  result.tensors.resize(graph.tensors.size());
  for (std::size_t i = 0; i < zero_points.size(); ++i) {
    result.tensors[i].zero_point = zero_points[i];
  }
  result.graph = std::make_shared<const Graph>(std::move(graph));
  result.nodes = {std::move(operation)};
  return result;
}

Bytes8 run_node(const QuantGraph& graph, const Bytes8& inputs) {
  const std::size_t samples = inputs.size() / graph.graph->input_size();
  return run_integer(graph, inputs, samples, 2).of(graph.graph->outputs.front());
}

/// As they are, with a bias for each output.
QuantMatMul sums(Bytes8 weights, std::vector<std::int32_t> bias) {
  QuantMatMul matmul;
  matmul.weights = std::move(weights);
  matmul.multiplier.assign(bias.size(), kAsItIs.multiplier);
  matmul.shift.assign(bias.size(), kAsItIs.shift);
  matmul.bias = std::move(bias);
  return matmul;
}

Graph convolution(const Convolution& operation, const Shape& image, const Shape& weights) {
  return test::one_node(operation, {image}, {{weights, {}}});
}

TEST(IntegerNode, AConvolutionsBordersAreTheInputsZeroPoint) {
  const QuantGraph graph = network(convolution({kBorderAboveAndRight}, {2, 2, 1}, {2, 2, 1, 1}),
                                   QuantConvolution{sums({1, 2, 3, 4}, {-20})}, {7});
  // 7 + 14 + 3 + 8; 7 + 14 + 6 + 28; 1 + 4 + 9 + 16; 2 + 14 + 12 + 28; less 20.
  EXPECT_EQ(run_node(graph, {1, 2, 3, 4}), (Bytes8{12, 35, 10, 36}));
}

TEST(IntegerNode, AConvolutionIsOfEachSample) {
  const QuantGraph graph = network(convolution({}, {1, 2, 1}, {1, 2, 1, 2}),
                                   QuantConvolution{sums({1, 10, 2, 20}, {0, 1})});
  EXPECT_EQ(run_node(graph, {1, 2, 3, 4}), (Bytes8{5, 51, 11, 111}));
}

TEST(IntegerNode, AConvolutionsGroupsReadTheirOwnChannels) {
  EXPECT_EQ(run_node(network(convolution({{}, 2}, {1, 1, 4}, {1, 1, 2, 2}),
                             QuantConvolution{sums({1, 10, 2, 20}, {0, 0})}),
                     {1, 2, 3, 4}),
            (Bytes8{5, 110}));
  EXPECT_EQ(run_node(network(convolution({{}, 2}, {1, 2, 2}, {1, 2, 1, 2}),
                             QuantConvolution{sums({1, 2, 10, 20}, {0, 1})}),
                     {1, 2, 3, 4}),
            (Bytes8{31, 85}));
  EXPECT_EQ(
      run_node(network(convolution({{{1, 1}, {1, 1}, {0, 1}, {0, 0}}, 2}, {1, 1, 2}, {1, 2, 1, 2}),
                       QuantConvolution{sums({1, 2, 10, 20}, {0, 1})}, {5}),
               {1, 2}),
      (Bytes8{15, 51}))
      << "the border of a channel that has its own window";
}

TEST(IntegerNode, ATallConvolutionIsMadeInParts) {
  constexpr std::int64_t kRows = 70'000;  // of 16 values: more than a MiB
  Bytes8 image(kRows);
  Bytes8 expected;
  for (std::size_t i = 0; i < image.size(); ++i) {
    image[i] = static_cast<std::int8_t>(i % 7);
  }
  for (std::size_t i = 0; i + 16 <= image.size(); ++i) {
    expected.push_back(static_cast<std::int8_t>(image[i] - image[i + 15]));
  }
  Bytes8 weights(16);
  weights.front() = 1;
  weights.back() = -1;
  EXPECT_EQ(run_node(network(convolution({}, {kRows, 1, 1}, {16, 1, 1, 1}),
                             QuantConvolution{sums(weights, {0})}),
                     image),
            expected);
}

TEST(IntegerNode, AProductIsRescaledAndClamped) {
  const Bytes8 both = {1, 2, 3, 4, 1, 10, 100, 127};
  QuantProduct product{kHalf, 3, -128, 120};
  EXPECT_EQ(run_node(network(test::one_node(MatMul{}, {{2, 1}, {1, 2}}), product), {1, -3, 4, 5}),
            (Bytes8{5, 6, -3, -4}));  // 2 + 3; 2.5 rounds to 3; -6 + 3; -7.5 rounds to -7
  EXPECT_EQ(run_node(network(test::one_node(MatMul{}, {{2, 2}, {2, 2}}), product), both),
            (Bytes8{104, 120, 120, 120}));
  EXPECT_EQ(run_node(network(test::one_node(MatMul{true}, {{2, 2}, {2, 2}}), product), both),
            (Bytes8{14, 120, 25, 120}));
  EXPECT_EQ(run_node(network(test::one_node(MatMul{}, {{2, 1, 2}, {2, 2, 1}}), product), both),
            (Bytes8{14, 120}));
}

QuantBinary weighed(std::int32_t a, std::int32_t b) {
  QuantBinary binary;
  binary.a_multiplier = a;
  binary.b_multiplier = b;
  binary.rescale = kHalf;
  binary.zero_point = 1;
  binary.maximum = 100;
  return binary;
}

// a is 4 and -2 less 1; b is 10 and 20 less 5, once for each of a.
Bytes8 joined(BinaryFunction function, std::int32_t a, std::int32_t b) {
  return run_node(network(test::one_node(Binary{function}, {{2, 1}, {2}}), weighed(a, b), {1, 5}),
                  {4, -2, 10, 20});
}

TEST(IntegerNode, TwoTensorsAreWeighedAndJoined) {
  EXPECT_EQ(joined(BinaryFunction::Add, 2, 3), (Bytes8{12, 27, 6, 21}));  // 10.5 + 1 rounds up
  EXPECT_EQ(joined(BinaryFunction::Subtract, 2, -3), (Bytes8{-3, -18, -9, -24}));
  EXPECT_EQ(joined(BinaryFunction::Maximum, 10, 3), (Bytes8{16, 24, 9, 24}));
  EXPECT_EQ(joined(BinaryFunction::Minimum, 10, 3), (Bytes8{9, 16, -14, -14}));
  EXPECT_EQ(joined(BinaryFunction::Multiply, 0, 0), (Bytes8{9, 24, -6, -21}));
}

TEST(IntegerNode, SumsAreClamped) {
  EXPECT_EQ(joined(BinaryFunction::Add, 100, 3),
            (Bytes8{100, 100, -128, -126}));  // -127.5 rounds up
}

TEST(IntegerNode, AConstantIsTheSameForAllSamples) {
  QuantBinary binary = weighed(2, -2);
  binary.constant = {10, 20};
  const Graph first = test::one_node(Binary{BinaryFunction::Subtract}, {{2}}, {{{2}, {}}});
  EXPECT_EQ(run_node(network(first, binary, {0, 5}), {1, 2, 3, 4}), (Bytes8{-3, -12, -1, -10}));
}

TEST(IntegerNode, AMaximumLeavesBordersOut) {
  const Pool pool{PoolKind::Maximum, {2, 2}, kBorderAboveAndRight, false};
  EXPECT_EQ(run_node(network(test::one_node(pool, {{2, 2, 1}}), QuantPool{{}, 50}, {50}),
                     {-1, -2, -3, -128}),
            (Bytes8{-1, -2, -1, -2}));
}

TEST(IntegerNode, AnAverageIsRescaledByItsNumberOfValues) {
  const QuantPool average{{{4, 1}, {2, 1}, {0, 1}, kHalf}, -10};
  const Bytes8 image = {3, 4, 5, 7};  // 1, 2, 3 and 5 less the zero point
  EXPECT_EQ(
      run_node(network(test::one_node(Pool{PoolKind::Average, {2, 2}, kBorderAboveAndRight, false},
                                      {{2, 2, 1}}),
                       average, {2}),
               image),
      (Bytes8{3 - 10, 4 - 10, 6 - 10, 7 - 10}));  // 5.5 rounds up
  EXPECT_EQ(
      run_node(network(test::one_node(Pool{PoolKind::Average, {2, 2}, kBorderAboveAndRight, true},
                                      {{2, 2, 1}}),
                       average, {2}),
               image),
      (Bytes8{2 - 10, 1 - 10, 6 - 10, 4 - 10}));
}

TEST(IntegerNode, AMeanIsRescaledOnce) {
  const QuantPool mean{{kAsItIs, kHalf}, 1};
  EXPECT_EQ(run_node(network(test::one_node(Mean{}, {{2, 2}}), mean, {10}), {10, 13, 0, -3}),
            (Bytes8{3, -10}));  // 1.5 rounds to 2, -11.5 to -11
}

// N = 2, S = 4, Q = 10: D = 4, the root of 4 * 2^16 is 512, 2^46 / 512 = 2^37;
// (2 * 1 - 4) * 2^37 / 2^27 = -2048.
TEST(IntegerNode, NormalisesToUnitsOf2048) {
  const QuantNormalise normalise{0, {1, 6}, 10};
  EXPECT_EQ(run_node(network(test::one_node(Normalise{}, {{2, 2}}), normalise), {1, 3, -30, -50}),
            (Bytes8{10 - 32, 10 + 32, 10 + 32, 10 - 32}));
  EXPECT_EQ(run_node(network(test::one_node(Normalise{1e-5F, true}, {{2, 1, 2}}), normalise),
                     {1, -30, 3, -50}),
            (Bytes8{10 - 32, 10 + 32, 10 + 32, 10 - 32}));
}

// D = 4 + 12, the root is 1024: half as much.
TEST(IntegerNode, NormaliseAddsItsEpsilon) {
  EXPECT_EQ(
      run_node(network(test::one_node(Normalise{}, {{2}}), QuantNormalise{12, {1, 6}, 10}), {1, 3}),
      (Bytes8{10 - 16, 10 + 16}));
}

TEST(IntegerNode, EqualValuesAreNormalisedToZero) {
  EXPECT_EQ(run_node(network(test::one_node(Normalise{}, {{3}}), QuantNormalise{0, {1, 6}, 10}),
                     {-7, -7, -7}),
            (Bytes8{10, 10, 10}));
}

// N = 3, S = 1, Q = 1: D = 2, floor(sqrt(2 * 2^16)) = 362, floor(2^46 / 362) = 194391392442;
// (3 - 1) * r / 2^27 = 2896.66 and -1 * r / 2^27 = -1448.33; a quarter of 2897 is 724.25.
TEST(IntegerNode, NormaliseRoundsDownWhereItIsWritten) {
  EXPECT_EQ(run_node(network(test::one_node(Normalise{}, {{3}}), QuantNormalise{0, {1, 5}, 0}),
                     {1, 0, 0}),
            (Bytes8{91, -45, -45}));  // 2897 / 32 = 90.53, -1448 / 32 = -45.25
}

TEST(IntegerNode, ValuesAreMovedAndRescaled) {
  const QuantMove half{{kHalf}, 1, 0, {}};
  EXPECT_EQ(
      run_node(network(test::one_node(Slice{{2}, {2}, {-2}}, {{3}}), half, {10}), {12, 11, 14}),
      (Bytes8{3, 2}));
  EXPECT_EQ(
      run_node(network(test::one_node(Transpose{{1, 0}}, {{2, 2}}), half, {10}), {10, 12, 14, 16}),
      (Bytes8{1, 3, 2, 4}));
  EXPECT_EQ(run_node(network(test::one_node(Repeat{{2}}, {{2}}), half, {10}), {12, 14}),
            (Bytes8{2, 2, 3, 3}));
  EXPECT_EQ(run_node(network(test::one_node(Pad{{1}, {1}, {0}, 1.0F}, {{1}}),
                             QuantMove{{kHalf}, 1, 9, {}}, {10}),
                     {12}),
            (Bytes8{9, 2, 9}));
}

TEST(IntegerNode, AConcatRescalesEachInput) {
  const QuantMove move{{kAsItIs, kHalf}, 1, 0, {}};
  EXPECT_EQ(run_node(network(test::one_node(Concat{0}, {{1}, {2}}), move, {10, 20}), {12, 24, 30}),
            (Bytes8{3, 3, 6}));
  const QuantMove constants{{kAsItIs, kHalf}, 1, 0, {{}, {24, 30}}};
  EXPECT_EQ(run_node(network(test::one_node(Concat{0}, {{1}}, {{{2}, {}}}), constants, {10, 20}),
                     {12, 13}),
            (Bytes8{3, 3, 6, 4, 3, 6}));
}

TEST(IntegerNode, RescalingSaturatesAndClamps) {
  const QuantMove steep{{{2147483647, 1}}, 0, 0, {}};
  EXPECT_EQ(run_node(network(test::one_node(Repeat{{1}}, {{3}}), steep, {0}), {1, 0, -1}),
            (Bytes8{127, 0, -128}));
}

}  // namespace
}  // namespace systol
