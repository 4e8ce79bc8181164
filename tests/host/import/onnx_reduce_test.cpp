#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "host/reference/float_network.h"
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

TEST(OnnxReduce, AMinimumIsAMaximumTurnedRound) {
  OnnxBuilder builder({3, 5});
  auto& least = builder.node("ReduceMin", {"x"}, "y");
  set_attribute(least, "axes", Integers{1});
  set_attribute(least, "keepdims", std::int64_t{0});
  EXPECT_EQ(nodes_of(builder, "y"), R"(node y.values = linear[-1, 0](input)
node y.reshape = reshape[3, 1, 5](y.values)
node y.reduced = max_pool[3x1](y.reshape)
node y = linear[-1, 0](y.reduced)
node y.reshape_2 = reshape[5](y)
output y.reshape_2
)");
}

TEST(OnnxReduce, ALengthIsTheRootOfASumOfSquares) {
  OnnxBuilder builder({3, 5});
  set_attribute(builder.node("ReduceL2", {"x"}, "y"), "axes", Integers{2});
  EXPECT_EQ(nodes_of(builder, "y"), R"(node y.values = power[2](input)
node y.reduced.mean = mean(y.values)
node y.reduced = linear[5, 0](y.reduced.mean)
node y = sqrt(y.reduced)
output y
)");
}

TEST(OnnxReduce, ALogSoftmaxSubtractsTheLogarithmOfASum) {
  OnnxBuilder builder({3, 5});
  builder.node("LogSoftmax", {"x"}, "y");
  builder.output("y");
  const Graph graph = builder.import();
  std::vector<float> x(15);
  std::iota(x.begin(), x.end(), -7.0F);
  const std::vector<float> y = run_float(graph, x, 1).outputs.front();
  double sum = 0.0;
  for (int i = 0; i < 5; ++i) {
    sum += std::exp(static_cast<double>(i));
  }
  for (std::size_t i = 0; i < y.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(y[i]), static_cast<double>(i % 5) - std::log(sum), 1e-5);
  }
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
