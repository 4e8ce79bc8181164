#include <gtest/gtest.h>

#include <algorithm>

#include "host/import/given_rows.h"
#include "tests/host/import/workload/workload_text.h"

namespace systol::test {
namespace {

TEST(PlainLayers, DenseTakesEachRowOfASequence) {
  EXPECT_EQ(nodes_of("[5, 8]", "  - dense: {units: 3, bias: false}\n"),
            "dense_1 = matmul(input, dense_1.weights)\n");
  EXPECT_EQ(shape_after("[5, 8]", "  - dense: {units: 3}\n"), (Shape{5, 3}));
  EXPECT_EQ(workload_error("[5, 8, 2]", "  - dense: {units: 3}\n"),
            "w.yaml:5:12: layers[0].dense: its input has shape [5, 8, 2]; dense needs values or a "
            "sequence: flatten it, or use a conv with 'kernel: 1'");
}

TEST(PlainLayers, AnActivationMayBeALayer) {
  EXPECT_EQ(nodes_of("[8]",
                     "  - activation: {activation: leaky_relu, leaky_slope: 0.5}\n"
                     "  - activation: {activation: hard_sigmoid}\n  - softmax: {}\n"),
            "activation_1.leaky_relu = leaky_relu[0.5](input)\n"
            "activation_2.hard_sigmoid = hard_sigmoid[0.16666667, 0.5](activation_1.leaky_relu)\n"
            "softmax_1 = softmax(activation_2.hard_sigmoid)\n");
}

TEST(PlainLayers, TwoLayersMeet) {
  EXPECT_EQ(nodes_of("[4]",
                     "  - dense: {units: 4, name: a}\n"
                     "  - dense: {units: 4, from: input, name: b}\n"
                     "  - add: {with: a, activation: relu}\n"
                     "  - subtract: {with: a}\n  - multiply: {with: a}\n"
                     "  - maximum: {with: a}\n  - minimum: {with: a}\n"),
            "a = matmul(input, a.weights, a.bias)\n"
            "b = matmul(input, b.weights, b.bias)\n"
            "add_1 = add(b, a)\nadd_1.relu = relu(add_1)\n"
            "subtract_1 = subtract(add_1.relu, a)\nmultiply_1 = multiply(subtract_1, a)\n"
            "maximum_1 = maximum(multiply_1, a)\nminimum_1 = minimum(maximum_1, a)\n");
}

TEST(PlainLayers, ANameIsThatOfTheLastLayerOfThisName) {
  EXPECT_EQ(nodes_of("[4]",
                     "  - dense: {units: 4, name: a}\n  - dense: {units: 4, name: a}\n"
                     "  - softmax: {}\n  - add: {with: a}\n"),
            "a = matmul(input, a.weights, a.bias)\na_2 = matmul(a, a_2.weights, a_2.bias)\n"
            "softmax_1 = softmax(a_2)\nadd_1 = add(softmax_1, a_2)\n");
}

TEST(PlainLayers, AMatmulOfTwoActivations) {
  EXPECT_EQ(nodes_of("[5, 8]",
                     "  - matmul: {with: input, transposed: true, activation: softmax}\n"
                     "  - matmul: {with: input}\n"),
            "matmul_1 = matmul[transposed](input, input)\nmatmul_1.softmax = softmax(matmul_1)\n"
            "matmul_2 = matmul(matmul_1.softmax, input)\n");
}

TEST(PlainLayers, InputsAndConstantsStandBesideTheLine) {
  EXPECT_EQ(to_text(workload_of("[2, 4]",
                                "  - input: {name: x, shape: [3, 4]}\n"
                                "  - constant: {name: c, shape: [1, 4]}\n"
                                "  - concat: {with: [x, c], axis: 0}\n")),
            "graph \"w\"\ninput input [2, 4]\ninput x [3, 4]\nconstant c [1, 4]\n"
            "node concat_1 = concat[axis=0](input, x, c)\noutput concat_1\n");
  EXPECT_EQ(workload_error("[4]", "  - constant: {name: c, shape: [4]}\n  - softmax: {}\n"),
            "w: nothing reads constant 'c'");
  EXPECT_EQ(workload_error("[1000000, 2000]", "  - input: {name: x, shape: [1000000, 200]}\n"),
            "w.yaml:5:12: layers[0].input: the inputs have 2200000000 values together; at most "
            "2147483648 are supported");
  EXPECT_EQ(workload_error("[4]", "  - constant: {shape: [4]}\n"),
            "w.yaml:5:15: missing key 'layers[0].constant.name'");
}

TEST(PlainLayers, ValuesMove) {
  EXPECT_EQ(nodes_of("[2, 3, 4]",
                     "  - reshape: {shape: [6, 4]}\n"
                     "  - transpose: {permutation: [1, 0]}\n"
                     "  - slice: {start: [0, 1], size: [2, 2], step: [1, 3]}\n"
                     "  - concat: {with: slice_1}\n  - flatten: {}\n"),
            "reshape_1 = reshape[6, 4](input)\ntranspose_1 = transpose[1, 0](reshape_1)\n"
            "slice_1 = slice[0:2, 1:2:3](transpose_1)\n"
            "concat_1 = concat[axis=1](slice_1, slice_1)\nflatten_1 = reshape[8](concat_1)\n");
}

TEST(PlainLayers, ANormalisationHasAScaleAndAShift) {
  EXPECT_EQ(nodes_of("[2, 4]", "  - layer_norm: {epsilon: 0.5, name: n}\n"),
            "n = normalise[epsilon=0.5](input)\nn.scale = multiply(n, n.gamma)\n"
            "n.shift = add(n.scale, n.beta)\n");
  EXPECT_EQ(nodes_of("[2, 4]", "  - rms_norm: {epsilon: 0.5, name: n}\n"),
            "n.square = multiply(input, input)\nn.mean = mean(n.square)\n"
            "n.epsilon = linear[1, 0.5](n.mean)\nn.root = sqrt(n.epsilon)\n"
            "n.factor = reciprocal(n.root)\nn = multiply(input, n.factor)\n"
            "n.scale = multiply(n, n.gamma)\n");
}

TEST(PlainLayers, TheOutputsMayBeNamed) {
  const Graph graph = workload_of("[4]",
                                  "  - dense: {units: 4, activation: relu, name: a}\n"
                                  "  - dense: {units: 2, name: b}\n",
                                  "outputs: [b, a]");
  EXPECT_EQ(graph.tensor(graph.outputs[0]).name, "b");
  EXPECT_EQ(graph.tensor(graph.outputs[1]).name, "a.relu");
  EXPECT_EQ(workload_error("[4]", "  - dense: {units: 4}\n", "outputs: [dens_1]"),
            "w.yaml:3:11: outputs[0]: no layer before this one is called 'dens_1' (did you mean "
            "'dense_1'?)");
}

TEST(PlainLayers, NamesOfTensorsDoNotMeet) {
  const Graph graph = workload_of("[4]",
                                  "  - dense: {units: 4, name: a.weights}\n"
                                  "  - dense: {units: 4, name: a}\n");
  EXPECT_EQ(graph.tensor(graph.nodes[1].inputs[1]).name, "a.weights_2");
}

TEST(PlainLayers, AnEmbeddingMakesTheInputIndices) {
  const Graph graph = workload_of("[5]",
                                  "  - embedding: {rows: 1000, size: 8}\n"
                                  "  - layer_norm: {name: n}\n");
  EXPECT_EQ(graph.shape(graph.inputs.front()), (Shape{5, 8}));
  ASSERT_EQ(graph.lookups.size(), 1U);
  EXPECT_EQ(graph.lookups.front().input, graph.inputs.front());
  EXPECT_EQ(rows_of(graph, graph.lookups.front()), 1000U);
  // Rows are made up one by one: the same each time, in the input's range, none like another.
  std::vector<float> first(8);
  std::vector<float> again(8);
  put_row(graph, graph.lookups.front(), 999, first);
  put_row(graph, graph.lookups.front(), 999, again);
  EXPECT_EQ(first, again);
  put_row(graph, graph.lookups.front(), 998, again);
  EXPECT_NE(first, again);
  EXPECT_TRUE(std::ranges::all_of(first, [](float value) { return value >= -1 && value < 1; }));
}

TEST(PlainLayers, AnEmbeddingReadsAnInputOfOneAxisAlone) {
  const std::string rest =
      ": an embedding reads the indices of an input of one axis, which nothing else reads; it "
      "reads ";
  EXPECT_EQ(workload_error("[5, 2]", "  - embedding: {rows: 10, size: 8}\n"),
            "w.yaml:5:16: layers[0].embedding" + rest + "'input', of shape [5, 2]");
  EXPECT_EQ(workload_error("[5]",
                           "  - embedding: {rows: 10, size: 8}\n"
                           "  - embedding: {rows: 10, size: 8}\n"),
            "w.yaml:6:16: layers[1].embedding" + rest + "'input', of shape [5, 8]");
  EXPECT_EQ(workload_error("[5]",
                           "  - dense: {units: 5, name: d}\n"
                           "  - embedding: {rows: 10, size: 8, from: input}\n"),
            "w.yaml:6:16: layers[1].embedding" + rest + "'input', of shape [5]");
  EXPECT_EQ(workload_error("[5]", "  - embedding: {rows: 20000000, size: 8}\n"),
            "w.yaml:5:23: layers[0].embedding.rows: found '20000000', allowed: 1 to "
            "16777216");
}

TEST(PlainLayers, ErrorsNameThePlace) {
  const auto error = [](const std::string& layer) {
    return workload_error("[4, 6]", "  - dense: {units: 5, name: a}\n  - " + layer + "\n");
  };
  EXPECT_EQ(error("add: {with: b}"),
            "w.yaml:6:17: layers[1].add.with: no layer before this one is called 'b'");
  EXPECT_EQ(error("add: {with: input}"),
            "w.yaml:6:10: layers[1].add: node 'add_1' (add): shapes [4, 5] and [4, 6] do not fit "
            "each other");
  EXPECT_EQ(error("dense: {units: 3, from: inputs}"),
            "w.yaml:6:29: layers[1].dense.from: no layer before this one is called 'inputs' (did "
            "you mean 'input'?)");
  EXPECT_EQ(error("concat: {with: a, axis: 2}"),
            "w.yaml:6:29: layers[1].concat.axis: found '2', allowed: 0 to 1");
  EXPECT_EQ(error("reshape: {shape: [7, 3]}"),
            "w.yaml:6:14: layers[1].reshape: node 'reshape_1' (reshape): it cannot make [7, 3] of "
            "[4, 5]: the number of values differs");
  EXPECT_EQ(error("transpose: {permutation: [1]}"),
            "w.yaml:6:30: layers[1].transpose.permutation: found a list of 1, allowed: 2");
  EXPECT_EQ(error("activation: {}"), "w.yaml:6:17: missing key 'layers[1].activation.activation'");
}

}  // namespace
}  // namespace systol::test
