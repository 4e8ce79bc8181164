#include <gtest/gtest.h>

#include "tests/host/graph/small_graphs.h"
#include "tests/host/import/onnx_builder.h"

namespace systol {
namespace {

using test::values_of;
using testing::nodes_of;
using testing::OnnxBuilder;
using testing::set_attribute;
using Integers = std::vector<std::int64_t>;

TEST(OnnxElementwise, ANumberIsALinearFunction) {
  OnnxBuilder builder({3});
  builder.floats("c", {}, {2});
  builder.node("Sub", {"c", "x"}, "a");
  builder.node("Relu", {"a"}, "b");
  builder.node("Div", {"b", "c"}, "d");
  EXPECT_EQ(nodes_of(builder, "d"), R"(node a = linear[-1, 2](input)
node b = relu(a)
node d = linear[0.5, 0](b)
output d
)");
}

TEST(OnnxElementwise, AConstantOfEachChannelFollowsAnImagesOrder) {
  OnnxBuilder builder({2, 1, 3});
  builder.floats("c", {2, 1, 1}, {5, 6});
  builder.floats("d", {2, 1, 3}, {1, 2, 3, 4, 5, 6});
  auto& pool = builder.node("MaxPool", {"x"}, "p");
  set_attribute(pool, "kernel_shape", Integers{1, 1});
  builder.node("Mul", {"p", "c"}, "a");
  builder.node("Sub", {"d", "a"}, "b");
  builder.output("b");
  const Graph graph = builder.import();
  EXPECT_EQ(values_of(graph, "a.constant"), (std::vector<float>{5, 6}));
  EXPECT_EQ(values_of(graph, "b.constant"), (std::vector<float>{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(nodes_of(builder, "b").substr(0, 120), R"(node p = max_pool[1x1](input)
node a = multiply(p, a.constant)
node b = subtract(b.constant, a)
node b.transpose = trans)");
}

TEST(OnnxElementwise, ADivisionByAnActivationTakesItsReciprocal) {
  OnnxBuilder builder({2, 3});
  set_attribute(builder.node("ReduceMean", {"x"}, "m"), "axes", Integers{2});
  builder.node("Div", {"x", "m"}, "y");
  EXPECT_EQ(nodes_of(builder, "y"), R"(node m = mean(input)
node y.reciprocal = reciprocal(m)
node y = multiply(input, y.reciprocal)
output y
)");
}

TEST(OnnxElementwise, SeveralOperandsAreCombinedOneByOne) {
  OnnxBuilder builder({2});
  builder.floats("c", {2}, {1, 2});
  builder.node("Max", {"c", "x", "x"}, "y");
  EXPECT_EQ(nodes_of(builder, "y"), R"(node y.part1 = maximum(y.part1.constant, input)
node y = maximum(y.part1, input)
output y
)");
}

TEST(OnnxElementwise, AConstantMustBeTheSameForAllSamples) {
  OnnxBuilder builder({2});
  builder.floats("c", {2, 2}, {1, 2, 1, 2});
  builder.node("Add", {"x", "c"}, "y");
  builder.output("y");
  EXPECT_EQ(values_of(builder.import(), "y.constant"), (std::vector<float>{1, 2}));
  builder.model.mutable_graph()->mutable_initializer(0)->set_float_data(3, 7);
  EXPECT_EQ(builder.error(), "node 'y' (Add): its constant differs from sample to sample");
}

TEST(OnnxElementwise, RefusesOperandsWhoseBatchesAreDifferentAxes) {
  OnnxBuilder builder({2});
  builder.node("Transpose", {"x"}, "t");
  builder.node("Add", {"x", "t"}, "y");
  EXPECT_EQ(builder.error(), "node 'y' (Add): the batch is not the same axis of its inputs");
}

TEST(OnnxElementwise, PowersAreFunctions) {
  OnnxBuilder builder({2});
  builder.floats("half", {}, {0.5F});
  builder.floats("cube", {1}, {3});
  builder.node("Pow", {"x", "half"}, "a");
  builder.node("Pow", {"a", "cube"}, "b");
  EXPECT_EQ(nodes_of(builder, "b"), "node a = sqrt(input)\nnode b = power[3](a)\noutput b\n");
}

}  // namespace
}  // namespace systol
