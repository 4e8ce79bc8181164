// Tokens one after another give the bits of all at once.
#include "host/generate/generation.h"

#include <gtest/gtest.h>

#include "host/export/network_onnx.h"
#include "host/import/given_rows.h"
#include "host/import/workload.h"
#include "host/train/initialise.h"
#include "host/train/one_hot.h"
#include "sim/base/error.h"
#include "sim/config/array_file.h"
#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

constexpr const char* kWorkload =
    "name: net\nvariables: {tokens: 12, cached: 0}\ninput: {shape: [$tokens]}\nlayers:\n"
    "  - embedding: {rows: 8, size: 8}\n"
    "  - residual:\n      layers:\n"
    "        - layer_norm: {}\n"
    "        - attention: {heads: 2, causal: true, rotary: 100, cached: $cached, joined: true}\n"
    "  - residual:\n      layers:\n"
    "        - layer_norm: {}\n"
    "        - dense: {units: 16, activation: gelu}\n"
    "        - dense: {units: 8}\n"
    "  - dense: {units: 8}\n";

class GenerationTest : public ::testing::Test {
 protected:
  GenerationTest() {
    const Graph network = parse_workload(kWorkload, "net.yaml");
    Graph started = with_one_hot_rows(network);
    initialise(started, Initialiser::Automatic, 11);
    onnx_ = files_.write("net.onnx",
                         float_onnx(with_constant_angles(with_trained_values(network, started))));
    settings_.prompt = {1, 5, 2};
    settings_.count = 6;
    settings_.calibration = {0, 1, 2, 3, 4, 5, 6, 7, 0, 2, 4, 6,
                             1, 3, 5, 7, 7, 5, 3, 1, 6, 4, 2, 0};
  }

  Decoder decoder() const { return {workload_, onnx_}; }
  std::string error(const std::filesystem::path& workload) const {
    try {
      generate(Decoder(workload, onnx_), array_, settings_);
    } catch (const InputError& problem) {
      return problem.what();
    }
    return "";
  }

  TempFiles files_;
  std::filesystem::path workload_ = files_.write("net.yaml", kWorkload);
  std::filesystem::path onnx_;
  ArrayConfig array_ = load_array_config(SYSTOL_SOURCE_DIR "/configs/edge_8x8.yaml", {});
  GenerationSettings settings_;
};

TEST_F(GenerationTest, GivesTheSameBitsTokenByTokenAndAtOnce) {
  for (const double temperature : {0.0, 3.0}) {
    settings_.temperature = temperature;
    const Generation generation = generate(decoder(), array_, settings_);
    EXPECT_TRUE(generation.passed());
    EXPECT_EQ(generation.text.size(), 6U);
    EXPECT_EQ(generation.prefill.outputs[0].quantised.size(), 3U * 8);
    EXPECT_EQ(generation.decoding.outputs[0].quantised.size(), 5U * 8);
    EXPECT_EQ(generation.decoding.samples, 5U);
    EXPECT_GT(generation.decoding.cycles, generation.at_once.cycles)
        << "eight tokens take more one by one";
    EXPECT_EQ(generate(decoder(), array_, settings_).text, generation.text);
  }
}

TEST_F(GenerationTest, RefusesWhatDoesNotFit) {
  settings_.count = 10;
  EXPECT_EQ(error(workload_),
            "a prompt of 3 tokens and 10 after it are 13; the network reads at most 12");
  settings_.count = 6;
  settings_.calibration.resize(11);
  EXPECT_EQ(error(workload_),
            "the text that calibrates has 11 tokens; at least the 12 that the network reads are "
            "needed");
  const auto dense = files_.write(
      "dense.yaml", "name: net\ninput: {shape: [4]}\nlayers:\n  - dense: {units: 8}\n");
  EXPECT_NE(error(dense).find("it does not read tokens and give scores"), std::string::npos);
}

}  // namespace
}  // namespace systol
