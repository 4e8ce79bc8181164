#include <gtest/gtest.h>

#include <cmath>

#include "host/import/given_rows.h"
#include "tests/host/import/workload/workload_text.h"

namespace systol::test {
namespace {

TEST(Attention, IsMatmulsAndASoftmax) {
  EXPECT_EQ(nodes_of("[5, 8]", "  - attention: {heads: 2, name: a}\n"),
            R"(a.query = matmul(input, a.query.weights, a.query.bias)
a.query.scaled = linear[0.5, 0](a.query)
a.query.split = reshape[5, 2, 4](a.query.scaled)
a.query.heads = transpose[1, 0, 2](a.query.split)
a.query.grouped = reshape[2, 5, 4](a.query.heads)
a.key = matmul(input, a.key.weights, a.key.bias)
a.key.split = reshape[5, 2, 4](a.key)
a.key.heads = transpose[1, 0, 2](a.key.split)
a.value = matmul(input, a.value.weights, a.value.bias)
a.value.split = reshape[5, 2, 4](a.value)
a.value.heads = transpose[1, 0, 2](a.value.split)
a.scores = matmul[transposed](a.query.grouped, a.key.heads)
a.softmax = softmax(a.scores)
a.context = matmul(a.softmax, a.value.heads)
a.context.heads = reshape[2, 5, 4](a.context)
a.context.tokens = transpose[1, 0, 2](a.context.heads)
a.context.rows = reshape[5, 8](a.context.tokens)
a = matmul(a.context.rows, a.weights, a.bias)
)");
}

/// A head of keys and values serves several of queries, whose rows lie one after another.
TEST(Attention, HeadsOfKeysMayBeFewer) {
  const Graph graph = workload_of("[5, 8]",
                                  "  - attention: {heads: 4, kv_heads: 2, head_size: 6, "
                                  "bias: false, name: a}\n");
  const auto shape = [&](const std::string& name) {
    for (const Tensor& tensor : graph.tensors) {
      if (tensor.name == name) {
        return tensor.shape;
      }
    }
    return Shape{};
  };
  EXPECT_EQ(shape("a.query.weights"), (Shape{8, 24}));
  EXPECT_EQ(shape("a.key.weights"), (Shape{8, 12}));
  EXPECT_EQ(shape("a.query.heads"), (Shape{4, 5, 6}));
  EXPECT_EQ(shape("a.query.grouped"), (Shape{2, 10, 6}));
  EXPECT_EQ(shape("a.key.heads"), (Shape{2, 5, 6}));
  EXPECT_EQ(shape("a.scores"), (Shape{2, 10, 5}));
  EXPECT_EQ(shape("a.context"), (Shape{2, 10, 6}));
  EXPECT_EQ(shape("a.context.rows"), (Shape{5, 24}));
  EXPECT_EQ(output_shape(graph), (Shape{5, 8}));
}

TEST(Attention, LaterTokensAreMasked) {
  const Graph graph = workload_of("[3, 8]",
                                  "  - attention: {heads: 2, causal: true, name: a}\n"
                                  "  - attention: {heads: 2, causal: true, name: b}\n");
  EXPECT_EQ(values_of(graph, "causal_mask"), (std::vector<float>{0, -32, -32, 0, 0, -32, 0, 0, 0}));
  const std::string nodes = nodes_of(graph);
  EXPECT_NE(nodes.find("a.scores.heads = reshape[2, 3, 3](a.scores)\n"
                       "a.scores.masked = add(a.scores.heads, causal_mask)\n"
                       "a.scores.grouped = reshape[2, 3, 3](a.scores.masked)\n"
                       "a.softmax = softmax(a.scores.grouped)\n"),
            std::string::npos);
  EXPECT_NE(nodes.find("b.scores.masked = add(b.scores.heads, causal_mask)\n"), std::string::npos);
}

TEST(Attention, CachedKeysAndValuesAreStatesThatGrow) {
  const std::string text = to_text(
      workload_of("[1, 8]", "  - attention: {heads: 2, causal: true, cached: 7, name: a}\n"));
  EXPECT_NE(text.find("state a.keys [2, 7, 4] next a.key.heads axis 1\n"
                      "state a.values [2, 7, 4] next a.value.heads axis 1\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(R"(node a.scores = matmul[transposed](a.query.grouped, a.key.heads)
node a.scores.cached = matmul[transposed](a.query.grouped, a.keys)
node a.scores.all = concat[axis=2](a.scores.cached, a.scores)
node a.softmax = softmax(a.scores.all)
node a.softmax.cached = slice[0:2, 0:1, 0:7](a.softmax)
node a.softmax.new = slice[0:2, 0:1, 7:1](a.softmax)
node a.context.cached = matmul(a.softmax.cached, a.values)
node a.context.new = matmul(a.softmax.new, a.value.heads)
node a.context = add(a.context.cached, a.context.new)
)"),
            std::string::npos)
      << text;
}

TEST(Attention, RotaryAnglesGrowWithThePosition) {
  const Graph graph = workload_of(
      "[2, 4]", "  - attention: {heads: 1, cached: 3, rotary: 100, bias: false, name: a}\n");
  const std::string nodes = nodes_of(graph);
  EXPECT_NE(nodes.find(R"(a.key.low = slice[0:1, 0:2, 0:2](a.key.heads)
a.key.high = slice[0:1, 0:2, 2:2](a.key.heads)
a.key.swapped = concat[axis=2](a.key.high, a.key.low)
a.key.cosine = multiply(a.key.heads, rotary.cosine.100.3)
a.key.sine = multiply(a.key.swapped, rotary.sine.100.3)
a.key.rotated = add(a.key.cosine, a.key.sine)
)"),
            std::string::npos)
      << nodes;
  // Samples are steps, so that the host fills the angles in: of two tokens each.
  ASSERT_EQ(graph.rotary_inputs.size(), 2U);
  EXPECT_EQ(graph.tensor(graph.rotary_inputs[0].input), (Tensor{"rotary.cosine.100.3", {2, 4}}));
  EXPECT_EQ(graph.tensor(graph.rotary_inputs[1].input), (Tensor{"rotary.sine.100.3", {2, 4}}));
  std::vector<float> cosines(8);
  std::vector<float> sines(8);
  put_angles(graph, graph.rotary_inputs[0], 0, cosines);
  put_angles(graph, graph.rotary_inputs[1], 0, sines);
  // of positions 3 and 4; the second pair of values turns 100^(2/4) = 10 times as slowly
  EXPECT_FLOAT_EQ(cosines[0], std::cos(3.0F));
  EXPECT_FLOAT_EQ(cosines[1], std::cos(0.3F));
  EXPECT_FLOAT_EQ(cosines[2], std::cos(3.0F));
  EXPECT_FLOAT_EQ(cosines[7], std::cos(0.4F));
  EXPECT_FLOAT_EQ(sines[0], -std::sin(3.0F));
  EXPECT_FLOAT_EQ(sines[3], std::sin(0.3F));
  EXPECT_FLOAT_EQ(sines[5], -std::sin(0.4F));
  put_angles(graph, graph.rotary_inputs[0], 10, cosines);
  EXPECT_FLOAT_EQ(cosines[0], std::cos(23.0F)) << "ten steps of two tokens later";
  EXPECT_FLOAT_EQ(cosines[5], std::cos(2.4F));
}

TEST(Attention, JoinedItComputesAlikeWithAndWithoutACache) {
  const auto nodes = [](std::int64_t cached) {
    const Graph graph = workload_of(
        "[1, 4]", "  - attention: {heads: 1, causal: true, rotary: 100, joined: true, cached: " +
                      std::to_string(cached) + ", name: a}\n");
    EXPECT_EQ(graph.rotary_inputs.size(), 2U);
    std::vector<std::string> names;
    for (const Node& node : graph.nodes) {
      names.push_back(node.name);
    }
    return names;
  };
  std::vector<std::string> with = nodes(3);
  EXPECT_EQ(std::erase(with, "a.keys.all") + std::erase(with, "a.values.all"), 2U);
  EXPECT_EQ(with, nodes(0));
}

TEST(Attention, RotaryAnglesOfSamplesThatBeginAnewAreConstants) {
  const Graph graph =
      workload_of("[2, 4]", "  - attention: {heads: 1, rotary: 100, bias: false, name: a}\n");
  EXPECT_TRUE(graph.rotary_inputs.empty());
  const std::vector<float>& cosines = values_of(graph, "rotary.cosine.100.0");
  ASSERT_EQ(cosines.size(), 8U);
  EXPECT_EQ(cosines[0], 1.0F);
  EXPECT_FLOAT_EQ(cosines[4], std::cos(1.0F));
}

TEST(Attention, ErrorsNameThePlace) {
  const auto error = [](const std::string& shape, const std::string& keys) {
    return workload_error(shape, "  - attention: {" + keys + "}\n");
  };
  EXPECT_EQ(error("[5, 8]", "heads: 3"),
            "w.yaml:5:16: layers[0].attention: 3 heads do not divide rows of 8 values; give a "
            "head_size");
  EXPECT_EQ(error("[5, 8]", "heads: 4, kv_heads: 3"),
            "w.yaml:5:16: layers[0].attention: 3 heads of keys and values do not divide 4 of "
            "queries");
  const std::string joined =
      "w.yaml:5:16: layers[0].attention: joined attention has as many heads of keys and values as "
      "of queries, and reads one token where some are cached";
  EXPECT_EQ(error("[5, 8]", "heads: 4, kv_heads: 2, joined: true"), joined);
  EXPECT_EQ(error("[2, 8]", "heads: 4, cached: 3, joined: true"), joined);
  EXPECT_EQ(error("[8]", "heads: 4"),
            "w.yaml:5:16: layers[0].attention: its input has shape [8]; it needs a sequence, "
            "[length, size]");
  EXPECT_EQ(error("[4097, 8]", "heads: 4, causal: true"),
            "w.yaml:5:16: layers[0].attention: causal attention of 4097 tokens; at most 4096 are "
            "supported");
  EXPECT_EQ(error("[5, 12]", "heads: 4, rotary: 10000"),
            "w.yaml:5:35: layers[0].attention.rotary: rotary angles need heads of an even size and "
            "at most 4096 tokens");
  EXPECT_EQ(
      error("[4096, 8]",
            "heads: 1, head_size: 4096, causal: true, rotary: 10}\n"
            "  - attention: {heads: 1, head_size: 4096, rotary: 11"),
      "w.yaml:6:16: layers[1].attention: masks and angles of 83886080 values together; at most "
      "67108864 are supported");
}

}  // namespace
}  // namespace systol::test
