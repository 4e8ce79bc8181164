#include "host/quantise/clamp.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/host/graph/small_graphs.h"

namespace systol {
namespace {

/// Whether the function after a matmul is its clamp.
bool clamps(Map map) {
  const Graph graph = test::one_matmul({1, 1}, {1}, {0}, map);
  return is_clamp(graph.nodes[1], Connections(graph));
}

TEST(Clamp, AReluOrAClipAroundZeroIsOne) {
  EXPECT_TRUE(clamps(Map{Function::Relu}));
  EXPECT_TRUE(clamps(Map{Function::Clip, 0.0F, 6.0F}));
  EXPECT_TRUE(clamps(Map{Function::Clip, -INFINITY, 0.0F}));
  EXPECT_FALSE(clamps(Map{Function::Clip, 1.0F, 6.0F}));
  EXPECT_FALSE(clamps(Map{Function::Clip, -3.0F, -1.0F}));
  EXPECT_FALSE(clamps(Map{Function::Clip, NAN, 6.0F}));
  EXPECT_FALSE(clamps(Map{Function::Tanh}));
}

TEST(Clamp, OnlyNodesWithAClampHaveOne) {
  const auto after = [](Operation operation, const Shape& shape) {
    Graph graph = test::one_node(std::move(operation), {shape});
    graph.outputs = {graph.add_node("r", Map{Function::Relu}, graph.outputs)};
    return is_clamp(graph.nodes[1], Connections(graph));
  };
  EXPECT_FALSE(after(Softmax{}, {2}));
  EXPECT_FALSE(after(Map{Function::Abs}, {2}));
  EXPECT_FALSE(after(Reshape{{2, 1}}, {2}));
  Graph graph = test::one_node(Binary{}, {{2}, {2}});
  graph.outputs = {graph.add_node("r", Map{Function::Relu}, graph.outputs)};
  EXPECT_TRUE(is_clamp(graph.nodes[1], Connections(graph)));
  graph.outputs.push_back(graph.nodes[0].output);
  EXPECT_FALSE(is_clamp(graph.nodes[1], Connections(graph))) << "the sums are read elsewhere, too";
}

TEST(Clamp, IsInTheOutputsQuantisation) {
  const Clamp relu = clamp_of(Map{Function::Relu}, {0.1F, -20});
  EXPECT_EQ(relu.minimum, -20);
  EXPECT_EQ(relu.maximum, 127);
  const Clamp clip = clamp_of(Map{Function::Clip, -1.0F, 6.0F}, {0.1F, -20});
  EXPECT_EQ(clip.minimum, -30);
  EXPECT_EQ(clip.maximum, 40);
}

TEST(Clamp, SumsAreCutWhereTheFunctionStandsStill) {
  constexpr ValueRange kWide{-100.0F, 50.0F};
  EXPECT_EQ(useful_range(Map{Function::Sigmoid}, kWide), (ValueRange{-8.0F, 8.0F}));
  EXPECT_EQ(useful_range(Map{Function::Tanh}, kWide), (ValueRange{-4.0F, 4.0F}));
  EXPECT_EQ(useful_range(Map{Function::HardSwish}, kWide), (ValueRange{-3.0F, 50.0F}));
  EXPECT_EQ(useful_range(Map{Function::HardSigmoid, 0.25F, 0.5F}, kWide),
            (ValueRange{-2.0F, 2.0F}));
  EXPECT_EQ(useful_range(Map{Function::Clip, 1.0F, 2.0F}, kWide), (ValueRange{1.0F, 2.0F}));
  EXPECT_EQ(useful_range(Map{Function::Gelu}, kWide), kWide);
  EXPECT_EQ(useful_range(Map{Function::Sigmoid}, {-1.0F, 2.0F}), (ValueRange{-1.0F, 2.0F}));
  EXPECT_EQ(useful_range(Map{Function::Clip, 1.0F, 2.0F}, {5.0F, 6.0F}), (ValueRange{5.0F, 6.0F}))
      << "nothing of it is useful";
}

TEST(Clamp, OfASignBothSignsAreUsefulWhateverWasSeen) {
  const Map sign{Function::Sign};
  EXPECT_EQ(useful_range(sign, {0.0F, 64.0F}), (ValueRange{-1.0F, 1.0F}));
  EXPECT_EQ(useful_range(sign, {0.0F, 64.0F}, true), (ValueRange{-1e-20F, 1e-20F}));
}

}  // namespace
}  // namespace systol
