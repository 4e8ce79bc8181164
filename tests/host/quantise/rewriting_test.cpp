#include "host/quantise/rewriting.h"

#include <gtest/gtest.h>

#include "host/graph/text.h"

namespace systol {
namespace {

const Graph kGraph = graph_from_text(R"(input x [4]
node a = abs(x)
node r = reshape[2, 2](a)
node t = transpose[1, 0](r)
node y = sigmoid(t)
output y
)",
                                     "g");

TEST(Rewriting, WhatMovesValuesLeadsToWhatComputesThem) {
  const Connections connections(kGraph);
  const TensorId a = kGraph.nodes[0].output;
  const TensorId r = kGraph.nodes[1].output;
  const TensorId t = kGraph.nodes[2].output;
  EXPECT_EQ(unchanged_from(t, connections), (std::vector<TensorId>{t, r, a}));
  EXPECT_EQ(unchanged_from(a, connections), (std::vector<TensorId>{a}));
}

TEST(Rewriting, ARequantisingNodeHasAFreeName) {
  Graph after = kGraph;
  const TensorId input = kGraph.inputs[0];
  const TensorId copy = add_tensor(after, "x", input);
  EXPECT_EQ(after.tensor(copy), (Tensor{"x_2", {4}}));
  const Node node = requantising(kGraph, after, "a", input, copy);
  EXPECT_EQ(node.name, "a_2");
  EXPECT_EQ(node.operation, Operation(Map{Function::Linear, 1.0F, 0.0F}));
  EXPECT_EQ(node.inputs, (std::vector<TensorId>{input}));
  EXPECT_EQ(node.output, copy);
}

}  // namespace
}  // namespace systol
