// Each operation on a few values whose result is worked out by hand.
#include "host/reference/float_node.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <utility>

#include "host/reference/float_network.h"
#include "tests/host/graph/small_graphs.h"

namespace systol {
namespace {

using Floats = std::vector<float>;
using test::ConstantValues;

/// One sample; the values of its inputs one after another.
Floats run(const Graph& graph, const Floats& values) {
  return run_float(graph, values, 1).outputs.front();
}

Floats run(Operation operation, const Shape& shape, const Floats& values) {
  return run(test::one_node(std::move(operation), {shape}), values);
}

constexpr Window kAboveAndRight{{1, 1}, {1, 1}, {1, 0}, {0, 1}};

TEST(FloatNode, AConvolutionHasZerosInItsBorders) {
  const Graph graph = test::one_node(Convolution{kAboveAndRight}, {{2, 2, 1}},
                                     {{{2, 2, 1, 1}, {1, 10, 100, 1000}}, {{1}, {0.5F}}});
  EXPECT_EQ(run(graph, {1, 2, 3, 4}), (Floats{2100.5F, 200.5F, 4321.5F, 402.5F}));
}

TEST(FloatNode, AConvolutionHasStridesAndDilations) {
  const Window window{{1, 2}, {1, 2}, {0, 0}, {0, 0}};
  const Graph graph = test::one_node(Convolution{window}, {{1, 5, 1}}, {{{1, 2, 1, 1}, {1, 10}}});
  EXPECT_EQ(run(graph, {1, 2, 3, 4, 5}), (Floats{31, 53}));
}

TEST(FloatNode, AConvolutionsGroupsReadTheirOwnChannels) {
  const Graph two =
      test::one_node(Convolution{{}, 2}, {{1, 1, 4}}, {{{1, 1, 2, 2}, {1, 10, 2, 20}}});
  EXPECT_EQ(run(two, {1, 2, 3, 4}), (Floats{5, 110}));
  const Graph each = test::one_node(Convolution{{}, 2}, {{1, 2, 2}},
                                    {{{1, 2, 1, 2}, {1, 2, 10, 20}}, {{2}, {0.5F, 0}}});
  EXPECT_EQ(run(each, {1, 2, 3, 4}), (Floats{31.5F, 84}));
  const Graph twice =
      test::one_node(Convolution{{}, 2}, {{1, 1, 2}}, {{{1, 1, 1, 4}, {1, 2, 3, 4}}});
  EXPECT_EQ(run(twice, {1, 10}), (Floats{1, 2, 30, 40}));
}

TEST(FloatNode, DistancesAreSubtracted) {
  const Graph dense = test::one_node(MatMul{false, Similarity::L1}, {{2}},
                                     {{{2, 2}, {1, -4, 3, 2.5F}}, {{2}, {0.5F, 10}}});
  EXPECT_EQ(run(dense, {3, -1}), (Floats{0.5F - 2 - 4, 10 - 7 - 3.5F}));
  const Graph scaled = test::one_node(MatMul{false, Similarity::L1}, {{1}},
                                      {{{1, 2}, {1, -4}}, {{2}, {0.5F, 10}}, {{2}, {2, 0.25F}}});
  EXPECT_EQ(run(scaled, {3}), (Floats{0.5F - 2 * 2, 10 - 7 * 0.25F}));
  const Graph image = test::one_node(Convolution{kAboveAndRight, 1, Similarity::L1}, {{2, 2, 1}},
                                     {{{2, 2, 1, 1}, {1, 2, 3, -4}}});
  // A border is a 0 that is compared as any other value.
  EXPECT_EQ(run(image, {1, 2, 3, 4}),
            (Floats{-(1 + 2 + 2 + 6), -(1 + 2 + 1 + 4), -(0 + 0 + 0 + 8), -(1 + 2 + 1 + 4)}));
  const Graph alone =
      test::one_node(Convolution{{}, 2, Similarity::L1}, {{1, 1, 2}}, {{{1, 1, 1, 2}, {5, -5}}});
  EXPECT_EQ(run(alone, {1, 1}), (Floats{-4, -6}));
}

TEST(FloatNode, PoolsLeaveBordersOut) {
  const Floats image = {-1, -2, -3, -4};
  EXPECT_EQ(run(Pool{PoolKind::Maximum, {2, 2}, kAboveAndRight, false}, {2, 2, 1}, image),
            (Floats{-1, -2, -1, -2}));
  EXPECT_EQ(run(Pool{PoolKind::Average, {2, 2}, kAboveAndRight, false}, {2, 2, 1}, image),
            (Floats{-1.5F, -2, -2.5F, -3}));
  EXPECT_EQ(run(Pool{PoolKind::Average, {2, 2}, kAboveAndRight, true}, {2, 2, 1}, image),
            (Floats{-0.75F, -0.5F, -2.5F, -1.5F}));
}

TEST(FloatNode, PoolsKeepChannelsApart) {
  EXPECT_EQ(run(Pool{PoolKind::Maximum, {1, 2}, {}, false}, {1, 2, 2}, {1, 5, 4, 2}),
            (Floats{4, 5}));
}

TEST(FloatNode, AMaximumShowsWhatIsNotANumber) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const Floats& image : {Floats{nan, 1}, Floats{1, nan}}) {
    EXPECT_TRUE(std::isnan(run(Pool{PoolKind::Maximum, {1, 2}, {}, false}, {1, 2, 1}, image)[0]));
  }
}

Floats joined(BinaryFunction function) {
  return run(test::one_node(Binary{function}, {{2, 1}, {2}}), {1, 5, 2, 3});
}

TEST(FloatNode, TwoTensorsAreJoinedValueByValue) {
  EXPECT_EQ(joined(BinaryFunction::Add), (Floats{3, 4, 7, 8}));
  EXPECT_EQ(joined(BinaryFunction::Subtract), (Floats{-1, -2, 3, 2}));
  EXPECT_EQ(joined(BinaryFunction::Multiply), (Floats{2, 3, 10, 15}));
  EXPECT_EQ(joined(BinaryFunction::Maximum), (Floats{2, 3, 5, 5}));
  EXPECT_EQ(joined(BinaryFunction::Minimum), (Floats{1, 1, 2, 3}));
}

TEST(FloatNode, AConstantIsTheSameForAllSamples) {
  const Graph graph = test::one_node(Binary{BinaryFunction::Subtract}, {{2}}, {{{2}, {10, 20}}});
  EXPECT_EQ(run_float(graph, Floats{1, 2, 3, 4}, 2).outputs.front(), (Floats{-9, -18, -7, -16}));
}

TEST(FloatNode, AMatmulMayReadTwoActivations) {
  const Floats a = {1, 2, 3, 4};
  Floats both = a;
  both.insert(both.end(), {1, 10, 100, 1000});
  EXPECT_EQ(run(test::one_node(MatMul{}, {{2, 2}, {2, 2}}), both), (Floats{201, 2010, 403, 4030}));
  EXPECT_EQ(run(test::one_node(MatMul{true}, {{2, 2}, {2, 2}}), both),
            (Floats{21, 2100, 43, 4300}));
  EXPECT_EQ(run(test::one_node(MatMul{}, {{2, 1, 2}, {2, 2, 1}}), both), (Floats{21, 4300}))
      << "a product for each leading extent";
}

TEST(FloatNode, AMatmulsWeightsServeAllRows) {
  const Graph graph = test::one_node(MatMul{}, {{2, 2}}, {{{2, 1}, {1, 10}}, {{1}, {0.5F}}});
  EXPECT_EQ(run_float(graph, Floats{1, 2, 3, 4, 5, 6, 7, 8}, 2).outputs.front(),
            (Floats{21.5F, 43.5F, 65.5F, 87.5F}));
}

TEST(FloatNode, SoftmaxIsOfEachRow) {
  const Floats shares = run(Softmax{}, {2, 2}, {0, 0, 0, std::log(3.0F)});
  EXPECT_EQ(shares[0], 0.5F);
  EXPECT_FLOAT_EQ(shares[2], 0.25F);
  EXPECT_FLOAT_EQ(shares[3], 0.75F);
}

TEST(FloatNode, NormalisedRowsHaveNoMeanAndAVarianceOfOne) {
  EXPECT_EQ(run(Normalise{0.0F}, {2, 2}, {1, 3, 10, 30}), (Floats{-1, 1, -1, 1}));
  EXPECT_EQ(run(Normalise{3.0F}, {2}, {1, 3}), (Floats{-0.5F, 0.5F}));
  EXPECT_EQ(run(Normalise{0.0F, true}, {1, 2, 2}, {1, 30, 3, 10}), (Floats{-1, 1, 1, -1}));
  EXPECT_EQ(run(Normalise{0.0F}, {2}, {5, 5}), (Floats{0, 0}));
}

TEST(FloatNode, AMeanIsOfTheLastAxis) {
  EXPECT_EQ(run(Mean{}, {2, 2}, {1, 2, 3, 5}), (Floats{1.5F, 4}));
}

TEST(FloatNode, ValuesAreMoved) {
  const Floats six = {1, 2, 3, 4, 5, 6};
  EXPECT_EQ(run(Slice{{1, 2}, {1, 2}, {1, -2}}, {2, 3}, six), (Floats{6, 4}));
  EXPECT_EQ(run(Transpose{{1, 0}}, {2, 3}, six), (Floats{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(run(Repeat{{2, 1}}, {2, 1}, {1, 2}), (Floats{1, 1, 2, 2}));
  EXPECT_EQ(run(Pad{{1}, {2}, {1}, 9.0F}, {2}, {1, 2}), (Floats{9, 1, 9, 2, 9, 9}));
  EXPECT_EQ(run(Reshape{{3, 2}}, {2, 3}, six), six);
  EXPECT_EQ(run(test::one_node(Concat{1}, {{2, 2}, {2, 1}}), six), (Floats{1, 2, 5, 3, 4, 6}));
}

}  // namespace
}  // namespace systol
