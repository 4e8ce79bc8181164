// Networks whose output is a picture: int8 draws a real digit as closely as float, but for a
// hundredth of a pixel's range.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <memory>

#include "host/import/network_input.h"
#include "host/import/onnx_model.h"
#include "host/quantise/quantise.h"
#include "host/reference/float_network.h"
#include "host/reference/integer_network.h"

namespace systol {
namespace {

struct Drawing {
  const char* model;
  const char* input;  ///< the files of configs/digits, of the network's inputs and of what it draws
  const char* drawn;
  double float_is_within;  ///< mean difference of the float network's pixels, 0 to 1
};

void PrintTo(const Drawing& drawing, std::ostream* out) { *out << drawing.model; }

double mean_distance(const std::vector<float>& pixels, const std::vector<float>& digits) {
  double sum = 0.0;
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    sum += std::abs(pixels[i] - digits[i] / 255.0F);
  }
  return sum / static_cast<double>(pixels.size());
}

class Reconstruction : public ::testing::TestWithParam<Drawing> {};

TEST_P(Reconstruction, InInt8IsWithinAHundredthOfFloat) {
  const auto configs = std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs";
  Graph network = import_onnx(configs / "models" / (std::string(GetParam().model) + ".onnx"));
  network.load_values();
  const auto graph = std::make_shared<const Graph>(std::move(network));
  const SampleFile images = read_sample_file({configs / "digits" / GetParam().input, ""}, 1000);
  const SampleFile digits = read_sample_file({configs / "digits" / GetParam().drawn, ""}, 1000);
  const std::vector<float> inputs = network_input(images, *graph).values;
  const FloatResult exact = run_float(*graph, inputs, images.count);
  const QuantGraph quantised = quantise(graph, inputs, images.count);
  const TensorId output = graph->outputs.front();
  const IntegerResult result = run_integer(
      quantised, quantise_input(inputs, quantised.of(graph->inputs.front())), images.count);
  const double in_float = mean_distance(exact.outputs.front(), digits.values);
  EXPECT_LT(in_float, GetParam().float_is_within);
  const double in_int8 =
      mean_distance(dequantise(result.of(output), quantised.of(output)), digits.values);
  EXPECT_NEAR(in_int8, in_float, 0.01);
  RecordProperty("float", std::to_string(in_float));
  RecordProperty("int8", std::to_string(in_int8));
}

INSTANTIATE_TEST_SUITE_P(
    Digits, Reconstruction,
    ::testing::Values(Drawing{"mnist_autoencoder", "t10k-100-20x32.idx3-ubyte.gz",
                              "t10k-100-20x32.idx3-ubyte.gz", 0.1},
                      Drawing{"mnist_generator", "t10k-100-codes.idx3-ubyte.gz",
                              "t10k-1000-images.idx3-ubyte.gz", 0.1}));

}  // namespace
}  // namespace systol
