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

TEST(OnnxConv, WeightsGetTheirChannelsLast) {
  OnnxBuilder builder({2, 3, 3});
  builder.floats("w", {1, 2, 1, 2}, {1, 2, 3, 4});  // [O][I][h][w]
  auto& conv = builder.node("Conv", {"x", "w"}, "y");
  set_attribute(conv, "strides", Integers{2, 1});
  set_attribute(conv, "pads", Integers{1, 0, 0, 3});
  set_attribute(conv, "dilations", Integers{1, 2});
  builder.node("Relu", {"y"}, "r");
  builder.node("GlobalMaxPool", {"r"}, "z");
  EXPECT_EQ(
      nodes_of(builder, "z"),
      R"(node y = convolution[stride=2x1, dilation=1x2, before=1x0, after=0x3](input, y.weights, y.bias)
node r = relu(y)
node z = max_pool[2x4](r)
output z
)");
  builder.output("z");
  EXPECT_EQ(values_of(builder.import(), "y.weights"), (std::vector<float>{1, 3, 2, 4}));
}

TEST(OnnxConv, SameBordersFollowTheImage) {
  OnnxBuilder builder({1, 5, 5});
  builder.floats("w", {1, 1, 2, 4}, std::vector<float>(8));
  auto& conv = builder.node("Conv", {"x", "w"}, "y");
  set_attribute(conv, "auto_pad", std::string("SAME_LOWER"));
  set_attribute(conv, "strides", Integers{1, 2});
  EXPECT_EQ(nodes_of(builder, "y").substr(0, 71),
            "node y = convolution[stride=1x2, before=1x2, after=0x1](input, y.weight");
}

TEST(OnnxConv, OneImageAxisIsARowOfAnImage) {
  OnnxBuilder builder({2, 8});
  builder.floats("w", {3, 2, 3}, std::vector<float>(18));
  builder.floats("v", {1, 3, 3}, std::vector<float>(9));
  builder.node("Conv", {"x", "w"}, "c");
  builder.node("Relu", {"c"}, "r");
  builder.node("Conv", {"r", "v"}, "y");
  EXPECT_EQ(nodes_of(builder, "y"), R"(node c.reshape = reshape[1, 8, 2](input)
node c = convolution(c.reshape, c.weights, c.bias)
node r = relu(c)
node y = convolution(r, y.weights, y.bias)
node y.reshape_2 = reshape[1, 4](y)
output y.reshape_2
)");
}

TEST(OnnxConv, ATransposedOneIsAConvolutionOfASpreadImage) {
  OnnxBuilder builder({1, 2, 2});
  builder.floats("w", {1, 1, 2, 2}, {1, 2, 3, 4});
  auto& conv = builder.node("ConvTranspose", {"x", "w"}, "y");
  set_attribute(conv, "strides", Integers{2, 2});
  set_attribute(conv, "output_padding", Integers{1, 0});
  set_attribute(conv, "pads", Integers{0, 1, 0, 1});
  EXPECT_EQ(nodes_of(builder, "y"), R"(node y.spread = pad[before=0x0x0, between=1x1x0](input)
node y = convolution[before=1x0, after=2x0](y.spread, y.weights, y.bias)
node y.reshape = reshape[1, 5, 2](y)
output y.reshape
)");
  builder.output("y");
  EXPECT_EQ(values_of(builder.import(), "y.weights"), (std::vector<float>{4, 3, 2, 1}));
}

TEST(OnnxConv, WiderBordersThanTheKernelCutTheResult) {
  OnnxBuilder builder({1, 4, 4});
  builder.floats("w", {1, 1, 1, 1}, {2});
  auto& conv = builder.node("ConvTranspose", {"x", "w"}, "y");
  set_attribute(conv, "pads", Integers{1, 0, 0, 2});
  EXPECT_EQ(nodes_of(builder, "y"), R"(node y = convolution(input, y.weights, y.bias)
node y.crop = slice[1:3, 0:2, 0:1](y)
node y.crop.reshape = reshape[1, 3, 2](y.crop)
output y.crop.reshape
)");
}

TEST(OnnxConv, RefusesWhatDoesNotFit) {
  OnnxBuilder builder({3, 4, 4});
  builder.floats("w", {2, 1, 1}, {1, 2});
  auto& conv = builder.node("Conv", {"x", "w"}, "y");
  EXPECT_EQ(builder.error(),
            "node 'y' (Conv): its weights have shape [2, 1, 1], its input has 4 axes");
  builder.floats("v", {2, 3, 1, 1}, std::vector<float>(6));
  conv.set_input(1, "v");
  set_attribute(conv, "group", std::int64_t{2});
  EXPECT_EQ(builder.error(),
            "node 'y' (Conv): group=2 does not divide its 3 input channels and its weights' 2");
  conv.clear_attribute();
  set_attribute(conv, "kernel_shape", Integers{3, 3});
  EXPECT_EQ(builder.error(),
            "node 'y' (Conv): its attribute 'kernel_shape' is not that of its weights, "
            "[2, 3, 1, 1]");
  conv.clear_attribute();
  set_attribute(conv, "pads", Integers{-1, 0, 0, 0});
  EXPECT_EQ(builder.error(), "node 'y' (Conv): its borders must be 0 to 1048576");
  conv.clear_attribute();
  set_attribute(conv, "strides", Integers{0, INT64_MAX});
  EXPECT_EQ(builder.error(),
            "node 'y' (Conv): its attribute 'strides' has the value 0; supported are 1 to 1048576");
}

TEST(OnnxConv, RefusesImagesOfThreeAxes) {
  OnnxBuilder builder({1, 2, 2, 2});
  builder.floats("w", {1, 1, 1, 1, 1}, {1});
  builder.node("Conv", {"x", "w"}, "y");
  EXPECT_EQ(builder.error(),
            "node 'y' (Conv): its input has shape [1, 1, 2, 2, 2]; supported are [N, C, H, W] and "
            "[N, C, L]");
}

}  // namespace
}  // namespace systol
