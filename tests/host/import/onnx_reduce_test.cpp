#include <gtest/gtest.h>

#include "tests/host/graph/small_graphs.h"
#include "tests/host/import/onnx_builder.h"

namespace systol {
namespace {

using testing::nodes_of;
using testing::OnnxBuilder;
using testing::set_attribute;
using Integers = std::vector<std::int64_t>;

TEST(OnnxReduce, AMeanOverAnImageIsAPool) {
  OnnxBuilder builder({2, 4, 4});
  auto& pool = builder.node("MaxPool", {"x"}, "p");
  set_attribute(pool, "kernel_shape", Integers{2, 2});
  auto& mean = builder.node("ReduceMean", {"p"}, "y");
  set_attribute(mean, "axes", Integers{2, 3});
  set_attribute(mean, "keepdims", std::int64_t{0});
  EXPECT_EQ(nodes_of(builder, "y"), R"(node p = max_pool[2x2](input)
node y.reshape = reshape[9, 1, 2](p)
node y = average_pool[9x1](y.reshape)
node y.reshape_2 = reshape[2](y)
output y.reshape_2
)");
}

TEST(OnnxReduce, AMeanOverTheLastAxisIsAMean) {
  OnnxBuilder builder({3, 5});
  set_attribute(builder.node("ReduceMean", {"x"}, "y"), "axes", Integers{-1});
  EXPECT_EQ(nodes_of(builder, "y"), "node y = mean(input)\noutput y\n");
}

TEST(OnnxReduce, ASumIsAMeanTimesTheNumberOfValues) {
  OnnxBuilder builder({3, 5});
  builder.integers("axes", {2});
  builder.node("ReduceSum", {"x", "axes"}, "y");
  EXPECT_EQ(nodes_of(builder, "y"), R"(node y.mean = mean(input)
node y = linear[5, 0](y.mean)
output y
)");
}

TEST(OnnxReduce, RefusesTheBatch) {
  OnnxBuilder builder({3});
  builder.node("ReduceMean", {"x"}, "y");
  EXPECT_EQ(builder.error(),
            "node 'y' (ReduceMean): it reduces axis 0, which is the batch; samples must be kept "
            "apart");
}

}  // namespace
}  // namespace systol
