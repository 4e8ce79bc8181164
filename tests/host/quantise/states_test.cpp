#include "host/quantise/states.h"

#include <gtest/gtest.h>

#include "host/graph/text.h"
#include "host/graph/verify.h"
#include "host/quantise/quantise.h"

namespace systol {
namespace {

std::shared_ptr<const Graph> graph_of(const char* text) {
  return std::make_shared<const Graph>(graph_from_text(text, "g"));
}

QuantGraph quantised(const char* text, const std::vector<float>& samples) {
  const auto graph = graph_of(text);
  return quantise(graph, samples, samples.size() / graph->input_size());
}

TEST(States, AreReadAndWrittenInOneScaleThatHoldsAllSteps) {
  const QuantGraph graph = quantised(R"(
input x [1]
state h [1] next s
node s = add(x, h)
output s
)",
                                     {1, 1, 1});
  // h is 0, 1, 2 and s 1, 2, 3
  EXPECT_EQ(graph.of(graph.graph->states[0].value), (Quantisation{3.0F / 255.0F, -128}));
  EXPECT_EQ(graph.of(graph.graph->states[0].next), (Quantisation{3.0F / 255.0F, -128}));
  EXPECT_EQ(graph.states, (std::vector<std::vector<std::int8_t>>{{-128}}));
}

TEST(States, ANextValueWithAFixedScaleGetsANodeOfItsOwn) {
  const auto before = graph_of(R"(
input x [2]
state h [2] next t
node s = add(x, h)
node t = tanh(s)
output t
)");
  const auto after = with_own_next_values(before);
  verify(*after);
  ASSERT_EQ(after->nodes.size(), 3U);
  EXPECT_EQ(after->nodes[2].name, "h.next");
  EXPECT_EQ(after->nodes[2].operation, Operation(Map{Function::Linear, 1.0F, 0.0F}));
  EXPECT_EQ(after->nodes[2].inputs, (std::vector<TensorId>{before->nodes[1].output}));
  EXPECT_EQ(after->states[0].next, after->nodes[2].output);
  EXPECT_EQ(with_own_next_values(after), after);
}

TEST(States, WhatNoNodeComputesGetsANode) {
  const auto after = with_own_next_values(graph_of(R"(
input x [2]
state h [2] next x
state g [2] next h
node s = add(x, g)
output s
)"));
  verify(*after);
  ASSERT_EQ(after->nodes.size(), 3U);
  EXPECT_EQ(after->nodes[1].name, "h.next");
  EXPECT_EQ(after->nodes[2].name, "g.next");
}

TEST(States, OneThatAProductReadsHasTheZeroPoint0AsItsNextValueHas) {
  const QuantGraph graph = quantised(R"(
input x [1, 2]
state k [1, 2] next r axis 0
node s = add(x, x)
node r = relu(s)
node a = matmul[transposed](x, k)
node y = matmul(a, k)
output y
)",
                                     {1, 3});
  EXPECT_EQ(graph.of(graph.graph->states[0].value), (Quantisation{6.0F / 127.0F, 0}));
  EXPECT_EQ(graph.of(graph.graph->states[0].next), (Quantisation{6.0F / 127.0F, 0}));
}

}  // namespace
}  // namespace systol
