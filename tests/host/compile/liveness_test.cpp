#include "host/compile/liveness.h"

#include <gtest/gtest.h>

#include "host/graph/text.h"

namespace systol {
namespace {

/// A trunk that is read twice, first by a branch that ends at once.
constexpr const char* kBranches = R"(graph "branches"
input x [8]
constant w1 [8, 6]
constant w2 [6, 5]
constant w3 [6, 4]
node trunk = matmul(x, w1)
node relu = relu(trunk)
node left = matmul(relu, w2)
node right = matmul(relu, w3)
output left
output right
)";

TEST(Liveness, OfAChainIsTheStepThatWritesAndTheOneThatReads) {
  const Graph graph = graph_from_text(R"(graph "chain"
input x [8]
constant w1 [8, 6]
constant w2 [6, 5]
node a = matmul(x, w1)
node b = matmul(a, w2)
node p = softmax(b)
output p
)",
                                      "chain");
  const Steps steps = steps_of(graph);
  EXPECT_EQ(lifetimes_of(graph, steps), (std::vector<Lifetime>{{graph.inputs[0], 8, 0, 0},
                                                               {graph.nodes[0].output, 6, 0, 1},
                                                               {graph.nodes[1].output, 5, 1, 2},
                                                               {graph.nodes[2].output, 5, 2, 3}}));
  EXPECT_EQ(peak_bytes(lifetimes_of(graph, steps)), 14U);
}

TEST(Liveness, ATensorLivesToItsLastReaderAndAnOutputToTheEnd) {
  const Graph graph = graph_from_text(kBranches, "branches");
  const Steps steps = steps_of(graph);
  ASSERT_EQ(steps.steps.size(), 3U);
  EXPECT_EQ(lifetimes_of(graph, steps), (std::vector<Lifetime>{{graph.inputs[0], 8, 0, 0},
                                                               {graph.nodes[1].output, 6, 0, 2},
                                                               {graph.nodes[2].output, 5, 1, 3},
                                                               {graph.nodes[3].output, 4, 2, 3}}));
  EXPECT_EQ(peak_bytes(lifetimes_of(graph, steps)), 6U + 5U + 4U);
}

TEST(Liveness, BytesAreThoseOfAllThatExistsInAStep) {
  // The last one is an output, which exists after the last step, too.
  const std::vector<Lifetime> lifetimes{{{}, 10, 0, 1, 0}, {{}, 3, 1, 1, 100}, {{}, 5, 2, 3, 0}};
  EXPECT_EQ(bytes_by_step(lifetimes, 3, 1), (std::vector<std::uint64_t>{10, 113, 5}));
  EXPECT_EQ(bytes_by_step(lifetimes, 3, 2), (std::vector<std::uint64_t>{20, 126, 10}));
  EXPECT_EQ(peak_bytes(lifetimes), 13U);
}

}  // namespace
}  // namespace systol
