// A quantised network that is written and read again computes the same bits.
#include "host/export/network_onnx.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "host/fuzz/network_drawing.h"
#include "host/import/onnx_model.h"
#include "host/import/synthetic.h"
#include "host/quantise/quantise.h"
#include "host/reference/integer_network.h"
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
    Graph network = draw_network(seed, 6, true);
    if (!network.states.empty()) {
      continue;  // refused: QDQ models have no states
    }
    expect_same_bits(quantised(std::move(network), seed));
    ++written;
    if (HasFailure()) {
      break;
    }
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
