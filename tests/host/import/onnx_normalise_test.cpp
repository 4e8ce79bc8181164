#include <gtest/gtest.h>

#include "tests/host/graph/small_graphs.h"
#include "tests/host/import/onnx_builder.h"

namespace systol {
namespace {

using test::values_of;
using testing::nodes_of;
using testing::OnnxBuilder;
using testing::set_attribute;

/// Two channels: (x - mean) / sqrt(variance + epsilon) * scale + bias.
void add_batch_normalization(OnnxBuilder& builder, const std::string& input) {
  builder.floats("scale", {2}, {3, 1});
  builder.floats("bias", {2}, {1, 0});
  builder.floats("mean", {2}, {2, 1});
  builder.floats("variance", {2}, {4, 1});
  auto& node =
      builder.node("BatchNormalization", {input, "scale", "bias", "mean", "variance"}, "n");
  set_attribute(node, "epsilon", 0.0F);
}

TEST(OnnxNormalise, ABatchNormalizationJoinsTheConvolutionBefore) {
  OnnxBuilder builder({1, 2, 2});
  builder.floats("w", {2, 1, 1, 1}, {10, 20});
  builder.floats("b", {2}, {1, 2});
  builder.node("Conv", {"x", "w", "b"}, "c");
  add_batch_normalization(builder, "c");
  builder.node("GlobalMaxPool", {"n"}, "y");
  EXPECT_EQ(nodes_of(builder, "y"), R"(node c = convolution(input, c.weights, c.bias)
node y = max_pool[2x2](c)
node y.reshape = reshape[2, 1, 1](y)
output y.reshape
)");
  builder.output("y");
  const Graph graph = builder.import();
  EXPECT_EQ(values_of(graph, "c.weights"), (std::vector<float>{15, 20}));
  EXPECT_EQ(values_of(graph, "c.bias"), (std::vector<float>{1 * 1.5F + 1 - 3, 2 - 1}));
}

TEST(OnnxNormalise, ABatchNormalizationStaysWhereSomethingElseReadsItsInput) {
  OnnxBuilder builder({2, 2, 2});
  add_batch_normalization(builder, "x");
  builder.node("Add", {"n", "x"}, "s");
  builder.node("GlobalMaxPool", {"s"}, "y");
  EXPECT_EQ(nodes_of(builder, "y").substr(0, 120),
            R"(node n.scaled = multiply(input, n.scaled.constant)
node n = add(n.scaled, n.constant)
node s = add(n, input)
node y = ma)");
  builder.output("y");
  const Graph graph = builder.import();
  EXPECT_EQ(values_of(graph, "n.scaled.constant"), (std::vector<float>{1.5F, 1}));
  EXPECT_EQ(values_of(graph, "n.constant"), (std::vector<float>{-2, -1}));
}

TEST(OnnxNormalise, ALayerNormalizationIsARowsAndAScale) {
  OnnxBuilder builder({4, 2});
  builder.floats("scale", {2}, {3, 1});
  builder.floats("bias", {2}, {1, 0});
  auto& node = builder.node("LayerNormalization", {"x", "scale", "bias"}, "y");
  set_attribute(node, "epsilon", 0.25F);
  EXPECT_EQ(nodes_of(builder, "y"), R"(node y.normalised = normalise[epsilon=0.25](input)
node y.scaled = multiply(y.normalised, y.scaled.constant)
node y = add(y.scaled, y.constant)
output y
)");
}

TEST(OnnxNormalise, AnInstanceNormalizationIsOfAnImage) {
  OnnxBuilder builder({2, 4, 4});
  builder.floats("scale", {2}, {3, 1});
  builder.floats("bias", {2}, {1, 0});
  builder.node("InstanceNormalization", {"x", "scale", "bias"}, "n");
  builder.node("GlobalMaxPool", {"n"}, "y");
  EXPECT_EQ(nodes_of(builder, "y").substr(0, 45), "node n.normalised = normalise[spatial](input)");
}

TEST(OnnxNormalise, RefusesWhatDoesNotFit) {
  OnnxBuilder builder({3, 2, 2});
  add_batch_normalization(builder, "x");
  EXPECT_EQ(builder.error(),
            "node 'n' (BatchNormalization): its input 2 has shape [2], expected [3]");
  OnnxBuilder negative({2, 2, 2});
  add_batch_normalization(negative, "x");
  negative.model.mutable_graph()->mutable_initializer(3)->set_float_data(1, -1);
  EXPECT_EQ(negative.error(), "node 'n' (BatchNormalization): the variance of channel 1 is -1");
}

}  // namespace
}  // namespace systol
