// The integers of each operation, worked out by hand.
#include "host/quantise/node_quantiser.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>

#include "host/quantise/fixed_point.h"
#include "host/quantise/tables.h"
#include "tests/host/graph/small_graphs.h"

namespace systol {
namespace {

/// 255 steps of this size from 0 on: the quantisation is {step, -128}.
ValueRange steps(float step) { return {0.0F, 255.0F * step}; }

struct Quantised {
  Graph graph;
  NodeQuantiser::Result result;

  Quantisation of(TensorId id) const { return result.tensors[index_of(id)]; }
  template <class Operation>
  const Operation& node(std::size_t number) const {
    return std::get<Operation>(result.nodes[number]);
  }
};

/// `ranges` by TensorId.
Quantised quantised(Graph graph, const std::vector<ValueRange>& ranges) {
  NodeQuantiser::Result result = NodeQuantiser(graph, ranges).run();
  return {std::move(graph), std::move(result)};
}

std::string error_of(const Graph& graph) {
  const std::vector<ValueRange> ranges(graph.tensors.size(), steps(1.0F));
  return test::input_error_of([&] { NodeQuantiser(graph, ranges).run(); });
}

TEST(NodeQuantiser, AConvolutionIsAMatmulOfItsWindow) {
  const Quantised result =
      quantised(test::one_node(Convolution{}, {{2, 2, 1}},
                               {{{1, 2, 1, 2}, {127, 1, 127, -127}}, {{2}, {5, 0}}}),
                {steps(1.0F), {}, {}, steps(2.0F)});
  const QuantMatMul& matmul = result.node<QuantConvolution>(0).matmul;
  EXPECT_EQ(matmul.weights, (std::vector<std::int8_t>{127, 1, 127, -127}));
  EXPECT_EQ(matmul.bias, (std::vector<std::int32_t>{5 + 128 * 254, 128 * -126}));
  EXPECT_EQ(matmul.multiplier, (std::vector<std::int32_t>{1 << 30, 1 << 30}));
  EXPECT_EQ(matmul.shift, (std::vector<std::uint8_t>{31, 31}));
  EXPECT_EQ(matmul.zero_point, -128);
}

TEST(NodeQuantiser, WhatIsComparedWithWeightsHasTheirScaleAndZeroPoint) {
  const Quantised within = quantised(test::one_node(MatMul{false, Similarity::L1}, {{2}},
                                                    {{{2, 2}, {3, 0, 255, 7}}, {{2}, {5, -2}}}),
                                     {steps(1.0F), {}, {}, steps(2.0F)});
  const QuantMatMul& matmul = within.node<QuantMatMul>(0);
  EXPECT_EQ(matmul.weights, (std::vector<std::int8_t>{-125, -128, 127, -121}));
  EXPECT_EQ(matmul.bias, (std::vector<std::int32_t>{5, -2}));
  EXPECT_EQ(matmul.multiplier, (std::vector<std::int32_t>{1 << 30, 1 << 30}));
  EXPECT_EQ(matmul.shift, (std::vector<std::uint8_t>{31, 31}));
  EXPECT_EQ(matmul.zero_point, -128);

  const auto scaled_by = [](float factor) {
    return test::one_node(MatMul{false, Similarity::L1}, {{1}},
                          {{{1, 1}, {0}}, {{1}, {6}}, {{1}, {factor}}});
  };
  const Quantised scaled = quantised(scaled_by(4.0F), {steps(1.0F), {}, {}, {}, steps(2.0F)});
  EXPECT_EQ(scaled.node<QuantMatMul>(0).bias, (std::vector<std::int32_t>{2}));  // 1.5
  EXPECT_EQ(scaled.node<QuantMatMul>(0).shift, (std::vector<std::uint8_t>{29}));
  EXPECT_EQ(error_of(scaled_by(-1.0F)),
            "net: node 'n' (matmul): channel 0: found the scale -1, allowed: a positive number");

  const Quantised beyond =
      quantised(test::one_node(MatMul{false, Similarity::L1}, {{1}}, {{{1, 2}, {-245, 10}}}),
                {{0.0F, 5.0F}, {}, steps(1.0F)});
  EXPECT_EQ(beyond.of(beyond.graph.inputs[0]), (Quantisation{1.0F, 117}));
  EXPECT_EQ(beyond.node<QuantMatMul>(0).weights, (std::vector<std::int8_t>{-128, 127}));
}

TEST(NodeQuantiser, AReluAfterAConvolutionIsItsClamp) {
  Graph graph = test::one_node(Convolution{}, {{1, 1, 1}}, {{{1, 1, 1, 1}, {1}}});
  graph.outputs = {graph.add_node("r", Map{Function::Clip, -1.0F, 6.0F}, graph.outputs)};
  const Quantised result = quantised(graph, {steps(1.0F), {}, {-50.0F, 50.0F}, {-1.55F, 1.0F}});
  const QuantMatMul& matmul = result.node<QuantConvolution>(0).matmul;
  EXPECT_EQ(result.of(graph.nodes[0].output), affine({-1.55F, 1.0F}));
  EXPECT_EQ(matmul.zero_point, 27);
  EXPECT_EQ(matmul.minimum, 27 - 100);
  EXPECT_EQ(matmul.maximum, 127);
  EXPECT_TRUE(std::holds_alternative<QuantView>(result.result.nodes[1]));
}

TEST(NodeQuantiser, AProductsTensorsAreSymmetric) {
  const Quantised result = quantised(test::one_node(MatMul{}, {{2, 2}, {2, 2}}),
                                     {{-1.0F, 127.0F}, {-63.5F, 1.0F}, steps(2.0F)});
  EXPECT_EQ(result.of(result.graph.inputs[0]), (Quantisation{1.0F, 0}));
  EXPECT_EQ(result.of(result.graph.inputs[1]), (Quantisation{0.5F, 0}));
  const QuantProduct& product = result.node<QuantProduct>(0);
  EXPECT_EQ(product.rescale, (Rescale{1 << 30, 32}));  // 1 * 0.5 / 2
  EXPECT_EQ(product.zero_point, -128);
  EXPECT_EQ(product.minimum, -128);
}

TEST(NodeQuantiser, ASigmoidThatAProductReadsIsSymmetric) {
  Graph graph = test::one_node(Map{Function::Sigmoid}, {{1, 1}});
  graph.outputs = {graph.add_node("p", MatMul{}, {graph.outputs[0], graph.outputs[0]})};
  const Quantised result = quantised(graph, {steps(1.0F), {0.5F, 1.0F}, steps(1.0F)});
  EXPECT_EQ(result.of(graph.nodes[0].output), symmetric({0.5F, 1.0F}));
  EXPECT_EQ(result.node<QuantMap>(0).table[255], 127);
}

TEST(NodeQuantiser, BinaryNodesWeighTheirInputs) {
  const Quantised sum = quantised(test::one_node(Binary{BinaryFunction::Subtract}, {{1}, {1}}),
                                  {steps(1.0F), steps(0.5F), steps(2.0F)});
  const QuantBinary& binary = sum.node<QuantBinary>(0);
  EXPECT_EQ(binary.a_multiplier, 1 << 20);  // 0.5 * 2^21
  EXPECT_EQ(binary.b_multiplier, -(1 << 19));
  EXPECT_EQ(binary.rescale, (Rescale{1, 21}));
  EXPECT_EQ(binary.zero_point, -128);
}

TEST(NodeQuantiser, AConstantHasItsOwnRange) {
  const Quantised product =
      quantised(test::one_node(Binary{BinaryFunction::Multiply}, {{2}}, {{{2}, {-127.0F, 128.0F}}}),
                {steps(1.0F), {}, steps(4.0F)});
  const QuantBinary& binary = product.node<QuantBinary>(0);
  EXPECT_EQ(product.of(product.graph.constants[0].tensor), (Quantisation{1.0F, -1}));
  EXPECT_EQ(binary.constant, (std::vector<std::int8_t>{-128, 127}));
  EXPECT_EQ(binary.rescale, (Rescale{1 << 30, 32}));
}

TEST(NodeQuantiser, AReluAfterASumIsItsClamp) {
  Graph graph = test::one_node(Binary{}, {{1}, {1}});
  graph.outputs = {graph.add_node("r", Map{Function::Relu}, graph.outputs)};
  const Quantised result = quantised(graph, {steps(1.0F), steps(1.0F), {-9.0F, 9.0F}, steps(2.0F)});
  EXPECT_EQ(result.of(graph.nodes[0].output), (Quantisation{2.0F, -128}));
  EXPECT_EQ(result.node<QuantBinary>(0).minimum, -128);
}

TEST(NodeQuantiser, APoolsMaximumKeepsItsScale) {
  const Pool pool{PoolKind::Maximum, {2, 1}, {}, false};
  const Quantised result =
      quantised(test::one_node(pool, {{2, 1, 1}}), {steps(1.0F), {1.0F, 2.0F}});
  EXPECT_EQ(result.of(result.graph.outputs[0]), (Quantisation{1.0F, -128}));
  EXPECT_TRUE(result.node<QuantPool>(0).rescales.empty());
}

TEST(NodeQuantiser, AnAverageHasARescaleForEachNumberOfValues) {
  const Pool pool{PoolKind::Average, {2, 1}, {}, false};
  const Quantised result = quantised(test::one_node(pool, {{2, 1, 1}}), {steps(1.0F), steps(0.5F)});
  EXPECT_EQ(result.node<QuantPool>(0).rescales,
            (std::vector<Rescale>{{1 << 30, 29}, {1 << 30, 30}}));
  EXPECT_EQ(result.node<QuantPool>(0).zero_point, -128);
  const Quantised mean = quantised(test::one_node(Mean{}, {{1, 4}}), {steps(1.0F), steps(1.0F)});
  EXPECT_EQ(mean.node<QuantPool>(0).rescales.back(), (Rescale{1 << 30, 32}));
  EXPECT_EQ(mean.node<QuantPool>(0).rescales.size(), 4U);
}

TEST(NodeQuantiser, AWindowInAnImagesBordersHasNoMoreValuesThanTheImage) {
  const Window window{{1, 1}, {1, 1}, {1, 0}, {1, 0}};
  const Graph out = test::one_node(Pool{PoolKind::Average, {3, 1}, window, false}, {{2, 1, 1}});
  EXPECT_EQ(quantised(out, {steps(1.0F), steps(1.0F)}).node<QuantPool>(0).rescales.size(), 2U);
  const Graph in = test::one_node(Pool{PoolKind::Average, {3, 1}, window, true}, {{2, 1, 1}});
  EXPECT_EQ(quantised(in, {steps(1.0F), steps(1.0F)}).node<QuantPool>(0).rescales.size(), 3U);
}

TEST(NodeQuantiser, NormaliseHasItsEpsilonInSquaredSteps) {
  const auto of = [](float epsilon, float step) {
    return quantised(test::one_node(Normalise{epsilon}, {{2, 4}}), {steps(step), steps(0x1p-7F)});
  };
  const Quantised result = of(0.5F, 0.25F);
  EXPECT_EQ(result.node<QuantNormalise>(0).epsilon, 128U);                    // 4^2 * 0.5 / 0.25^2
  EXPECT_EQ(result.node<QuantNormalise>(0).rescale, (Rescale{1 << 30, 34}));  // 2^-11 / 2^-7
  EXPECT_EQ(result.node<QuantNormalise>(0).zero_point, -128);
  EXPECT_EQ(of(1.0F, 1e-9F).node<QuantNormalise>(0).epsilon, (std::uint64_t{1} << 46) - 1);
  const Quantised spatial =
      quantised(test::one_node(Normalise{1.0F, true}, {{3, 2, 5}}), {steps(1.0F), steps(1.0F)});
  EXPECT_EQ(spatial.node<QuantNormalise>(0).epsilon, 36U);
}

TEST(NodeQuantiser, WhatIsMovedKeepsItsQuantisation) {
  for (const Operation& operation : {Operation(Slice{{0}, {1}, {1}}), Operation(Transpose{{0}}),
                                     Operation(Repeat{{2}}), Operation(Pad{{1}, {0}, {0}, 3.0F})}) {
    const Quantised result =
        quantised(test::one_node(operation, {{2}}), {steps(2.0F), {0.0F, 3.0F}});
    EXPECT_EQ(result.of(result.graph.outputs[0]), (Quantisation{2.0F, -128}));
    const QuantMove& move = result.node<QuantMove>(0);
    EXPECT_EQ(move.rescales, std::vector<Rescale>{Rescale{}});
    EXPECT_EQ(move.zero_point, -128);
    EXPECT_EQ(move.padding, std::holds_alternative<Pad>(operation) ? -126 : 0);
  }
}

TEST(NodeQuantiser, AConcatRescalesItsInputs) {
  const Graph graph = test::one_node(Concat{0}, {{1}, {1}});
  const Quantised result = quantised(graph, {steps(1.0F), steps(0.5F), steps(1.0F)});
  EXPECT_EQ(result.node<QuantMove>(0).rescales,
            (std::vector<Rescale>{{1 << 30, 30}, {1 << 30, 31}}));
  EXPECT_TRUE(result.node<QuantMove>(0).constants.empty());
  const Quantised alike = quantised(graph, {steps(1.0F), steps(1.0F), steps(3.0F)});
  EXPECT_EQ(alike.of(graph.outputs[0]), (Quantisation{1.0F, -128})) << "nothing is lost";
}

TEST(NodeQuantiser, AConcatHasItsConstants) {
  const Graph graph = test::one_node(Concat{0}, {{1}}, {{{2}, {0.0F, 510.0F}}});
  const Quantised result = quantised(graph, {steps(1.0F), {}, steps(2.0F)});
  EXPECT_EQ(result.node<QuantMove>(0).constants,
            (std::vector<std::vector<std::int8_t>>{{}, {-128, 127}}));
  EXPECT_EQ(result.of(graph.constants[0].tensor), (Quantisation{2.0F, -128}));
  EXPECT_EQ(result.node<QuantMove>(0).rescales.back(), (Rescale{1 << 30, 30}));
}

TEST(NodeQuantiser, RefusesWhatTheNumericsCannotHold) {
  EXPECT_EQ(error_of(test::one_node(Mean{}, {{1'048'577}})),
            "net: node 'n' (mean): an average of 1048577 values; at most 1048576 are supported");
  EXPECT_EQ(error_of(test::one_node(Normalise{}, {{32'769}})),
            "net: node 'n' (normalise): it normalises 32769 values together; at most 32768 are "
            "supported");
  EXPECT_EQ(error_of(test::one_node(MatMul{}, {{1, 131'072}, {131'072, 1}})),
            "net: node 'n' (matmul): 131072 products in a sum; int32 accumulators hold at most "
            "131071");
  EXPECT_EQ(error_of(test::one_node(Convolution{}, {{1, 1, 132'001}},
                                    {{{1, 1, 132'001, 1}, std::vector<float>(132'001)}})),
            "net: node 'n' (convolution): 132001 products in a sum; int32 accumulators hold at "
            "most 132000");
}

TEST(NodeQuantiser, RefusesConstantsThatAreNotFinite) {
  EXPECT_EQ(error_of(test::one_node(Binary{BinaryFunction::Minimum}, {{1}}, {{{1}, {INFINITY}}})),
            "net: node 'n' (minimum): its constant 'k0' has values that are not finite");
  EXPECT_EQ(error_of(test::one_node(Pad{{1}, {0}, {0}, -INFINITY}, {{1}})),
            "net: node 'n' (pad): it adds values that are not finite");
}

}  // namespace
}  // namespace systol
