#include <gtest/gtest.h>

#include "tests/host/graph/small_graphs.h"
#include "tests/host/import/onnx_builder.h"

namespace systol {
namespace {

using testing::nodes_of;
using testing::OnnxBuilder;
using testing::set_attribute;
using Integers = std::vector<std::int64_t>;

/// x [3][4], of a batch of `batch`, reshaped to `target` and multiplied by weights [4][1].
OnnxBuilder reshape_model(std::int64_t batch, const Integers& target) {
  OnnxBuilder builder({3, 4});
  auto* type = builder.model.mutable_graph()->mutable_input(0)->mutable_type();
  type->mutable_tensor_type()->mutable_shape()->mutable_dim(0)->set_dim_value(batch);
  builder.integers("t", target);
  builder.node("Reshape", {"x", "t"}, "r");
  builder.floats("w", {4, 1}, {1, 1, 1, 1});
  builder.node("MatMul", {"r", "w"}, "y");
  return builder;
}

TEST(OnnxReshape, ABatchThatTheModelFixesIsOneSample) {
  const std::string rows = R"(node y = matmul(input, y.weights, y.bias)
output y
)";
  EXPECT_EQ(nodes_of(reshape_model(8, {8, 3, 4}), "y"), rows);
  EXPECT_EQ(nodes_of(reshape_model(8, {24, 4}), "y"), rows);
  EXPECT_EQ(nodes_of(reshape_model(8, {-1, 4}), "y"), rows);
  EXPECT_EQ(reshape_model(8, {23, 4}).error(),
            "node 'r' (Reshape): its target [23, 4] does not fit an input of shape [1, 3, 4]");
}

TEST(OnnxReshape, AnExportersArithmeticWithShapesDisappears) {
  OnnxBuilder builder({3, 4});
  builder.node("Shape", {"x"}, "shape");
  builder.integers("first", {0}).clear_dims();
  builder.integers("axes", {0});
  builder.integers("rest", {-1});
  builder.node("Gather", {"shape", "first"}, "n");
  builder.node("Unsqueeze", {"n", "axes"}, "n1");
  set_attribute(builder.node("Concat", {"n1", "rest"}, "t"), "axis", std::int64_t{0});
  builder.node("Reshape", {"x", "t"}, "r");
  builder.node("Softmax", {"r"}, "y");
  EXPECT_EQ(nodes_of(builder, "y"), R"(node y.reshape = reshape[12](input)
node y = softmax(y.reshape)
output y
)");
}

TEST(OnnxReshape, AxesOfOneComeAndGoWithoutNodes) {
  OnnxBuilder builder({3});
  builder.integers("axes", {1, -1});
  builder.integers("back", {3});
  builder.node("Unsqueeze", {"x", "axes"}, "u");
  builder.node("Squeeze", {"u", "back"}, "s");
  builder.node("Relu", {"s"}, "r");
  builder.node("Squeeze", {"r"}, "y");
  EXPECT_EQ(nodes_of(builder, "y"), "node r = relu(input)\noutput r\n");
  builder.model.mutable_graph()->mutable_initializer(1)->set_int64_data(0, 2);
  EXPECT_EQ(builder.error(), "node 's' (Squeeze): axis 2 of shape [1, 1, 3, 1] is not of extent 1");
}

}  // namespace
}  // namespace systol
