#include "host/import/simplify.h"

#include <gtest/gtest.h>

#include "host/graph/text.h"
#include "host/graph/verify.h"
#include "tests/host/graph/small_graphs.h"

namespace systol {
namespace {

using test::values_of;

/// With these values in its constants, in their order.
Graph graph_of(const std::string& text, const std::vector<std::vector<float>>& values) {
  Graph graph = graph_from_text(text, "g");
  for (std::size_t i = 0; i < values.size(); ++i) {
    graph.constants[i].values = values[i];
  }
  return graph;
}

std::string nodes_after(Graph& graph) {
  simplify(graph);
  verify(graph);
  const std::string text = to_text(graph);
  return text.substr(text.find("node "));
}

const std::string kLayer = R"(input x [2]
constant w [2, 2]
constant b [2]
constant c [2]
node d = matmul(x, w, b)
)";
const std::vector<std::vector<float>> kValues = {{1, 2, 3, 4}, {5, 6}, {10, 20}};

TEST(Simplify, FactorsAndSummandsJoinTheLayerBefore) {
  Graph graph = graph_of(kLayer + R"(node m = multiply(d, c)
node s = subtract(c, m)
node l = linear[2, 1](s)
output l
)",
                         kValues);
  EXPECT_EQ(nodes_after(graph), "node d = matmul(x, w, b)\noutput d\n");
  EXPECT_EQ(values_of(graph, "w"), (std::vector<float>{-20, -80, -60, -160}));
  EXPECT_EQ(values_of(graph, "b"), (std::vector<float>{-79, -199}));
  EXPECT_EQ(graph.constants.size(), 2U);
}

TEST(Simplify, ALayerWithAnotherReaderStays) {
  Graph graph = graph_of(kLayer + R"(node m = multiply(d, c)
node s = add(d, m)
output s
)",
                         kValues);
  EXPECT_EQ(nodes_after(graph), R"(node d = matmul(x, w, b)
node m = multiply(d, c)
node s = add(d, m)
output s
)");
  EXPECT_EQ(values_of(graph, "w"), kValues[0]);
}

TEST(Simplify, AConstantThatWidensItsInputStays) {
  Graph graph = graph_of(R"(input x [2]
constant w [2, 1]
constant b [1]
constant c [2]
node d = matmul(x, w, b)
node m = multiply(d, c)
output m
)",
                         {{1, 2}, {5}, {10, 20}});
  EXPECT_EQ(nodes_after(graph), "node d = matmul(x, w, b)\nnode m = multiply(d, c)\noutput m\n");
}

TEST(Simplify, LinearFunctionsBecomeOne) {
  Graph graph = graph_of(R"(input x [2]
node a = linear[2, 3](x)
node b = linear[5, 7](a)
output b
)",
                         {});
  EXPECT_EQ(nodes_after(graph), "node a = linear[10, 22](x)\noutput a\n");
}

TEST(Simplify, SharedWeightsStay) {
  Graph graph = graph_of(R"(input x [2]
constant w [2, 2]
constant b [2]
constant c [2]
node d = matmul(x, w, b)
node e = matmul(d, w, b)
node m = multiply(e, c)
output m
)",
                         kValues);
  nodes_after(graph);
  EXPECT_EQ(values_of(graph, "w"), kValues[0]);
}

TEST(Simplify, TakesOutWhatNothingReads) {
  Graph graph = graph_of(kLayer + R"(node r = relu(d)
node m = multiply(r, c)
output d
)",
                         kValues);
  graph.fixed_quantisations[graph.nodes[0].output] = {0.5F, 1};
  graph.fixed_quantisations[graph.nodes[1].output] = {0.25F, 2};
  EXPECT_EQ(nodes_after(graph), "node d = matmul(x, w, b)\noutput d\n");
  ASSERT_EQ(graph.fixed_quantisations.size(), 1U);
  EXPECT_EQ(graph.fixed_quantisations.begin()->first, graph.outputs[0]);
}

}  // namespace
}  // namespace systol
