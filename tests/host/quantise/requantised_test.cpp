#include "host/quantise/requantised.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "host/graph/text.h"
#include "host/graph/verify.h"
#include "host/quantise/quantise.h"
#include "tests/host/graph/small_graphs.h"

namespace systol {
namespace {

constexpr FixedQuantisation kFine{0.5F, 3};
constexpr FixedQuantisation kCoarse{2.0F, -7};

TensorId tensor_of(const Graph& graph, const std::string& name) {
  const auto found = std::ranges::find(graph.tensors, name, &Tensor::name);
  return static_cast<TensorId>(found - graph.tensors.begin());
}

/// The graph's nodes once these tensors have these quantisations.
Graph rewritten(const std::string& text,
                const std::vector<std::pair<std::string, FixedQuantisation>>& fixed) {
  auto graph = std::make_shared<Graph>(graph_from_text(text, "g"));
  for (const auto& [name, quantisation] : fixed) {
    graph->fixed_quantisations[tensor_of(*graph, name)] = quantisation;
  }
  Graph result = *with_fixed_quantisations(graph);
  verify(result);
  return result;
}

const std::string kMoved = R"(input x [4]
node a = abs(x)
node r = reshape[2, 2](a)
output r
)";

TEST(Requantised, AGraphWithoutQuantisationsIsTheSame) {
  const auto graph = std::make_shared<const Graph>(graph_from_text(kMoved, "g"));
  EXPECT_EQ(with_fixed_quantisations(graph), graph);
}

TEST(Requantised, WhatComputesTheValuesTakesTheQuantisationOfWhatMovesThem) {
  const Graph graph = rewritten(kMoved, {{"r", kFine}});
  EXPECT_EQ(graph.nodes.size(), 2U);
  EXPECT_EQ(graph.fixed_quantisations.at(tensor_of(graph, "a")), kFine);
}

TEST(Requantised, TheSameQuantisationOnBothSidesChangesNothing) {
  EXPECT_EQ(rewritten(kMoved, {{"a", kFine}, {"r", kFine}}).nodes.size(), 2U);
}

TEST(Requantised, AnotherQuantisationIsANode) {
  const Graph graph = rewritten(kMoved, {{"a", kCoarse}, {"r", kFine}});
  ASSERT_EQ(graph.nodes.size(), 3U);
  EXPECT_EQ(graph.nodes[2].name, "r.requantised");
  EXPECT_EQ(graph.nodes[2].operation, Operation(Map{Function::Linear, 1.0F, 0.0F}));
  EXPECT_EQ(graph.nodes[2].output, tensor_of(graph, "r"));
  EXPECT_EQ(graph.fixed_quantisations.at(tensor_of(graph, "a")), kCoarse);
}

TEST(Requantised, WhatOthersReadKeepsItsOwn) {
  const Graph graph = rewritten(kMoved + "output a\n", {{"r", kFine}});
  EXPECT_EQ(graph.nodes.size(), 3U);
  EXPECT_FALSE(graph.fixed_quantisations.contains(tensor_of(graph, "a")));
}

TEST(Requantised, ASoftmaxHasItsOwn) {
  const std::string text = "input x [4]\nnode s = softmax(x)\noutput s\n";
  EXPECT_EQ(rewritten(text, {{"s", {1.0F / 256.0F, -128}}}).nodes.size(), 1U);
  EXPECT_EQ(rewritten(text, {{"s", {1.0F / 255.0F, -128}}}).nodes.size(), 2U);
}

TEST(Requantised, TensorsGetWhatTheFileSays) {
  auto graph = std::make_shared<Graph>(graph_from_text(kMoved, "g"));
  graph->fixed_quantisations = {{tensor_of(*graph, "x"), kCoarse},
                                {tensor_of(*graph, "a"), kFine},
                                {tensor_of(*graph, "r"), kCoarse}};
  const QuantGraph result = quantise(graph, std::vector<float>{1, 2, 3, 4}, 1);
  EXPECT_EQ(result.of(tensor_of(*graph, "x")), (Quantisation{2.0F, -7}));
  EXPECT_EQ(result.of(tensor_of(*graph, "a")), (Quantisation{0.5F, 3}));
  EXPECT_EQ(result.of(tensor_of(*graph, "r")), (Quantisation{2.0F, -7}));
}

}  // namespace
}  // namespace systol
