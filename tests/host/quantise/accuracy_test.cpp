// Real networks on real digits: int8 recognises as many of them as float does, but for one in 100.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "host/graph/classes.h"
#include "host/import/labels.h"
#include "host/import/network_input.h"
#include "host/import/onnx_model.h"
#include "host/quantise/quantise.h"
#include "host/reference/float_network.h"
#include "host/reference/integer_network.h"

namespace systol {
namespace {

constexpr std::size_t kCalibration = 256;

std::size_t correct(const std::vector<std::size_t>& guesses,
                    const std::vector<std::uint32_t>& labels) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    count += guesses[i] == labels[i] ? 1 : 0;
  }
  return count;
}

class Accuracy : public ::testing::TestWithParam<std::string> {};

TEST_P(Accuracy, Int8IsWithinOnePointOfFloat) {
  const auto configs = std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs";
  const SampleFile images =
      read_sample_file({configs / "digits/t10k-1000-images.idx3-ubyte.gz", ""}, 1000);
  const auto labels = read_labels({configs / "digits/t10k-1000-labels.idx1-ubyte.gz", ""});
  Graph network = import_onnx(configs / "models" / (GetParam() + ".onnx"));
  network.load_values();
  const auto graph = std::make_shared<const Graph>(std::move(network));
  const std::vector<float> inputs = network_input(images, *graph).values;
  const FloatResult exact = run_float(*graph, inputs, images.count);
  const QuantGraph quantised =
      quantise(graph, std::span(inputs).first(kCalibration * graph->input_size()), kCalibration);
  const IntegerResult result = run_integer(
      quantised, quantise_input(inputs, quantised.of(graph->inputs.front())), images.count);
  const std::size_t in_float =
      correct(classes_of(exact.outputs.front(), graph->output_size()), labels);
  const std::size_t in_int8 =
      correct(largest(result.of(graph->outputs.front()), graph->output_size()), labels);
  EXPECT_GT(in_float, 900U);
  EXPECT_GE(in_int8 + 10, in_float);
  RecordProperty("float", static_cast<int>(in_float));
  RecordProperty("int8", static_cast<int>(in_int8));
}

INSTANTIATE_TEST_SUITE_P(Digits, Accuracy,
                         ::testing::Values("mnist_linear_softmax", "mnist_mlp", "mnist_lenet",
                                           "mnist16_mlp_tanh"));

}  // namespace
}  // namespace systol
