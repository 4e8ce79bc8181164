// A small decoder whose keys and values are states: token by token it computes, to the bit, what it
// computes of all tokens at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <variant>

#include "host/graph/text.h"
#include "sim/fast/fast_device.h"
#include "sim/systemc/systemc_device.h"
#include "sim/unit/model_unit.h"
#include "tests/host/compile/checked_run.h"
#include "tests/host/compile/networks.h"

namespace systol::test {
namespace {

constexpr std::int64_t kTokens = 6;
constexpr std::int64_t kSize = 8;  ///< of a token

/// Of `tokens` tokens, `earlier` more of which are states.
std::string decoder(std::int64_t tokens, std::int64_t earlier) {
  const bool first = earlier == 0;
  std::string text = fmt::format("input x [{}, {}]\n", tokens, kSize);
  if (!first) {
    text += fmt::format(
        "state keys [{0}, {1}] next k axis 0\n"
        "state values [{0}, {1}] next v axis 0\n",
        earlier, kSize);
  }
  for (const char* weights : {"wq", "wk", "wv", "wo"}) {
    text += fmt::format("constant {} [{}, {}]\n", weights, kSize, kSize);
  }
  text += "constant mask " + (first ? fmt::format("[{0}, {0}]\n", tokens) : "[1]\n");
  text += R"(node q = matmul(x, wq)
node k = matmul(x, wk)
node v = matmul(x, wv)
)";
  if (!first) {
    text +=
        "node all.keys = concat[axis=0](keys, k)\nnode all.values = concat[axis=0](values, v)\n";
  }
  text += fmt::format(R"(node scores = matmul[transposed](q, {})
node masked = add(scores, mask)
node softmax = softmax(masked)
node softmax.symmetric = linear[1, 0](softmax)
node context = matmul(softmax.symmetric, {})
node y = matmul(context, wo)
output y
)",
                      first ? "k" : "all.keys", first ? "v" : "all.values");
  return text;
}

/// All tokens at once, later ones masked, calibrated by themselves. Queries are so many times as
/// large as made-up weights make them.
QuantGraph whole_decoder(std::uint64_t seed, float factor) {
  Graph graph = graph_from_text(decoder(kTokens, 0), "whole");
  graph.seed = seed;
  graph.input_range = ValueRange{-1.0F, 1.0F};
  Constant& mask = *std::ranges::find_if(graph.constants, [&](const Constant& constant) {
    return graph.tensor(constant.tensor).name == "mask";
  });
  for (std::int64_t i = 0; i < kTokens * kTokens; ++i) {
    mask.values.push_back(i % kTokens <= i / kTokens ? 0.0F : -32.0F);
  }
  fill_constants(graph);
  Constant& queries = *std::ranges::find_if(graph.constants, [&](const Constant& constant) {
    return graph.tensor(constant.tensor).name == "wq";
  });
  for (float& weight : queries.values) {
    weight *= factor;
  }
  const auto shared = std::make_shared<const Graph>(std::move(graph));
  return quantise(shared, synthetic_inputs(*shared, 1, 2), 1);
}

/// The decoder of other sizes with the same integers: found by their nodes' names.
QuantGraph with_the_same_scales(const QuantGraph& whole, std::int64_t tokens,
                                std::int64_t earlier) {
  std::map<std::string, std::size_t> nodes;
  for (std::size_t i = 0; i < whole.graph->nodes.size(); ++i) {
    nodes[whole.graph->nodes[i].name] = i;
  }
  const auto scale_of = [&](const std::string& node) {
    return whole.of(whole.graph->nodes[nodes.at(node)].output);
  };
  QuantGraph part;
  part.graph = std::make_shared<const Graph>(graph_from_text(decoder(tokens, earlier), "part"));
  part.tensors.resize(part.graph->tensors.size());
  part.tensors[index_of(part.graph->inputs[0])] = whole.of(whole.graph->inputs[0]);
  for (const Node& node : part.graph->nodes) {
    if (std::holds_alternative<Concat>(node.operation)) {
      part.tensors[index_of(node.output)] = scale_of(node.name == "all.keys" ? "k" : "v");
      part.nodes.emplace_back(QuantMove{{Rescale{}, Rescale{}}, 0, 0, {}});
      continue;
    }
    part.tensors[index_of(node.output)] = scale_of(node.name);
    part.nodes.push_back(whole.nodes[nodes.at(node.name)]);
    if (auto* sum = std::get_if<QuantBinary>(&part.nodes.back())) {
      part.tensors[index_of(node.inputs[1])] =
          whole.of(whole.graph->nodes[nodes.at(node.name)].inputs[1]);
      const std::vector<std::int8_t> mask = sum->constant;
      sum->constant.clear();
      for (std::int64_t i = 0; i < (earlier == 0 ? tokens * tokens : 1); ++i) {
        sum->constant.push_back(mask[static_cast<std::size_t>(i / tokens * kTokens + i % tokens)]);
      }
    }
  }
  for (const State& state : part.graph->states) {
    part.tensors[index_of(state.value)] = part.of(state.next);
  }
  return part;
}

const std::vector<std::int8_t>& values_of(const IntegerResult& result, const QuantGraph& graph,
                                          const std::string& node) {
  return result.of(std::ranges::find(graph.graph->nodes, node, &Node::name)->output);
}

using Bytes8 = std::vector<std::int8_t>;
Bytes8 rows_of(const Bytes8& values, std::int64_t first, std::int64_t end) {
  return {values.begin() + first * kSize, values.begin() + end * kSize};
}

/// Some tokens at once, then one after another, in two engines with buffers of these sizes.
void expect_the_same_bits(const QuantGraph& whole, std::uint64_t seed,
                          const std::vector<std::uint64_t>& buffers) {
  const Bytes8 input = quantise_inputs(whole, synthetic_inputs(*whole.graph, 1, seed));
  const Bytes8 expected = values_of(run_integer(whole, input, 1), whole, "y");

  constexpr std::int64_t kPrefilled = 2;
  const QuantGraph prefill = with_the_same_scales(whole, kPrefilled, 0);
  const IntegerResult before = run_integer(prefill, rows_of(input, 0, kPrefilled), 1);
  EXPECT_EQ(values_of(before, prefill, "y"), rows_of(expected, 0, kPrefilled));

  QuantGraph decode = with_the_same_scales(whole, 1, kPrefilled);
  decode.states = {values_of(before, prefill, "k"), values_of(before, prefill, "v")};
  const Bytes8 tokens = rows_of(input, kPrefilled, kTokens);
  for (const std::uint64_t buffer : buffers) {
    const ArrayConfig config = array(5, 4, buffer, 24);
    const NetworkProgram program(std::make_shared<const QuantGraph>(decode), config,
                                 kTokens - kPrefilled, 1);
    const CheckedRun fast = checked_run(*make_fast_device(config, {}), program, decode, tokens);
    EXPECT_TRUE(fast.check.passed());
    EXPECT_EQ(fast.outputs.front(), rows_of(expected, kPrefilled, kTokens));
    const CheckedRun clocked = checked_run(
        *make_systemc_device("systemc", config, make_model_unit, {}), program, decode, tokens);
    EXPECT_EQ(clocked.outputs, fast.outputs);
    EXPECT_EQ(clocked.result.cycles, fast.result.cycles);
  }
}

TEST(Decoder, PrefillThenTokenByTokenIsTheWholeSequence) {
  // The smaller buffer holds no cache.
  expect_the_same_bits(whole_decoder(1, 1.0F), 2, {1U << 16U, 2048U});
}

/// A masked place is nothing in any row, also where all scores of a row are the lowest of all.
TEST(Decoder, SoItIsWithScoresOfAnySizeAndInputsThatDidNotCalibrate) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(seed);
    const float factor = std::ldexp(1.0F, static_cast<int>(seed % 6) * 2);  // up to 1024
    expect_the_same_bits(whole_decoder(seed, factor), seed + 100, {1U << 16U});
  }
}

TEST(Decoder, KeysLieInMemoryOneTokenBehindTheOther) {
  const Graph graph = graph_from_text(R"(
input x [2, 1, 2]
state keys [2, 1, 2] next n axis 1
node n = add(x, x)
node s = matmul[transposed](n, keys)
node y = matmul(s, keys)
output y
)",
                                      "g");
  QuantBinary twice;
  twice.a_multiplier = 1;
  twice.b_multiplier = 1;
  QuantGraph quantised;
  quantised.graph = std::make_shared<const Graph>(graph);
  quantised.tensors.resize(graph.tensors.size());
  quantised.nodes = {twice, QuantProduct{}, QuantProduct{}};
  quantised.states = {{1, 2, 3, 4}};
  const ArrayConfig config = array(4, 4);
  const NetworkProgram program(std::make_shared<const QuantGraph>(quantised), config, 3, 1);
  const Bytes8 input = {5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  MemoryImage memory = program.memory(input);
  make_fast_device(config, {})->run(*program.commands(), program.nodes(), memory, nullptr);
  const StatePlace& place = program.plan().states.front();
  EXPECT_EQ(place.blocks, 2U);
  const auto bytes = memory.space(isa::Space::Activations)
                         .subspan(program.plan().address(place.value, 0), place.bytes());
  EXPECT_EQ(Bytes8(bytes.begin(), bytes.end()),
            (Bytes8{1, 2, 10, 12, 18, 20, 26, 28, 3, 4, 14, 16, 22, 24, 30, 32}));
}

}  // namespace
}  // namespace systol::test
