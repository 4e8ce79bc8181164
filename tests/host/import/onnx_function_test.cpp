#include <gtest/gtest.h>

#include "tests/host/graph/small_graphs.h"
#include "tests/host/import/onnx_builder.h"

namespace systol {
namespace {

using testing::nodes_of;
using testing::OnnxBuilder;
using testing::set_attribute;

TEST(OnnxFunction, SlopesOfEachChannelAreTwoRelus) {
  OnnxBuilder builder({2, 2, 2});
  builder.floats("s", {2, 1, 1}, {0.5F, 0.25F});
  builder.node("PRelu", {"x", "s"}, "y");
  EXPECT_EQ(nodes_of(builder, "y"), R"(node y.positive = relu(input)
node y.minus = linear[-1, 0](input)
node y.negative = relu(y.minus)
node y.scaled = multiply(y.negative, y.scaled.constant)
node y = subtract(y.positive, y.scaled)
output y
)");
}

TEST(OnnxFunction, ProductsWithAFunctionOfTheSameValue) {
  OnnxBuilder builder({2});
  builder.node("Mish", {"x"}, "a");
  builder.node("Softsign", {"a"}, "b");
  set_attribute(builder.node("ThresholdedRelu", {"b"}, "c"), "alpha", 0.5F);
  set_attribute(builder.node("Celu", {"c"}, "d"), "alpha", 2.0F);
  EXPECT_EQ(nodes_of(builder, "d"), R"(node a.softplus = softplus(input)
node a.tanh = tanh(a.softplus)
node a = multiply(input, a.tanh)
node b.magnitude = abs(a)
node b.sum = linear[1, 1](b.magnitude)
node b.reciprocal = reciprocal(b.sum)
node b = multiply(a, b.reciprocal)
node c.difference = linear[1, -0.5](b)
node c.above = step(c.difference)
node c = multiply(b, c.above)
node d.scaled = linear[0.5, 0](c)
node d.elu = elu[1](d.scaled)
node d = linear[2, 0](d.elu)
output d
)");
}

TEST(OnnxFunction, OneSlopeIsALeakyRelu) {
  OnnxBuilder builder({2});
  builder.floats("s", {1}, {0.5F});
  builder.node("PRelu", {"x", "s"}, "y");
  EXPECT_EQ(nodes_of(builder, "y"), "node y = leaky_relu[0.5](input)\noutput y\n");
}

TEST(OnnxFunction, ClipTakesItsEndsFromInputsOrAttributes) {
  OnnxBuilder builder({2});
  builder.floats("low", {}, {0});
  builder.floats("high", {}, {6});
  builder.node("Clip", {"x", "low", "high"}, "a");
  builder.node("Clip", {"a", "low"}, "b");
  auto& old = builder.node("Clip", {"b"}, "c");
  set_attribute(old, "min", -1.0F);
  set_attribute(old, "max", 1.0F);
  EXPECT_EQ(nodes_of(builder, "c"), R"(node a = clip[0, 6](input)
node b = relu(a)
node c = clip[-1, 1](b)
output c
)");
  set_attribute(builder.node("Clip", {"c", "high", "low"}, "d"), "x", 0.0F);
  EXPECT_EQ(builder.error(), "node 'd' (Clip): its least value 6 is above its largest, 0");
}

TEST(OnnxFunction, SoftmaxOverAnotherAxisMovesItToTheEnd) {
  OnnxBuilder builder({2, 3});
  set_attribute(builder.node("Softmax", {"x"}, "y"), "axis", std::int64_t{1});
  EXPECT_EQ(nodes_of(builder, "y"), R"(node y.transpose = transpose[1, 0](input)
node y = softmax(y.transpose)
node y.transpose_2 = transpose[1, 0](y)
output y.transpose_2
)");
  builder.model.mutable_opset_import(0)->set_version(12);  // all axes from it on, as one
  EXPECT_EQ(nodes_of(builder, "y"), R"(node y.reshape = reshape[1, 6](input)
node y = softmax(y.reshape)
node y.reshape_2 = reshape[2, 3](y)
output y.reshape_2
)");
}

TEST(OnnxFunction, RefusesASoftmaxOverTheBatch) {
  OnnxBuilder builder({2});
  set_attribute(builder.node("Softmax", {"x"}, "y"), "axis", std::int64_t{0});
  EXPECT_EQ(builder.error(),
            "node 'y' (Softmax): it goes over axis 0, which is the batch; samples must be kept "
            "apart");
}

TEST(OnnxFunction, AChoiceAtTheEndIsLeftOut) {
  OnnxBuilder builder({3});
  builder.node("Relu", {"x"}, "r");
  set_attribute(builder.node("ArgMax", {"r"}, "y"), "axis", std::int64_t{1});
  EXPECT_EQ(nodes_of(builder, "y"), "node r = relu(input)\noutput r\n");
  builder.output("y");
  EXPECT_EQ(builder.import().notes,
            std::vector<std::string>{"node 'y' (ArgMax) is left out: predictions are made from the "
                                     "scores"});
  OnnxBuilder within({3});
  set_attribute(within.node("ArgMax", {"x"}, "y"), "axis", std::int64_t{1});
  within.node("Relu", {"y"}, "r");
  EXPECT_EQ(within.error(),
            "node 'y' (ArgMax): a node reads it; it is supported as the last node only");
}

}  // namespace
}  // namespace systol
