#include "host/graph/work.h"

#include <gtest/gtest.h>

#include "host/graph/text.h"

namespace systol::test {
namespace {

Work work_in(std::string_view text) { return total_work(graph_from_text(text, "g.txt")); }

TEST(Work, AMatmulMultipliesEachRowByItsWeights) {
  EXPECT_EQ(work_in("input x [5, 4]\nconstant w [4, 3]\nconstant b [3]\n"
                    "node y = matmul(x, w, b)\noutput y\n"),
            (Work{5 * 4 * 3, 4 * 3, 3, 0}));
}

TEST(Work, AMatmulOfActivationsHasNoWeights) {
  EXPECT_EQ(work_in("input q [2, 5, 4]\ninput k [2, 6, 4]\n"
                    "node y = matmul[transposed](q, k)\noutput y\n"),
            (Work{2 * 5 * 6 * 4, 0, 0, 0}));
}

TEST(Work, AConvolutionMultipliesTheChannelsOfAGroup) {
  EXPECT_EQ(work_in("input x [8, 8, 6]\nconstant w [3, 3, 2, 12]\nconstant b [12]\n"
                    "node y = convolution[stride=2x2, groups=3](x, w, b)\noutput y\n"),
            (Work{3 * 3 * 12 * (3 * 3 * 2), 3 * 3 * 2 * 12, 12, 0}));
}

TEST(Work, OtherNodesMultiplyNothing) {
  EXPECT_EQ(work_in("input x [4, 4, 2]\nconstant s [2]\nnode a = multiply(x, s)\n"
                    "node b = average_pool[4x4](a)\nnode c = softmax(b)\noutput c\n"),
            (Work{0, 0, 0, 2}));
}

TEST(Work, AConstantThatTwoNodesReadCountsOnce) {
  const Graph graph = graph_from_text(
      "input x [4]\nconstant w [4, 4]\nnode a = matmul(x, w)\nnode b = matmul(a, w)\noutput b\n",
      "g.txt");
  EXPECT_EQ(total_work(graph), (Work{2 * 16, 16, 0, 0}));
  EXPECT_EQ(work_of(graph, graph.nodes[1]), (Work{16, 16, 0, 0}));
}

TEST(Work, TheDepthIsTheProductsOfASum) {
  const Graph graph = graph_from_text(
      "input x [8, 8, 6]\nconstant w [3, 3, 2, 12]\nconstant v [12, 5]\n"
      "node c = convolution[groups=3](x, w)\nnode m = matmul(c, v)\nnode r = relu(m)\noutput r\n",
      "g.txt");
  EXPECT_EQ(depth_of(graph, graph.nodes[0]), 18U);
  EXPECT_EQ(depth_of(graph, graph.nodes[1]), 12U);
  EXPECT_EQ(depth_of(graph, graph.nodes[2]), 0U);
}

}  // namespace
}  // namespace systol::test
