#include "host/import/synthetic.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "host/import/sizes.h"
#include "host/import/workload.h"
#include "tests/host/graph/small_graphs.h"

namespace systol {
namespace {

using test::values_of;

Graph filled(std::string_view sizes, std::uint64_t seed = 1) {
  Graph graph = dense_from_sizes(sizes, seed);
  fill_constants(graph);
  return graph;
}

TEST(Synthetic, TheGeneratorIsSplitMix64) {
  SplitMix64 random(1234567);  // the values that its authors' C program gives
  EXPECT_EQ(random.next(), 6457827717110365317U);
  EXPECT_EQ(random.next(), 3203168211198807973U);
  EXPECT_EQ(random.next(), 9817491932198370423U);
}

TEST(Synthetic, WeightsAreTheSameOnEveryMachine) {
  const Graph graph = filled("3x2", 7);
  EXPECT_EQ(values_of(graph, "dense_1.weights"),
            (std::vector<float>{-0x1.2cd4eap-1F, 0x1.d31198p-1F, -0x1.3cb51ep-4F, -0x1.175f8ap-2F,
                                -0x1.92c06ap-1F, -0x1.a70978p-2F}));
  EXPECT_EQ(values_of(graph, "dense_1.bias"), (std::vector<float>{0x1.72ee2ep-5F, 0x1.9334cap-4F}));
}

TEST(Synthetic, LargeWeightsAreMadeForWhoReadsThem) {
  const Graph all = filled("700x512x3", 5);
  Graph graph = dense_from_sizes("700x512x3", 5);
  make_up_constants(graph);
  for (const Constant& constant : graph.constants) {
    const std::string& name = graph.tensor(constant.tensor).name;
    EXPECT_EQ(constant.values.empty(), name == "dense_1.weights") << name;
    for (int read = 0; read < 2; ++read) {
      EXPECT_EQ(constant.values.empty() ? constant.source() : constant.values, values_of(all, name))
          << name;
    }
    if (constant.values.empty()) {
      std::vector<float> part(100);
      constant.parts(1'234, part);
      EXPECT_TRUE(std::ranges::equal(part, std::span(values_of(all, name)).subspan(1'234, 100)));
    }
  }
}

TEST(Synthetic, ManyValuesAreThoseOneByOne) {
  SplitMix64 one(3);
  SplitMix64 many(3);
  std::vector<float> values(37);
  many.uniform(-0.3, 0.7, values);
  for (const float value : values) {
    EXPECT_EQ(value, static_cast<float>(one.uniform(-0.3, 0.7)));
  }
  EXPECT_EQ(many.next(), one.next());
}

TEST(Synthetic, ALayersWeightsDoNotDependOnTheOnesBefore) {
  EXPECT_EQ(values_of(filled("9x4x5"), "dense_2.weights"),
            values_of(filled("7x4x5"), "dense_2.weights"));
  EXPECT_NE(values_of(filled("4x4x4"), "dense_1.weights"),
            values_of(filled("4x4x4"), "dense_2.weights"));
}

TEST(Synthetic, WeightsBeforeAFunctionThatDropsNegativeValuesAreLarger) {
  const auto weights = [](std::optional<Operation> function) {
    Graph graph = test::one_matmul({8, 8}, {}, {}, std::move(function));
    fill_constants(graph);
    return values_of(graph, "d.weights");
  };
  const std::vector<float> plain = weights(std::nullopt);
  EXPECT_EQ(weights(Map{Function::Tanh}), plain);
  EXPECT_EQ(weights(Softmax{}), plain);
  EXPECT_EQ(weights(Map{Function::LeakyRelu}), weights(Map{Function::Relu}));
  const std::vector<float> larger = weights(Map{Function::Relu});
  ASSERT_EQ(larger.size(), 64U);
  for (std::size_t i = 0; i < larger.size(); ++i) {
    EXPECT_FLOAT_EQ(larger[i], plain[i] * std::sqrt(2.0F));
  }
}

TEST(Synthetic, ValuesThatAreThereStay) {
  Graph graph = test::one_matmul({2, 2}, {1, 2, 3, 4}, {});
  fill_constants(graph);
  EXPECT_EQ(values_of(graph, "d.weights"), (std::vector<float>{1, 2, 3, 4}));
  EXPECT_EQ(values_of(graph, "d.bias").size(), 2U);
}

/// Whether the values lie between both ends, and some near each.
void expect_range(const std::vector<float>& values, float low, float high) {
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  EXPECT_GE(*least, low);
  EXPECT_LE(*most, high);
  EXPECT_LT(*least, low + 0.1F * (high - low));
  EXPECT_GT(*most, high - 0.1F * (high - low));
}

TEST(Synthetic, EveryConstantGetsValuesOfItsUse) {
  Graph graph = parse_workload(R"(name: w
input: {shape: [8, 8, 6]}
layers:
  - constant: {name: positions, shape: [16, 32]}
  - conv: {filters: 32, kernel: 5, groups: 2, activation: gelu, name: c}
  - reshape: {shape: [16, 32]}
  - add: {with: positions}
  - layer_norm: {name: n}
)",
                               "w.yaml");
  fill_constants(graph);
  EXPECT_TRUE(graph.has_values());
  const float end = std::sqrt(6.0F / (5 * 5 * 3));
  expect_range(values_of(graph, "c.weights"), -end, end);
  expect_range(values_of(graph, "c.bias"), -0.1F, 0.1F);
  expect_range(values_of(graph, "positions"), -0.1F, 0.1F);
  expect_range(values_of(graph, "n.gamma"), 0.5F, 1.5F);
  expect_range(values_of(graph, "n.beta"), -0.1F, 0.1F);
}

TEST(Synthetic, ActivationsThatDampAreKnown) {
  const auto largest = [](Operation operation) {
    Graph graph = test::one_matmul({100, 10}, {}, {}, std::move(operation));
    fill_constants(graph);
    const std::vector<float>& weights = values_of(graph, "d.weights");
    return *std::max_element(weights.begin(), weights.end());
  };
  for (const Function function : {Function::Relu, Function::LeakyRelu, Function::Clip,
                                  Function::HardSwish, Function::Gelu, Function::Silu}) {
    EXPECT_GT(largest(Map{function}), std::sqrt(3.0F / 100)) << name_of(function);
  }
  EXPECT_LT(largest(Map{Function::Sigmoid}), std::sqrt(3.0F / 100));
}

TEST(Synthetic, InputsOfSeveralTensorsAreOneRow) {
  const Graph graph = parse_workload(
      "name: w\ninput: {shape: [2, 4]}\nlayers:\n  - input: {name: x, shape: [3, 4]}\n"
      "  - concat: {with: x, axis: 0}\n",
      "w.yaml");
  EXPECT_EQ(synthetic_inputs(graph, 10, 1).size(), 10U * 20U);
}

TEST(Synthetic, InputsLieInTheNetworksRange) {
  Graph graph = dense_from_sizes("100x1");
  graph.input_range = ValueRange{-2.0F, 3.0F};
  const std::vector<float> inputs = synthetic_inputs(graph, 50, 1);
  ASSERT_EQ(inputs.size(), 5000U);
  const auto [low, high] = std::minmax_element(inputs.begin(), inputs.end());
  EXPECT_GE(*low, -2.0F);
  EXPECT_LT(*low, -1.9F);
  EXPECT_LE(*high, 3.0F);
  EXPECT_GT(*high, 2.9F);
}

}  // namespace
}  // namespace systol
