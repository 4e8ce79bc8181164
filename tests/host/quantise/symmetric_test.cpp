#include "host/quantise/symmetric.h"

#include <gtest/gtest.h>

#include "host/graph/verify.h"
#include "tests/host/graph/small_graphs.h"

namespace systol {
namespace {

/// softmax -> transpose -> product with another input.
struct SoftmaxProduct {
  Graph graph;
  TensorId scores = graph.add_input("scores", {3, 3});
  TensorId values = graph.add_input("values", {3, 2});
  TensorId shares = graph.add_node("shares", Softmax{}, {scores});
  TensorId turned = graph.add_node("turned", Transpose{{1, 0}}, {shares});
  TensorId product = graph.add_node("product", MatMul{}, {turned, values});

  SoftmaxProduct() {
    graph.name = "net";
    graph.outputs = {product};
  }
};

TEST(Symmetric, ANodeStandsBetweenASoftmaxAndAProduct) {
  const SoftmaxProduct before;
  const auto after = with_symmetric_operands(std::make_shared<const Graph>(before.graph));
  verify(*after);
  ASSERT_EQ(after->nodes.size(), 4U);
  const Node& added = after->nodes[2];
  EXPECT_EQ(added.name, "turned.symmetric");
  EXPECT_EQ(added.operation, Operation(Map{Function::Linear, 1.0F, 0.0F}));
  EXPECT_EQ(added.inputs, (std::vector<TensorId>{before.turned}));
  EXPECT_EQ(after->nodes[3].inputs, (std::vector<TensorId>{added.output, before.values}));
  EXPECT_EQ(after->nodes[3].output, before.product) << "tensors keep their numbers";
}

TEST(Symmetric, OneNodeServesAllProducts) {
  SoftmaxProduct before;
  before.graph.outputs.push_back(
      before.graph.add_node("again", MatMul{}, {before.turned, before.turned}));
  const auto after = with_symmetric_operands(std::make_shared<const Graph>(before.graph));
  verify(*after);
  EXPECT_EQ(after->nodes.size(), 5U);
}

TEST(Symmetric, NamesAreFree) {
  SoftmaxProduct before;
  before.graph.outputs.push_back(
      before.graph.add_node("turned.symmetric", Map{Function::Abs}, {before.product}));
  const auto after = with_symmetric_operands(std::make_shared<const Graph>(before.graph));
  verify(*after);
  EXPECT_EQ(after->nodes[2].name, "turned.symmetric_2");
}

TEST(Symmetric, ABiasOfAProductIsANode) {
  Graph graph = test::one_node(MatMul{}, {{2, 3}, {3, 4}}, {{{4}, {1, 2, 3, 4}}});
  const auto after = with_symmetric_operands(std::make_shared<const Graph>(graph));
  verify(*after);
  ASSERT_EQ(after->nodes.size(), 2U);
  EXPECT_EQ(after->nodes[0].name, "n");
  EXPECT_EQ(after->nodes[1].name, "n.bias");
  EXPECT_EQ(after->nodes[1].operation, Operation(Binary{BinaryFunction::Add}));
  EXPECT_EQ(after->nodes[1].output, graph.outputs.front());
}

TEST(Symmetric, OtherGraphsStayThemselves) {
  const auto graph = std::make_shared<const Graph>(test::one_matmul({2, 1}, {1, 1}, {0}));
  EXPECT_EQ(with_symmetric_operands(graph), graph);
}

TEST(Symmetric, WhatAProductReadsIsSymmetricBackToItsSource) {
  Graph graph = test::one_node(Binary{}, {{2, 3}, {2, 3}});
  const TensorId sums = graph.outputs.front();
  const TensorId relu = graph.add_node("r", Map{Function::Relu}, {sums});
  const TensorId turned = graph.add_node("t", Transpose{{1, 0}}, {relu});
  const TensorId other = graph.add_input("y", {4, 2});
  const TensorId product = graph.add_node("p", MatMul{}, {other, relu});
  const TensorId table = graph.add_node("a", Map{Function::Abs}, {turned});
  graph.outputs = {product, table};
  const std::vector<bool> symmetric = symmetric_tensors(graph, Connections(graph));
  const auto of = [&](TensorId id) { return static_cast<bool>(symmetric[index_of(id)]); };
  EXPECT_TRUE(of(relu));
  EXPECT_TRUE(of(sums)) << "the relu is its clamp";
  EXPECT_TRUE(of(other)) << "an input";
  EXPECT_FALSE(of(graph.inputs[0])) << "a sum has a scale of its own";
  EXPECT_FALSE(of(turned)) << "no product reads it";
  EXPECT_FALSE(of(product));
}

}  // namespace
}  // namespace systol
