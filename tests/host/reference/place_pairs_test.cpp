#include "host/reference/place_pairs.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/host/graph/small_graphs.h"

namespace systol {
namespace {

PlacePairs only_move(Operation operation, const Shape& shape) {
  const Graph graph = test::one_node(std::move(operation), {shape});
  const std::vector<PlacePairs> moves = moves_of(graph, graph.nodes[0]);
  EXPECT_EQ(moves.size(), 1U);
  return moves.front();
}

TEST(PlacePairs, LoopsAreMergedWhereTheyGoOnAlike) {
  EXPECT_EQ(merged({{2, 3, 4}, {12, 4, 1}, {12, 4, 1}}), (PlacePairs{{24}, {1}, {1}}));
  EXPECT_EQ(merged({{2, 1, 4}, {8, 4, 1}, {4, 9, 1}}), (PlacePairs{{2, 4}, {8, 1}, {4, 1}}));
  EXPECT_EQ(merged({{3, 4}, {0, 0}, {4, 1}}), (PlacePairs{{12}, {0}, {1}}));
  EXPECT_EQ(merged({{}, {}, {}, 5, 6}), (PlacePairs{{1}, {0}, {0}, 5, 6}));
}

TEST(PlacePairs, ASliceGoesDownFromItsStart) {
  EXPECT_EQ(only_move(Slice{{1, 4}, {2, 3}, {1, -2}}, {3, 5}),
            (PlacePairs{{2, 3}, {5, -2}, {3, 1}, 9, 0}));
}

TEST(PlacePairs, ATransposeHasItsInputsStridesInAnotherOrder) {
  EXPECT_EQ(only_move(Transpose{{1, 0}}, {2, 3}), (PlacePairs{{3, 2}, {1, 3}, {2, 1}}));
}

TEST(PlacePairs, APadLeavesRoom) {
  EXPECT_EQ(only_move(Pad{{1, 0}, {0, 2}, {2, 1}, 0.0F}, {2, 3}),
            (PlacePairs{{2, 3}, {3, 1}, {21, 2}, 0, 7}))
      << "an output of [5][7]";
}

TEST(PlacePairs, ARepeatReadsAValueSeveralTimes) {
  EXPECT_EQ(only_move(Repeat{{1, 2}}, {2, 3}), (PlacePairs{{6, 2}, {1, 0}, {2, 1}}));
}

TEST(PlacePairs, AConcatHasAMoveForEachInput) {
  const Graph graph = test::one_node(Concat{1}, {{2, 3}, {2, 1}});
  EXPECT_EQ(moves_of(graph, graph.nodes[0]),
            (std::vector<PlacePairs>{{{2, 3}, {3, 1}, {4, 1}, 0, 0}, {{2}, {1}, {4}, 0, 3}}));
}

TEST(PlacePairs, OtherNodesMoveNothing) {
  const Graph graph = test::one_node(Softmax{}, {{3}});
  EXPECT_THROW(moves_of(graph, graph.nodes[0]), std::invalid_argument);
}

TEST(PlacePairs, OperandsAreRepeatedWhereTheyHaveOneValue) {
  const Graph graph = test::one_node(Binary{}, {{4, 1, 5}, {3, 1}});
  EXPECT_EQ(operands_of(graph, graph.nodes[0]), (PlacePairs{{4, 3, 5}, {5, 0, 1}, {0, 1, 0}}));
}

TEST(PlacePairs, RunsBeginInOrder) {
  std::vector<std::pair<std::int64_t, std::int64_t>> runs;
  for_each_run({{2, 2, 9}, {10, 100, 1}, {1, 2, 0}, 7, 0},
               [&](std::int64_t a, std::int64_t b) { runs.emplace_back(a, b); });
  EXPECT_EQ(runs, (std::vector<std::pair<std::int64_t, std::int64_t>>{
                      {7, 0}, {107, 2}, {17, 1}, {117, 3}}));
}

}  // namespace
}  // namespace systol
