#include "host/import/limits.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "host/graph/dense.h"
#include "tests/host/graph/small_graphs.h"

namespace systol {
namespace {

/// `count` matmuls of one value.
Graph chain(std::size_t count) {
  Graph graph;
  graph.name = "chain";
  graph.outputs = {graph.add_input("x", {1})};
  for (std::size_t i = 0; i < count; ++i) {
    graph.outputs = {add_dense(graph, fmt::format("fc_{}", i), graph.outputs[0], 1)};
  }
  return graph;
}

std::string limits_error(const Graph& graph) {
  return test::input_error_of([&] { check_limits(graph, "here"); });
}

std::string values_error(const Graph& graph, std::size_t samples) {
  return test::input_error_of([&] { check_values(graph, samples); });
}

TEST(Limits, ANetworkHasAtMostAThousandLayers) {
  EXPECT_EQ(limits_error(chain(1000)), "no error");
  EXPECT_EQ(limits_error(chain(1001)), "here: 1001 layers; at most 1000 are supported");
}

TEST(Limits, ALayerHasInputsThatItsSumsCanHold) {
  EXPECT_EQ(limits_error(test::one_matmul({132'000, 1'000'000}, {}, {})), "no error");
  EXPECT_EQ(limits_error(test::one_matmul({132'001, 1}, {}, {})),
            "here: layer 'd': 132001 inputs; int32 accumulators hold at most 132000");
}

TEST(Limits, AConvolutionsSumsHoldTheWholeWindow) {
  Graph graph;
  graph.name = "net";
  const TensorId image = graph.add_input("x", {5, 5, 10'000});
  const TensorId weights = graph.add_constant("w", {4, 4, 10'000, 1});
  graph.outputs = {graph.add_node("c", Convolution{}, {image, weights})};
  EXPECT_EQ(limits_error(graph),
            "here: layer 'c': 160000 inputs; int32 accumulators hold at most 132000");
}

TEST(Limits, WeightsAreLimitedTogether) {
  Graph graph = test::one_matmul({1 << 14, 1 << 14}, {}, {});
  EXPECT_EQ(values_error(graph, 1), "no error");
  graph.outputs = {add_dense(graph, "e", graph.outputs[0], 1 << 14)};
  EXPECT_EQ(
      values_error(graph, 1),
      "net: 536887296 weights up to 'e.weights'; at most 536870912 are held: ask for time and "
      "traffic only");
}

TEST(Limits, ValuesOfAllSamplesAreLimitedForEachTensor) {
  const Graph graph = test::one_matmul({1, 1 << 14}, {}, {});
  EXPECT_EQ(values_error(graph, 1 << 15), "no error");
  EXPECT_EQ(values_error(graph, (1 << 15) + 1),
            "net: 32769 samples of 'd' have more than 536870912 values: give fewer samples, or ask "
            "for time and traffic only");
  const Graph inputs = test::one_matmul({1 << 14, 1}, {}, {});
  EXPECT_EQ(values_error(inputs, (1 << 15) + 1),
            "net: 32769 samples of 'x' have more than 536870912 values: give fewer samples, or ask "
            "for time and traffic only");
}

/// A topology's layers may be deeper where no values are asked for.
TEST(Limits, ValuesNeedSumsThatCanHoldThem) {
  EXPECT_EQ(values_error(test::one_matmul({132'000, 1}, {}, {}), 1), "no error");
  EXPECT_EQ(values_error(test::one_matmul({132'001, 1}, {}, {}), 1),
            "net: layer 'd': 132001 inputs; int32 accumulators hold at most 132000");
}

}  // namespace
}  // namespace systol
