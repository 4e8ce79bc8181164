#include "host/graph/connections.h"

#include <gtest/gtest.h>

#include "tests/host/graph/small_graphs.h"

namespace systol {
namespace {

TEST(Connections, SayWhatComputesAndReadsATensor) {
  const Graph graph = test::one_matmul({2, 1}, {1, 1}, {0}, Map{Function::Relu});
  const Connections connections(graph);
  const TensorId input = graph.inputs.front();
  const TensorId sums = graph.nodes[0].output;
  const TensorId output = graph.outputs.front();
  EXPECT_EQ(connections.producer(input), nullptr);
  EXPECT_EQ(connections.producer(sums), &graph.nodes[0]);
  EXPECT_EQ(connections.only_reader(input), &graph.nodes[0]);
  EXPECT_EQ(connections.only_reader(sums), &graph.nodes[1]);
  EXPECT_EQ(connections.only_reader(output), nullptr);
  EXPECT_EQ(connections.uses(output), 1U);
  EXPECT_EQ(connections.constant(sums), nullptr);
  EXPECT_EQ(connections.constant(graph.constants[1].tensor), &graph.constants[1]);
}

TEST(Connections, ATensorThatIsReadTwiceHasNoOnlyReader) {
  Graph graph = test::one_matmul({2, 1}, {1, 1}, {0}, Map{Function::Relu});
  const TensorId sums = graph.nodes[0].output;
  graph.outputs.push_back(sums);
  EXPECT_EQ(Connections(graph).only_reader(sums), nullptr);
  graph.outputs.pop_back();
  graph.add_node("square", Binary{BinaryFunction::Multiply}, {sums, sums});
  EXPECT_EQ(Connections(graph).uses(sums), 3U);
  EXPECT_EQ(Connections(graph).only_reader(sums), nullptr);
}

}  // namespace
}  // namespace systol
