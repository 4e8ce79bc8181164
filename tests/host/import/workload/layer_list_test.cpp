#include <gtest/gtest.h>

#include "tests/host/import/workload/workload_text.h"

namespace systol::test {
namespace {

TEST(LayerList, RepeatsLayersAndCountsThem) {
  EXPECT_EQ(nodes_of("[4]",
                     "  - repeat:\n      times: 2\n      layers:\n"
                     "        - dense: {units: 4, name: fc$i.a}\n        - softmax: {}\n"),
            "fc1.a = matmul(input, fc1.a.weights, fc1.a.bias)\nsoftmax_1 = softmax(fc1.a)\n"
            "fc2.a = matmul(softmax_1, fc2.a.weights, fc2.a.bias)\nsoftmax_2 = softmax(fc2.a)\n");
}

TEST(LayerList, AnInnerRepeatCountsAnew) {
  EXPECT_EQ(nodes_of("[4]",
                     "  - repeat:\n      times: 2\n      layers:\n"
                     "        - repeat: {times: $i, layers: [softmax: {name: s$i}]}\n"
                     "        - softmax: {name: t$i}\n"),
            "s1 = softmax(input)\nt1 = softmax(s1)\n"
            "s1_2 = softmax(t1)\ns2 = softmax(s1_2)\nt2 = softmax(s2)\n");
}

constexpr const char* kBlocks = R"(blocks:
  wide:
    - dense: {units: $units, activation: $function, name: b$i}
  both:
    - block: {use: wide, units: $units, function: relu})";

TEST(LayerList, ABlockIsUsedWithItsVariables) {
  EXPECT_EQ(nodes_of(workload_of("[4]",
                                 "  - block: {use: both, units: 3}\n"
                                 "  - block: {use: wide, units: 2, function: none, times: 2}\n",
                                 kBlocks)),
            "b1 = matmul(input, b1.weights, b1.bias)\nb1.relu = relu(b1)\n"
            "b1_2 = matmul(b1.relu, b1_2.weights, b1_2.bias)\n"
            "b2 = matmul(b1_2, b2.weights, b2.bias)\n");
}

TEST(LayerList, AWorkloadHasVariables) {
  const Graph graph = workload_of("[$size]", "  - dense: {units: $size}\n", "variables: {size: 6}");
  EXPECT_EQ(graph.shape(graph.inputs[0]), Shape{6});
  EXPECT_EQ(output_shape(graph), Shape{6});
}

TEST(LayerList, AResidualAddsItsInput) {
  EXPECT_EQ(nodes_of("[4]", "  - residual: {layers: [dense: {units: 4}, softmax: {}]}\n"),
            "dense_1 = matmul(input, dense_1.weights, dense_1.bias)\n"
            "softmax_1 = softmax(dense_1)\nresidual_1 = add(softmax_1, input)\n");
}

TEST(LayerList, AShortcutMayHaveLayers) {
  EXPECT_EQ(nodes_of("[4]",
                     "  - residual:\n      name: r\n      activation: relu\n"
                     "      layers: [dense: {units: 3, name: a}]\n"
                     "      shortcut: [dense: {units: 3, name: b}]\n  - softmax: {}\n"),
            "b = matmul(input, b.weights, b.bias)\na = matmul(input, a.weights, a.bias)\n"
            "r = add(a, b)\nr.relu = relu(r)\nsoftmax_1 = softmax(r.relu)\n");
}

TEST(LayerList, ErrorsOfVariablesNameThePlace) {
  EXPECT_EQ(workload_error("[4]", "  - dense: {units: $unit}\n", "variables: {units: 6}"),
            "w.yaml:5:20: layers[0].dense.units: there is no variable '$unit' here (did you mean "
            "'units'?)");
  EXPECT_EQ(workload_error("[4]", "  - dense: {units: 4, name: \"a$\"}\n"),
            "w.yaml:5:29: layers[0].dense.name: there is no variable '$' here");
  EXPECT_EQ(workload_error("[4]", "  - dense: {units: $size}\n", "variables: {size: big}"),
            "w.yaml:5:20: layers[0].dense.units: found 'big', expected a whole number from 1 "
            "to 1000000 in plain decimal digits");
}

TEST(LayerList, ErrorsOfBlocksNameThePlace) {
  const auto error = [](const std::string& block, const std::string& blocks) {
    return workload_error("[4]", "  - block: {" + block + "}\n", blocks);
  };
  const std::string blocks = "blocks: {wide: [dense: {units: $units}]}";
  EXPECT_EQ(error("use: wode, units: 4", blocks),
            "w.yaml:5:18: layers[0].block.use: no block is called 'wode' (did you mean 'wide'?)");
  EXPECT_EQ(error("use: wide", blocks),
            "w.yaml:3:32: blocks.wide[0].dense.units: there is no variable '$units' here");
  EXPECT_EQ(error("use: wide, units: 4, filters: 3", blocks),
            "w.yaml:5:34: layers[0].block.filters: block 'wide' has no '$filters'");
  EXPECT_EQ(error("units: 4", blocks), "w.yaml:5:12: missing key 'layers[0].block.use'");
  EXPECT_EQ(error("use: wide, units: 4, i: 3", blocks),
            "w.yaml:5:34: layers[0].block.i: $i counts the times; a block is given other "
            "variables");
  EXPECT_EQ(error("use: me", "blocks: {me: [block: {use: me}]}"),
            "w.yaml:3:14: blocks.me: lists of layers in one another, more than 16 deep; does a "
            "block use itself?");
}

TEST(LayerList, AllLayersAreLimitedTogether) {
  const auto repeated = [](int times) {
    return workload_error("[4]", "  - repeat: {times: " + std::to_string(times) +
                                     ", layers: [softmax: {}, softmax: {}]}\n");
  };
  EXPECT_EQ(repeated(500), "no error");
  EXPECT_EQ(repeated(501),
            "w.yaml:5:44: layers[0].repeat.layers[0].softmax: more than 1000 layers; at most 1000 "
            "are supported");
  EXPECT_EQ(repeated(1001),
            "w.yaml:5:21: layers[0].repeat.times: found '1001', allowed: 1 to 1000");
}

}  // namespace
}  // namespace systol::test
