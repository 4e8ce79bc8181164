#include "host/import/workload.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "host/graph/text.h"
#include "host/graph/verify.h"
#include "host/import/model.h"
#include "host/import/synthetic.h"
#include "sim/base/error.h"
#include "tests/host/graph/small_graphs.h"

namespace systol {
namespace {

constexpr const char* kWide = R"(name: wide-mlp
input: {shape: [28, 28], range: [-1, 1]}
seed: 3
layers:
  - flatten: {name: flatten}
  - dense: {units: 300, activation: leaky_relu, leaky_slope: 0.2, name: hidden}
  - dense: {units: 10, activation: softmax}
)";

/// The error of a workload whose `layers` and what follows are given; layers start on line 3.
std::string workload_error(const std::string& rest, const std::string& input = "{shape: [4]}") {
  try {
    parse_workload("name: w\ninput: " + input + "\n" + rest, "w.yaml");
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Workload, ReadsLayersAndTheirSizes) {
  const Graph graph = parse_workload(kWide, "w.yaml");
  verify(graph);
  EXPECT_EQ(graph.input_range, (ValueRange{-1.0F, 1.0F}));
  EXPECT_EQ(graph.seed, 3U);
  EXPECT_EQ(to_text(graph), R"(graph "wide-mlp"
input input [28, 28]
constant hidden.weights [784, 300]
constant hidden.bias [300]
constant dense_2.weights [300, 10]
constant dense_2.bias [10]
node flatten = reshape[784](input)
node hidden = matmul(flatten, hidden.weights, hidden.bias)
node hidden.leaky_relu = leaky_relu[0.2](hidden)
node dense_2 = matmul(hidden.leaky_relu, dense_2.weights, dense_2.bias)
node dense_2.softmax = softmax(dense_2)
output dense_2.softmax
)");
  EXPECT_FALSE(graph.has_values());
}

TEST(Workload, ReadsEveryActivation) {
  const Graph graph = parse_workload(R"(name: w
input: {shape: [4]}
layers:
  - dense: {units: 4, activation: none}
  - dense: {units: 4, activation: relu}
  - dense: {units: 4, activation: leaky_relu}
  - dense: {units: 4, activation: sigmoid}
  - dense: {units: 4, activation: tanh}
)",
                                     "w.yaml");
  std::vector<Operation> operations;
  for (const Node& node : graph.nodes) {
    operations.push_back(node.operation);
  }
  EXPECT_EQ(operations,
            (std::vector<Operation>{MatMul{}, MatMul{}, Map{Function::Relu}, MatMul{},
                                    Map{Function::LeakyRelu, 0.01F}, MatMul{},
                                    Map{Function::Sigmoid}, MatMul{}, Map{Function::Tanh}}));
}

TEST(Workload, NamesThatAreTakenGetANumber) {
  const Graph graph = parse_workload(R"(name: w
input: {shape: [4]}
layers:
  - dense: {units: 4, name: fc}
  - dense: {units: 4, name: fc}
)",
                                     "w.yaml");
  verify(graph);
  EXPECT_EQ(graph.nodes[0].name, "fc");
  EXPECT_EQ(graph.nodes[1].name, "fc_2");
}

TEST(Workload, TheSameSeedGivesTheSameWeights) {
  const auto weights = [](const std::string& name) {
    Graph graph = parse_workload(kWide, name);
    fill_constants(graph);
    return test::values_of(graph, "hidden.weights");
  };
  EXPECT_EQ(weights("a").size(), 784U * 300U);
  EXPECT_EQ(weights("a"), weights("b"));
}

TEST(Workload, ReadsTheProjectsWorkloads) {
  const auto folder = std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs/workloads";
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      EXPECT_EQ(import_model(entry.path()).name, entry.path().stem());
      ++count;
    }
  }
  EXPECT_GE(count, 4);
}

TEST(Workload, NamesAnUnknownActivation) {
  EXPECT_EQ(
      workload_error("layers:\n  - dense: {units: 4, activation: rellu}\n"),
      "w.yaml:4:35: layers[0].dense.activation: found 'rellu' (did you mean 'relu'?), expected "
      "one of: none, relu, relu6, leaky_relu, sigmoid, tanh, hard_sigmoid, hard_swish, elu, gelu, "
      "silu, softplus, sign, softmax");
}

TEST(Workload, NamesWhatWeightsCannotBe) {
  EXPECT_EQ(workload_error("layers:\n  - dense: {units: 4, weights_are: bnary}\n"),
            "w.yaml:4:36: layers[0].dense.weights_are: found 'bnary' (did you mean 'binary'?), "
            "expected one of: any, binary, ternary, int4, sparse24");
  EXPECT_EQ(
      workload_error("layers:\n  - dense: {units: 4, weights_are: binary, similarity: l1}\n"),
      "w.yaml:4:23: layers[0].dense.weights_are: only the weights of a layer that multiplies are "
      "rounded, not those of one with 'similarity: l1'");
}

TEST(Workload, NamesAnUnknownKindOfLayer) {
  EXPECT_EQ(
      workload_error("layers:\n  - desne: {units: 4}\n"),
      "w.yaml:4:5: unknown key 'layers[0].desne' (did you mean 'dense'?); allowed: dense, conv, "
      "depthwise, conv_transpose, max_pool, average_pool, global_average_pool, upsample, "
      "flatten, reshape, transpose, slice, concat, add, subtract, multiply, maximum, minimum, "
      "matmul, activation, softmax, layer_norm, rms_norm, attention, lstm, gru, ntm, input, "
      "constant, embedding, repeat, block, residual");
}

TEST(Workload, RefusesASlopeWithoutLeakyRelu) {
  EXPECT_EQ(
      workload_error("layers:\n  - dense: {units: 4, leaky_slope: 0.1}\n"),
      "w.yaml:4:23: layers[0].dense.leaky_slope: only a layer with 'activation: leaky_relu' has "
      "a slope");
}

TEST(Workload, RefusesARangeUpsideDown) {
  EXPECT_EQ(workload_error("layers:\n  - dense: {units: 4}\n", "{shape: [4], range: [1, 1]}"),
            "w.yaml:2:28: input.range: the first end must be below the second");
}

TEST(Workload, RefusesNamesOfSeveralLines) {
  EXPECT_EQ(workload_error("layers:\n  - dense: {units: 4, name: \"a\\nb\"}\n"),
            "w.yaml:4:29: layers[0].dense.name: found the name 'a\\x0ab', allowed: UTF-8 without "
            "control characters");
  try {
    parse_workload("name: \"w\\e[0m\"\ninput: {shape: [4]}\nlayers: []\n", "w.yaml");
    FAIL() << "no error";
  } catch (const InputError& error) {
    EXPECT_EQ(std::string(error.what()),
              "w.yaml:1:7: name: found the name 'w\\x1b[0m', allowed: UTF-8 without control "
              "characters");
  }
}

TEST(Workload, RefusesSizesBeyondTheLimits) {
  EXPECT_EQ(workload_error("layers:\n  - dense: {units: 1000001}\n"),
            "w.yaml:4:20: layers[0].dense.units: found '1000001', allowed: 1 to 1000000");
  EXPECT_EQ(workload_error("layers:\n  - dense: {units: 4}\n", "{shape: [1000000, 2148]}"),
            "w.yaml:2:16: input.shape: more than 2147483648 values; at most 2147483648 are "
            "supported");
  EXPECT_EQ(workload_error("layers:\n  - dense: {units: 132000}\n  - dense: {units: 132000}\n"),
            "no error")
      << "weights are limited where they are made";
  EXPECT_EQ(workload_error("layers:\n  - dense: {units: 132001}\n  - dense: {units: 1}\n"),
            "w.yaml:5:12: layers[1].dense: 132001 inputs; int32 accumulators hold at most 132000");
  std::string deep = "layers:\n";
  for (int i = 0; i < 1001; ++i) {
    deep += "  - dense: {units: 1}\n";
  }
  EXPECT_EQ(workload_error(deep), "w.yaml:4:3: layers: found a list of 1001, allowed: 1 to 1000");
}

}  // namespace
}  // namespace systol
