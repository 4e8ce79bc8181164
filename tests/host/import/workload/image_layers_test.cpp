#include <gtest/gtest.h>

#include "tests/host/import/workload/workload_text.h"

namespace systol::test {
namespace {

TEST(ImageLayers, AConvolutionHasAllItsParameters) {
  EXPECT_EQ(to_text(workload_of("[9, 8, 4]",
                                "  - conv: {filters: 6, kernel: [3, 2], stride: [2, 1], "
                                "padding: [1, 0], dilation: [1, 2], groups: 2, "
                                "activation: relu6, name: c}\n")),
            R"(graph "w"
input input [9, 8, 4]
constant c.weights [3, 2, 2, 6]
constant c.bias [6]
node c = convolution[stride=2x1, dilation=1x2, before=1x0, after=1x0, groups=2](input, c.weights, c.bias)
node c.relu6 = clip[0, 6](c)
output c.relu6
)");
}

TEST(ImageLayers, AConvolutionsDefaultsAreOneAndNone) {
  EXPECT_EQ(nodes_of("[9, 8, 4]", "  - conv: {filters: 6, kernel: 3, bias: false}\n"),
            "conv_1 = convolution(input, conv_1.weights)\n");
  EXPECT_EQ(shape_after("[9, 8, 4]", "  - conv: {filters: 6, kernel: 3, padding: valid}\n"),
            (Shape{7, 6, 6}));
}

/// As TensorFlow's: the larger half of an odd border is after the last row or column.
TEST(ImageLayers, SameKeepsTheSizeDividedByTheStride) {
  EXPECT_EQ(
      nodes_of("[7, 8, 1]", "  - conv: {filters: 1, kernel: 3, padding: same, bias: false}\n"),
      "conv_1 = convolution[before=1x1, after=1x1](input, conv_1.weights)\n");
  EXPECT_EQ(nodes_of("[7, 8, 1]",
                     "  - conv: {filters: 1, kernel: 3, stride: 2, padding: same, bias: false}\n"),
            "conv_1 = convolution[stride=2x2, before=1x0, after=1x1](input, conv_1.weights)\n");
  EXPECT_EQ(
      shape_after("[7, 8, 1]", "  - conv: {filters: 1, kernel: 3, stride: 2, padding: same}\n"),
      (Shape{4, 4, 1}));
  EXPECT_EQ(nodes_of("[7, 8, 1]",
                     "  - conv: {filters: 1, kernel: 3, dilation: 2, padding: same, "
                     "bias: false}\n"),
            "conv_1 = convolution[dilation=2x2, before=2x2, after=2x2](input, conv_1.weights)\n");
  EXPECT_EQ(nodes_of("[7, 8, 1]",
                     "  - conv: {filters: 1, kernel: 1, stride: 3, padding: same, bias: false}\n"),
            "conv_1 = convolution[stride=3x3](input, conv_1.weights)\n");
}

TEST(ImageLayers, ADepthwiseConvolutionHasAGroupForEachChannel) {
  EXPECT_EQ(
      nodes_of("[8, 8, 5]", "  - depthwise: {kernel: 3, padding: 1, multiplier: 2, name: d}\n"),
      "d = convolution[before=1x1, after=1x1, groups=5](input, d.weights, d.bias)\n");
  EXPECT_EQ(shape_after("[8, 8, 5]", "  - depthwise: {kernel: 3, multiplier: 2}\n"),
            (Shape{6, 6, 10}));
}

TEST(ImageLayers, ATransposedConvolutionIsOneOfASpreadImage) {
  EXPECT_EQ(nodes_of("[4, 5, 2]",
                     "  - conv_transpose: {filters: 3, kernel: 4, stride: 2, padding: 1, "
                     "name: t}\n"),
            "t.spread = pad[before=2x2x0, after=2x2x0, between=1x1x0](input)\n"
            "t = convolution(t.spread, t.weights, t.bias)\n");
  const auto shape = [](const std::string& rest) {
    return shape_after("[4, 5, 2]", "  - conv_transpose: {filters: 3, " + rest + "}\n");
  };
  EXPECT_EQ(shape("kernel: 4, stride: 2, padding: 1"), (Shape{8, 10, 3}));
  EXPECT_EQ(shape("kernel: 3"), (Shape{6, 7, 3}));
  EXPECT_EQ(shape("kernel: 3, stride: 2"), (Shape{9, 11, 3}));
  EXPECT_EQ(shape("kernel: 3, stride: 2, padding: 1, output_padding: 1"), (Shape{8, 10, 3}));
  EXPECT_EQ(shape("kernel: 5, stride: 2, padding: same"), (Shape{8, 10, 3}));
  EXPECT_EQ(shape("kernel: 2, stride: 3, padding: same"), (Shape{12, 15, 3}));
  EXPECT_EQ(
      workload_error("[4, 5, 2]", "  - conv_transpose: {filters: 3, kernel: 2, padding: 2}\n"),
      "w.yaml:5:21: layers[0].conv_transpose: a padding of 2 is not below the kernel's extent "
      "of 2");
}

TEST(ImageLayers, APoolsStrideIsItsKernelUnlessItSays) {
  EXPECT_EQ(nodes_of("[9, 8, 4]", "  - max_pool: {kernel: [3, 2]}\n"),
            "max_pool_1 = max_pool[3x2, stride=3x2](input)\n");
  EXPECT_EQ(nodes_of("[9, 8, 4]",
                     "  - average_pool: {kernel: 3, stride: 1, padding: same, "
                     "count_borders: true}\n"),
            "average_pool_1 = average_pool[3x3, before=1x1, after=1x1, count_borders](input)\n");
  EXPECT_EQ(nodes_of("[9, 8, 4]", "  - global_average_pool: {}\n"),
            "global_average_pool_1 = average_pool[9x8](input)\n");
  EXPECT_EQ(shape_after("[9, 8, 4]", "  - global_average_pool: {}\n"), (Shape{1, 1, 4}));
}

TEST(ImageLayers, AnUpsampleRepeatsPixels) {
  EXPECT_EQ(nodes_of("[4, 4, 3]", "  - upsample: {factor: [2, 3]}\n"),
            "upsample_1 = repeat[2, 3, 1](input)\n");
}

TEST(ImageLayers, ErrorsNameThePlace) {
  const auto error = [](const std::string& layer) {
    return workload_error("[8, 8, 6]", "  - " + layer + "\n");
  };
  EXPECT_EQ(error("conv: {kernel: 3}"), "w.yaml:5:11: missing key 'layers[0].conv.filters'");
  EXPECT_EQ(error("conv: {filters: 4}"), "w.yaml:5:11: missing key 'layers[0].conv.kernel'");
  EXPECT_EQ(
      error("conv: {filters: 4, kernel: 3, padding: sane}"),
      "w.yaml:5:44: layers[0].conv.padding: found 'sane' (did you mean 'same'?), expected one "
      "of: same, valid");
  EXPECT_EQ(error("conv: {filters: 4, kernel: [3, 3, 3]}"),
            "w.yaml:5:32: layers[0].conv.kernel: found a list of 3, allowed: 2");
  EXPECT_EQ(error("conv: {filters: 4, kernel: 0}"),
            "w.yaml:5:32: layers[0].conv.kernel: found '0', allowed: 1 to 4096");
  EXPECT_EQ(error("conv: {filters: 4, kernel: 3, groups: 3}"),
            "w.yaml:5:11: layers[0].conv: 6 channels and 4 filters are not both divisible by 3 "
            "groups");
  EXPECT_EQ(error("conv: {filters: 4, kernel: 9}"),
            "w.yaml:5:11: layers[0].conv: node 'conv_1' (convolution): its window spans 9 values, "
            "the image with its borders has 8");
  EXPECT_EQ(error("max_pool: {kernel: 2, count_borders: true}"),
            "w.yaml:5:27: layers[0].max_pool.count_borders: only an average_pool counts borders");
  EXPECT_EQ(workload_error("[8, 6]", "  - conv: {filters: 4, kernel: 3}\n"),
            "w.yaml:5:11: layers[0].conv: its input has shape [8, 6]; it needs an image, [rows, "
            "columns, channels]");
  EXPECT_EQ(workload_error("[8, 8, 100000]", "  - conv: {filters: 4, kernel: 3}\n"),
            "w.yaml:5:11: layers[0].conv: 900000 inputs; int32 accumulators hold at most 132000");
  EXPECT_EQ(workload_error("[4096, 4096, 1]", "  - conv: {filters: 129, kernel: 1}\n"),
            "w.yaml:5:11: layers[0].conv: node 'conv_1' computes [4096, 4096, 129]; at most "
            "2147483648 values are supported");
}

}  // namespace
}  // namespace systol::test
