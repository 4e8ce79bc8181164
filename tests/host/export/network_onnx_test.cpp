// A quantised network that is written and read again computes the same bits.
#include "host/export/network_onnx.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "host/fuzz/network_drawing.h"
#include "host/import/given_rows.h"
#include "host/import/onnx_model.h"
#include "host/import/synthetic.h"
#include "host/quantise/quantise.h"
#include "host/reference/integer_network.h"
#include "sim/base/error.h"
#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

constexpr std::size_t kSamples = 4;

class QuantisedOnnx : public ::testing::Test {
 protected:
  static QuantGraph quantised(Graph graph, std::uint64_t seed) {
    fill_constants(graph);
    const std::vector<float> samples = synthetic_inputs(graph, kSamples, seed);
    return quantise(std::make_shared<const Graph>(std::move(graph)), samples, kSamples);
  }

  Graph written_and_read(const QuantGraph& network) const {
    return import_onnx(files_.write("network.onnx", quantised_onnx(network)));
  }

  /// Other samples calibrate what is read: its scales must be the file's.
  void expect_same_bits(const QuantGraph& before) const {
    const QuantGraph after = quantised(written_and_read(before), 99);
    const Graph& graph = *before.graph;
    ASSERT_EQ(after.graph->inputs.size(), graph.inputs.size());
    ASSERT_EQ(after.graph->outputs.size(), graph.outputs.size());
    const std::vector<float> samples = synthetic_inputs(graph, kSamples, 3);
    const std::vector<std::int8_t> inputs = quantise_inputs(before, samples);
    ASSERT_EQ(quantise_inputs(after, samples), inputs);
    const IntegerResult wanted = run_integer(before, inputs, kSamples);
    const IntegerResult got = run_integer(after, inputs, kSamples);
    for (std::size_t i = 0; i < graph.outputs.size(); ++i) {
      EXPECT_EQ(after.of(after.graph->outputs[i]), before.of(graph.outputs[i]));
      EXPECT_EQ(got.of(after.graph->outputs[i]), wanted.of(graph.outputs[i]));
    }
  }

  TempFiles files_;
};

TEST_F(QuantisedOnnx, DrawnNetworksComputeTheSameBits) {
  int written = 0;
  for (std::uint64_t seed = 0; written < 200; ++seed) {
    SCOPED_TRACE(seed);
    expect_same_bits(quantised(draw_network(seed, 6, true), seed));
    ++written;
    if (HasFailure()) {
      break;
    }
  }
}

TEST_F(QuantisedOnnx, StatesBeginWithWhatTheyHeld) {
  Graph graph;
  graph.name = "cache";
  const TensorId x = graph.add_input("x", {1, 3});
  graph.tensors.push_back({"past", {2, 3}});
  const auto past = static_cast<TensorId>(graph.tensors.size() - 1);
  const TensorId keys = graph.add_node("keys", MatMul{}, {x, graph.add_constant("w", {3, 3})});
  graph.states.push_back({past, keys, {1.0F, -0.5F, 0.25F, 0.5F, -1.0F, 0.0F}, 0});
  graph.outputs = {graph.add_node("scores", MatMul{true}, {x, past})};
  const QuantGraph before = quantised(std::move(graph), 4);
  expect_same_bits(before);
  const Graph after = written_and_read(before);
  ASSERT_EQ(after.states.size(), 1U);
  EXPECT_EQ(after.states[0].axis, 0U);
  EXPECT_EQ(after.states[0].initial, before.graph->states[0].initial);
}

/// All rows of the table, of which the samples have some.
TEST_F(QuantisedOnnx, AMadeUpTableIsWritten) {
  constexpr std::uint64_t kRows = 50;
  Graph graph;
  graph.name = "embedding";
  const TensorId rows = graph.add_input("tokens", {4, 8});
  graph.lookups.push_back({rows, {}, kRows});
  graph.outputs = {graph.add_node("dense", MatMul{}, {rows, graph.add_constant("w", {8, 5})})};
  const QuantGraph before = quantised(std::move(graph), 6);
  expect_same_bits(before);
  const Graph after = written_and_read(before);
  ASSERT_EQ(after.lookups.size(), 1U);
  ASSERT_EQ(rows_of(after, after.lookups[0]), kRows);
  std::vector<float> wanted(8);
  std::vector<float> row(8);
  for (std::uint64_t i = 0; i < kRows; ++i) {
    put_row(*before.graph, before.graph->lookups[0], i, wanted);
    put_row(after, after.lookups[0], i, row);
    const Quantisation steps = before.of(rows);
    EXPECT_EQ(quantise_input(row, steps), quantise_input(wanted, steps));
  }
}

TEST_F(QuantisedOnnx, AnglesThatFollowTheTokensAreRefused) {
  Graph graph;
  graph.name = "turned";
  const TensorId angles = graph.add_input("angles", {1, 4});
  graph.rotary_inputs.push_back({angles});
  graph.outputs = {graph.add_node("relu", Map{Function::Relu}, {angles})};
  try {
    check_quantised_onnx(graph);
    FAIL() << "no error";
  } catch (const InputError& error) {
    EXPECT_STREQ(
        error.what(),
        "turned: input 'angles': networks with rotary angles that follow the tokens' places are "
        "not exported");
  }
}

class TrainedOnnx : public QuantisedOnnx, public ::testing::WithParamInterface<std::string> {};

TEST_P(TrainedOnnx, ComputesTheSameBits) {
  expect_same_bits(quantised(import_onnx(std::filesystem::path(SYSTOL_SOURCE_DIR) /
                                         "configs/models" / (GetParam() + ".onnx")),
                             5));
}

INSTANTIATE_TEST_SUITE_P(Digits, TrainedOnnx,
                         ::testing::Values("mnist_linear_softmax", "mnist16_mlp_tanh",
                                           "mnist_lenet", "mnist_resnet8", "mnist_lstm",
                                           "mnist_gru", "mnist_attention", "mnist_autoencoder",
                                           "mnist_generator"));

}  // namespace
}  // namespace systol
