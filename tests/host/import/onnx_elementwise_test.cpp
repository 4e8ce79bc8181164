#include <gtest/gtest.h>

#include <cmath>
#include <limits>

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

/// As exporters write a causal mask: a triangle of ones, and -infinity where it is 0.
void add_causal(OnnxBuilder& builder, bool fill_first) {
  builder.floats("ones", {3, 3}, std::vector<float>(9, 1.0F));
  builder.floats("fill", {}, {-INFINITY});
  set_attribute(builder.node("Trilu", {"ones"}, "triangle"), "upper",
                std::int64_t{fill_first ? 1 : 0});
  builder.integers("one", {1});
  if (fill_first) {  // what lies above the diagonal
    builder.model.mutable_graph()->mutable_node(0)->add_input("one");
  }
  builder.floats("zero", {}, {0});
  builder.node("Greater", {"triangle", "zero"}, "chosen");
  if (fill_first) {
    builder.node("Where", {"chosen", "fill", "x"}, "masked");
  } else {
    builder.node("Where", {"chosen", "x", "fill"}, "masked");
  }
}

TEST(OnnxElementwise, AMaskIsAddedWhereASoftmaxAloneReadsIt) {
  constexpr float kLowest = std::numeric_limits<float>::lowest();
  const std::vector<float> mask{0, kLowest, kLowest, 0, 0, kLowest, 0, 0, 0};
  for (const bool fill_first : {false, true}) {
    OnnxBuilder builder({3, 3});
    add_causal(builder, fill_first);
    set_attribute(builder.node("Softmax", {"masked"}, "y"), "axis", std::int64_t{-1});
    EXPECT_EQ(nodes_of(builder, "y"), R"(node masked = add(input, masked.constant)
node y = softmax(masked)
output y
)");
    builder.output("y");
    EXPECT_EQ(values_of(builder.import(), "masked.constant"), mask);
  }
}

TEST(OnnxElementwise, WhereChoosesByFactorsOfOneAndZero) {
  OnnxBuilder builder({3});
  builder.floats("c", {3}, {1, 0, 1});
  builder.floats("seven", {}, {7});
  builder.node("Relu", {"x"}, "r");
  builder.node("Where", {"c", "seven", "x"}, "a");
  builder.node("Where", {"c", "a", "r"}, "y");
  EXPECT_EQ(nodes_of(builder, "y"), R"(node r = relu(input)
node a.chosen = multiply(input, a.chosen.constant)
node a = add(a.chosen, a.constant)
node y.first = multiply(a, y.first.constant)
node y.second = multiply(r, y.second.constant)
node y = add(y.first, y.second)
output y
)");
  builder.output("y");
  const Graph graph = builder.import();
  EXPECT_EQ(values_of(graph, "a.chosen.constant"), (std::vector<float>{0, 1, 0}));
  EXPECT_EQ(values_of(graph, "a.constant"), (std::vector<float>{7, 0, 7}));
  EXPECT_EQ(values_of(graph, "y.second.constant"), (std::vector<float>{0, 1, 0}));
}

TEST(OnnxElementwise, AComparisonIsAStepOfADifference) {
  OnnxBuilder builder({3});
  builder.floats("c", {}, {0.5F});
  builder.node("Greater", {"x", "c"}, "a");
  builder.node("LessOrEqual", {"x", "c"}, "b");
  builder.node("Xor", {"a", "b"}, "d");
  builder.node("Not", {"d"}, "y");
  EXPECT_EQ(nodes_of(builder, "y"), R"(node a.difference = linear[1, -0.5](input)
node a = step(a.difference)
node b.difference = linear[1, -0.5](input)
node b.differs = step(b.difference)
node b = linear[-1, 1](b.differs)
node d.difference = subtract(a, b)
node d = abs(d.difference)
node y = linear[-1, 1](d)
output y
)");
}

TEST(OnnxElementwise, WhereOfASampleMultipliesByOneAndZero) {
  OnnxBuilder builder({3});
  builder.floats("zero", {}, {0});
  builder.floats("most", {}, {2});
  builder.node("Less", {"x", "zero"}, "negative");
  builder.node("Where", {"negative", "zero", "x"}, "a");
  builder.node("Equal", {"a", "most"}, "is");
  builder.node("Where", {"is", "x", "a"}, "y");
  EXPECT_EQ(nodes_of(builder, "y"), R"(node negative.turned = linear[-1, 0](input)
node negative = step(negative.turned)
node a.otherwise = linear[-1, 1](negative)
node a = multiply(a.otherwise, input)
node is.difference = linear[1, -2](a)
node is.distance = abs(is.difference)
node is.differs = step(is.distance)
node is = linear[-1, 1](is.differs)
node y.first = multiply(is, input)
node y.otherwise = linear[-1, 1](is)
node y.second = multiply(y.otherwise, a)
node y = add(y.first, y.second)
output y
)");
}

TEST(OnnxElementwise, AMaskOfASampleIsAddedWhereASoftmaxAloneReadsIt) {
  OnnxBuilder builder({3, 3});
  builder.floats("zero", {}, {0});
  builder.floats("fill", {}, {-1e9F});
  builder.node("Greater", {"x", "zero"}, "seen");
  builder.node("Where", {"seen", "x", "fill"}, "masked");
  set_attribute(builder.node("Softmax", {"masked"}, "y"), "axis", std::int64_t{-1});
  EXPECT_EQ(nodes_of(builder, "y"), R"(node seen = step(input)
node masked.otherwise = linear[1000000000, -1000000000](seen)
node masked = add(input, masked.otherwise)
node y = softmax(masked)
output y
)");
}

}  // namespace
}  // namespace systol
