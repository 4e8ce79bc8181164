#include "host/import/fuse.h"

#include <gtest/gtest.h>

#include "host/graph/text.h"
#include "host/graph/verify.h"
#include "host/import/simplify.h"

namespace systol {
namespace {

/// The nodes after fusion, without what is no longer read.
std::string fused(const std::string& nodes) {
  Graph graph = graph_from_text("input x [4, 8]\n" + nodes, "g");
  fuse(graph);
  prune(graph);
  verify(graph);
  const std::string text = to_text(graph);
  return text.substr(text.find("node "));
}

TEST(Fuse, SigmoidTimesItsInputIsSilu) {
  EXPECT_EQ(fused("node s = sigmoid(x)\nnode y = multiply(s, x)\noutput y\n"),
            "node y = silu(x)\noutput y\n");
  EXPECT_EQ(fused("node s = sigmoid(x)\nnode y = multiply(s, s)\noutput y\n"),
            "node s = sigmoid(x)\nnode y = multiply(s, s)\noutput y\n");
}

TEST(Fuse, HardSwish) {
  EXPECT_EQ(fused("node s = hard_sigmoid[0.16666667, 0.5](x)\nnode y = multiply(x, s)\noutput y\n"),
            "node y = hard_swish(x)\noutput y\n");
  EXPECT_EQ(fused("node s = hard_sigmoid[0.2, 0.5](x)\nnode y = multiply(x, s)\noutput y\n"),
            "node s = hard_sigmoid[0.2, 0.5](x)\nnode y = multiply(x, s)\noutput y\n");
}

TEST(Fuse, ASignOfARaisedSignIsOneAtZero) {
  const std::string inner = "node a = sign[0](x)\n";
  EXPECT_EQ(fused(inner + "node b = linear[1, 0.5](a)\nnode y = sign[0](b)\noutput y\n"),
            "node y = sign[1](x)\noutput y\n");
  const std::string lowered = "node b = linear[1, -0.5](a)\nnode y = sign[0](b)\noutput y\n";
  EXPECT_EQ(fused(inner + lowered), inner + lowered) << "it is -1 at 0";
}

TEST(Fuse, GeluWithItsHalfInAnyPlace) {
  const std::string erf = "node a = linear[0.70710677, 0](x)\nnode b = erf(a)\n";
  for (const std::string rest :
       {"node c = linear[1, 1](b)\nnode d = multiply(x, c)\nnode y = linear[0.5, 0](d)\n",
        "node c = linear[1, 1](b)\nnode d = linear[0.5, 0](x)\nnode y = multiply(d, c)\n",
        "node c = linear[0.5, 0.5](b)\nnode y = multiply(x, c)\n"}) {
    EXPECT_EQ(fused(erf + rest + "output y\n"), "node y = gelu(x)\noutput y\n") << rest;
  }
}

const std::string kNormalise = R"(node m = mean(x)
node d = subtract(x, m)
node q = power[2](d)
node v = mean(q)
node e = linear[1, 0.001](v)
node s = sqrt(e)
node r = reciprocal(s)
node y = multiply(d, r)
output y
)";

TEST(Fuse, ANormalisationIsOneNode) {
  EXPECT_EQ(fused(kNormalise), "node y = normalise[epsilon=0.001](x)\noutput y\n");
}

TEST(Fuse, WhatIsReadElsewhereStays) {
  EXPECT_EQ(fused(kNormalise + "output d\n"), R"(node m = mean(x)
node d = subtract(x, m)
node y = normalise[epsilon=0.001](x)
output y
output d
)");
}

}  // namespace
}  // namespace systol
