#include <gtest/gtest.h>

#include "host/graph/text.h"
#include "host/graph/verify.h"
#include "tests/host/graph/small_graphs.h"
#include "tests/host/import/onnx_builder.h"

namespace systol {
namespace {

using test::values_of;
using testing::OnnxBuilder;
using testing::set_attribute;

/// x [2] times w [2][3].
OnnxBuilder matmul_model() {
  OnnxBuilder builder({2});
  builder.floats("w", {2, 3}, {1, 2, 3, 4, 5, 6});
  builder.node("MatMul", {"x", "w"}, "y");
  return builder;
}

/// The imported graph as text, called "m".
std::string text_of(const OnnxBuilder& builder) {
  Graph graph = builder.import();
  verify(graph);
  graph.name = "m";
  return to_text(graph);
}

TEST(OnnxLowering, MatMulAloneHasZeroBias) {
  OnnxBuilder builder = matmul_model();
  builder.output("y");
  const Graph graph = builder.import();
  EXPECT_EQ(values_of(graph, "y.weights"), (std::vector<float>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(values_of(graph, "y.bias"), (std::vector<float>{0, 0, 0}));
}

TEST(OnnxLowering, AddIsTheBiasOnEitherSideInEveryShape) {
  for (const bool left : {false, true}) {
    for (const auto& shape : {std::initializer_list<std::int64_t>{3}, {1, 3}}) {
      OnnxBuilder builder = matmul_model();
      builder.floats("b", shape, {7, 8, 9});
      if (left) {
        builder.node("Add", {"b", "y"}, "z");
      } else {
        builder.node("Add", {"y", "b"}, "z");
      }
      builder.output("z");
      EXPECT_EQ(values_of(builder.import(), "y.bias"), (std::vector<float>{7, 8, 9}));
    }
  }
}

TEST(OnnxLowering, GemmTakesItsFactorsAndTransposition) {
  OnnxBuilder builder({2});
  builder.floats("w", {3, 2}, {1, 4, 2, 5, 3, 6});
  builder.floats("b", {}, {10});
  auto& gemm = builder.node("Gemm", {"x", "w", "b"}, "y");
  set_attribute(gemm, "alpha", 2.0F);
  set_attribute(gemm, "beta", 0.5F);
  set_attribute(gemm, "transB", std::int64_t{1});
  builder.output("y");
  const Graph graph = builder.import();
  EXPECT_EQ(values_of(graph, "y.weights"), (std::vector<float>{2, 4, 6, 8, 10, 12}));
  EXPECT_EQ(values_of(graph, "y.bias"), (std::vector<float>{5, 5, 5}));
}

TEST(OnnxLowering, ActivationsFollowTheirLayer) {
  OnnxBuilder builder = matmul_model();
  set_attribute(builder.node("LeakyRelu", {"y"}, "z"), "alpha", 0.25F);
  builder.floats("v", {3, 1}, {1, 1, 1});
  builder.node("MatMul", {"z", "v"}, "u");
  builder.node("Sigmoid", {"u"}, "s");
  builder.output("s");
  EXPECT_EQ(text_of(builder), R"(graph "m"
input input [2]
constant y.weights [2, 3]
constant y.bias [3]
constant u.weights [3, 1]
constant u.bias [1]
node y = matmul(input, y.weights, y.bias)
node z = leaky_relu[0.25](y)
node u = matmul(z, u.weights, u.bias)
node s = sigmoid(u)
output s
)");
}

TEST(OnnxLowering, NodesWithoutEffectAreSkipped) {
  OnnxBuilder builder({1, 2, 1});
  builder.floats("w", {2, 3}, {1, 2, 3, 4, 5, 6});
  builder.node("Identity", {"w"}, "w2");
  builder.node("Flatten", {"x"}, "f");
  builder.node("Dropout", {"f"}, "d");
  builder.node("MatMul", {"d", "w2"}, "y");
  builder.integers("target", {0, -1});
  builder.node("Reshape", {"y", "target"}, "r");
  builder.node("Identity", {"r"}, "i");
  builder.node("Softmax", {"i"}, "p");
  builder.output("p");
  EXPECT_EQ(text_of(builder), R"(graph "m"
input input [1, 2, 1]
constant y.weights [2, 3]
constant y.bias [3]
node y.reshape = reshape[2](input)
node y = matmul(y.reshape, y.weights, y.bias)
node p = softmax(y)
output p
)");
}

TEST(OnnxLowering, NodesWithoutNamesOrWithTheSameGetTheirOwn) {
  OnnxBuilder builder = matmul_model();
  builder.floats("v", {3, 3}, std::vector<float>(9));
  builder.node("Relu", {"y"}, "z").set_name("y");
  builder.node("MatMul", {"z", "v"}, "u").clear_name();
  builder.node("Tanh", {"u"}, "t").clear_name();
  builder.output("t");
  EXPECT_EQ(text_of(builder), R"(graph "m"
input input [2]
constant y.weights [2, 3]
constant y.bias [3]
constant matmul_3.weights [3, 3]
constant matmul_3.bias [3]
node y = matmul(input, y.weights, y.bias)
node y_2 = relu(y)
node matmul_3 = matmul(y_2, matmul_3.weights, matmul_3.bias)
node tanh_4 = tanh(matmul_3)
output tanh_4
)");
}

TEST(OnnxLowering, RefusesMoreInputsThanSumsCanHold) {
  OnnxBuilder builder({132'001});
  builder.floats("w", {132'001, 1}, std::vector<float>(132'001));
  builder.node("MatMul", {"x", "w"}, "y");
  builder.output("y");
  EXPECT_EQ(builder.error(),
            "node 'y' (MatMul): 132001 inputs; int32 accumulators hold at most 132000");
}

TEST(OnnxLowering, RefusesWeightsThatDoNotFit) {
  OnnxBuilder builder({4});
  builder.floats("w", {2, 3}, {1, 2, 3, 4, 5, 6});
  set_attribute(builder.node("Gemm", {"x", "w"}, "y"), "transB", std::int64_t{1});
  EXPECT_EQ(builder.error(),
            "node 'y' (Gemm): its input has 4 values a sample, but its weights take 3");
}

TEST(OnnxLowering, RefusesWeightsOfThreeDimensions) {
  OnnxBuilder builder({2});
  builder.floats("w", {2, 2, 3}, std::vector<float>(12));
  builder.node("MatMul", {"x", "w"}, "y");
  EXPECT_EQ(builder.error(),
            "node 'y' (MatMul): its weights have shape [2, 2, 3]; two dimensions are supported");
}

/// x [2][H][W] -> convolution of one output channel -> pool -> a dense layer.
OnnxBuilder image_model() {
  OnnxBuilder builder({2, 4, 4});
  builder.floats("k", {1, 2, 1, 1}, {1, 2});
  builder.node("Conv", {"x", "k"}, "c");
  builder.node("GlobalAveragePool", {"c"}, "g");
  builder.node("Flatten", {"g"}, "f");
  builder.floats("w", {1, 2}, {1, 2});
  builder.node("MatMul", {"f", "w"}, "y");
  return builder;
}

TEST(OnnxLowering, ImagesHaveTheirChannelsLast) {
  OnnxBuilder builder = image_model();
  builder.output("y");
  EXPECT_EQ(text_of(builder), R"(graph "m"
input input [4, 4, 2]
constant c.weights [1, 1, 2, 1]
constant c.bias [1]
constant y.weights [1, 2]
constant y.bias [2]
node c = convolution(input, c.weights, c.bias)
node g = average_pool[4x4](c)
node y.reshape = reshape[1](g)
node y = matmul(y.reshape, y.weights, y.bias)
output y
)");
  EXPECT_EQ(builder.import().input_layouts, std::vector{InputLayout::ChannelsFirst});
}

TEST(OnnxLowering, AnImageOfOneChannelLiesAsItsFile) {
  OnnxBuilder builder({1, 2, 2});
  builder.node("MaxPool", {"x"}, "y").add_attribute()->set_name("kernel_shape");
  builder.model.mutable_graph()->mutable_node(0)->mutable_attribute(0)->add_ints(2);
  builder.model.mutable_graph()->mutable_node(0)->mutable_attribute(0)->add_ints(2);
  builder.output("y");
  EXPECT_TRUE(builder.import().input_layouts.empty());
}

TEST(OnnxLowering, AnImageThatIsGivenOutHasItsChannelsFirst) {
  OnnxBuilder builder({2, 4, 4});
  builder.floats("k", {3, 2, 1, 1}, std::vector<float>(6, 1.0F));
  builder.node("Conv", {"x", "k"}, "c");
  builder.output("c");
  EXPECT_EQ(text_of(builder), R"(graph "m"
input input [4, 4, 2]
constant c.weights [1, 1, 2, 3]
constant c.bias [3]
node c = convolution(input, c.weights, c.bias)
node c.transpose = transpose[2, 0, 1](c)
output c.transpose
)");
}

TEST(OnnxLowering, TheRowsOfWeightsAfterAnImageAreMoved) {
  OnnxBuilder builder({2, 1, 2});
  builder.floats("k", {2, 1, 1, 1}, {1, 1});
  set_attribute(builder.node("Conv", {"x", "k"}, "c"), "group", std::int64_t{2});
  builder.node("Flatten", {"c"}, "f");
  builder.node("Relu", {"f"}, "r");
  builder.floats("w", {4, 1}, {1, 2, 3, 4});  // of channel 0, then of channel 1
  builder.node("MatMul", {"r", "w"}, "y");
  builder.output("y");
  EXPECT_EQ(text_of(builder), R"(graph "m"
input input [1, 2, 2]
constant c.weights [1, 1, 1, 2]
constant c.bias [2]
constant y.weights [4, 1]
constant y.bias [1]
node c = convolution[groups=2](input, c.weights, c.bias)
node r = relu(c)
node y.reshape = reshape[4](r)
node y = matmul(y.reshape, y.weights, y.bias)
output y
)");
  EXPECT_EQ(values_of(builder.import(), "y.weights"), (std::vector<float>{1, 3, 2, 4}));
}

TEST(OnnxLowering, ARowOfAnImageThatIsReadOtherwiseIsMoved) {
  OnnxBuilder builder({2, 1, 2});
  builder.floats("k", {2, 2, 1, 1}, {1, 1, 1, 1});
  builder.node("Conv", {"x", "k"}, "c");
  builder.node("Flatten", {"c"}, "f");
  builder.node("Softmax", {"f"}, "y");
  builder.output("y");
  EXPECT_EQ(text_of(builder), R"(graph "m"
input input [1, 2, 2]
constant c.weights [1, 1, 2, 2]
constant c.bias [2]
node c = convolution(input, c.weights, c.bias)
node y.transpose = transpose[2, 0, 1](c)
node y.reshape = reshape[4](y.transpose)
node y = softmax(y.reshape)
output y
)");
}

TEST(OnnxLowering, NamesAllUnsupportedOperatorsAtOnce) {
  OnnxBuilder builder({2});
  builder.node("Loop", {"x"}, "a");
  builder.node("Nms", {"a"}, "b");
  builder.node("Loop", {"b"}, "c");
  builder.node("Relu", {"c"}, "d").set_domain("com.example");
  const std::string error = builder.error();
  EXPECT_EQ(error.substr(0, error.find(", AveragePool")),
            "it has operators that are not supported: Loop (2 nodes, the first is 'a'), Nms (node "
            "'b'), com.example::Relu (node 'd'); supported are Abs, Add, And, ArgMax");
}

TEST(OnnxLowering, RefusesOfActivationsWhatIsSupportedOfConstants) {
  OnnxBuilder builder({2});
  builder.node("Floor", {"x"}, "y");
  EXPECT_EQ(builder.error(),
            "node 'y' (Floor): it is supported of constants alone, and its input depends on the "
            "sample");
}

TEST(OnnxLowering, RefusesANetworkThatComputesNothing) {
  OnnxBuilder builder({2});
  EXPECT_EQ(builder.error(), "it has no output");
  builder.output("x");
  EXPECT_EQ(builder.error(), "output 'x': it is an input, which no node changes");
  OnnxBuilder constant({2});
  constant.floats("w", {1}, {1});
  constant.output("w");
  EXPECT_EQ(constant.error(), "output 'w': no node computes it from an input");
}

TEST(OnnxLowering, RefusesNamesOfSeveralLines) {
  OnnxBuilder builder = matmul_model();
  builder.node("Relu", {"y"}, "z").set_name("a\nb");
  EXPECT_EQ(builder.error(),
            "node 1: found the name 'a\\x0ab', allowed: UTF-8 without control characters");
}

TEST(OnnxLowering, RefusesWhateverElseAMessageMayShowOnSeveralLines) {
  OnnxBuilder value = matmul_model();
  value.node("Relu", {"y"}, "a\nb").clear_name();
  EXPECT_EQ(value.error(),
            "node 1: found the name 'a\\x0ab', allowed: UTF-8 without control characters");
  OnnxBuilder domain = matmul_model();
  domain.node("Relu", {"y"}, "z").set_domain("a\nb");
  EXPECT_EQ(domain.error(),
            "node 1: found the name 'a\\x0ab', allowed: UTF-8 without control characters");
}

TEST(OnnxLowering, RefusesInputsAndOutputsOfTheGraphWithoutAName) {
  OnnxBuilder input = matmul_model();
  *input.model.mutable_graph()->add_input() = input.model.graph().input(0);
  input.model.mutable_graph()->mutable_input(1)->clear_name();
  EXPECT_EQ(input.error(),
            "found an input of the graph with the name '', allowed: UTF-8 without control "
            "characters, and not empty");
  OnnxBuilder output = matmul_model();
  output.output("a\nb");
  EXPECT_EQ(output.error(),
            "found an output of the graph with the name 'a\\x0ab', allowed: UTF-8 without control "
            "characters, and not empty");
}

TEST(OnnxLowering, RefusesNamesThatAreNotUtf8) {
  OnnxBuilder builder = matmul_model();
  builder.node("Relu", {"y"}, "z").set_name("caf\xE9");
  EXPECT_EQ(builder.error(),
            "node 1: found the name 'caf\\xe9', allowed: UTF-8 without control characters");
}

TEST(OnnxLowering, DimensionsThatLieAreRefusedWithoutTakingMemory) {
  constexpr std::int64_t kHuge = std::int64_t{1} << 40;
  for (const std::int64_t first : {kHuge, std::int64_t{-1}, INT64_MIN, INT64_MAX}) {
    for (const std::string op : {"Gemm", "MatMul"}) {
      OnnxBuilder builder({2});
      builder.floats("w", {first, kHuge}, {1, 2, 3});
      builder.node(op, {"x", "w"}, "y");
      const std::string error = builder.error();
      EXPECT_EQ(error.rfind("node 'y' (" + op + "): constant 'w': its shape is [", 0), 0U) << error;
    }
  }
  // As many values as are allowed, but none of them there.
  OnnxBuilder claims({2});
  claims.floats("w", {2, std::int64_t{1} << 28}, {}).set_raw_data("1234");
  claims.node("Gemm", {"x", "w"}, "y");
  EXPECT_EQ(claims.error(),
            "node 'y' (Gemm): constant 'w': its dimensions ask for 2147483648 bytes, but the file "
            "holds 4");
}

TEST(OnnxLowering, RefusesADropoutThatTrains) {
  OnnxBuilder builder({2});
  auto& training = builder.integers("t", {1});
  training.set_data_type(onnx::TensorProto::BOOL);
  training.clear_int64_data();
  training.add_int32_data(1);
  builder.node("Dropout", {"x", "", "t"}, "y");
  EXPECT_EQ(builder.error(),
            "node 'y' (Dropout): it is in training mode; export the model for inference");
}

TEST(OnnxLowering, RefusesFactorsThatOverflow) {
  OnnxBuilder builder({1});
  builder.floats("w", {1, 1}, {1e30F});
  set_attribute(builder.node("Gemm", {"x", "w"}, "y"), "alpha", 1e30F);
  builder.output("y");
  EXPECT_EQ(builder.error(),
            "constant 'y.weights': a layer's weights and bias, once scaled and added up, must be "
            "finite float32 numbers");
}

TEST(OnnxLowering, BoundsTheLayersThatShareOneConstant) {
  OnnxBuilder builder({1});
  builder.floats("w", {1, 1}, {1});
  std::string last = "x";
  for (int i = 0; i < 1001; ++i) {
    const std::string next = "y" + std::to_string(i);
    builder.node("MatMul", {last, "w"}, next);
    last = next;
  }
  EXPECT_EQ(builder.error(),
            "node 'y1000': the network is too large; at most 1000 layers and 100000 nodes are "
            "supported");
}

}  // namespace
}  // namespace systol
