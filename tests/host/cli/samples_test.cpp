// load_samples: where a network's samples come from.
#include "host/cli/samples.h"

#include <gtest/gtest.h>

#include "host/import/sizes.h"
#include "sim/base/error.h"
#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

/// An IDX file of `count` images of `height` x `width`, pixel i being i mod 256.
std::string images(std::uint8_t count, std::uint8_t height, std::uint8_t width) {
  std::string bytes("\0\0\x08\x03", 4);
  for (const std::uint8_t size : {count, height, width}) {
    bytes += std::string(3, '\0') + static_cast<char>(size);
  }
  for (int i = 0; i < count * height * width; ++i) {
    bytes += static_cast<char>(i);
  }
  return bytes;
}

std::string labels(const std::string& values) {
  return std::string("\0\0\x08\x01\0\0\0", 7) + static_cast<char>(values.size()) + values;
}

class LoadSamples : public ::testing::Test {
 protected:
  InputOptions three_images() const {
    InputOptions options;
    options.file = files_.write("i.idx", images(3, 2, 2)).string();
    return options;
  }
  static Samples load(const Graph& graph, const InputOptions& options, std::uint32_t count = 1) {
    return load_samples(graph, options, read_input(options), count);
  }
  std::string error_of(const Graph& graph, const InputOptions& options) const {
    return files_.error_of([&] { load(graph, options); });
  }
  TempFiles files_;
  Graph graph_ = dense_from_sizes("4x2");
};

TEST_F(LoadSamples, WithoutImagesTheyAreSyntheticAndSaySo) {
  graph_.seed = 7;
  const Samples samples = load(graph_, {}, 5);
  EXPECT_EQ(samples.count, 5U);
  EXPECT_TRUE(samples.values.empty()) << "made up when they are needed";
  EXPECT_TRUE(samples.calibration.empty());
  EXPECT_EQ(samples.how, "synthetic input, seed 7 (no --input given)");
  InputOptions limited;
  limited.limit = 3;
  EXPECT_EQ(load(graph_, limited, 5).count, 3U);
}

TEST_F(LoadSamples, CalibrateAsAsked) {
  InputOptions options = three_images();
  EXPECT_EQ(load(graph_, options).method.method, CalibrationMethod::MinMax);
  options.calibration = "entropy";
  EXPECT_EQ(load(graph_, options).method.method, CalibrationMethod::Entropy);
  options.percentile = 99.5;
  EXPECT_EQ(error_of(graph_, options), "--percentile needs --calibration percentile");
  options.calibration = "percentile";
  EXPECT_EQ(load(graph_, options).method.percentile, 99.5);
  InputOptions without_file;
  without_file.calibration = "percentile";
  EXPECT_EQ(load(graph_, without_file).method.method, CalibrationMethod::Percentile);
  EXPECT_EQ(load(graph_, without_file).method.percentile, 99.99);
}

TEST_F(LoadSamples, ImagesBecomeValuesInTheModelsRange) {
  const Samples samples = load(graph_, three_images(), 1);
  EXPECT_EQ(samples.count, 3U);
  ASSERT_EQ(samples.values.size(), 12U);
  EXPECT_FLOAT_EQ(samples.values[0], 0);
  EXPECT_FLOAT_EQ(samples.values[11], 11.0F / 255);
}

TEST_F(LoadSamples, ScaleAndOffsetOverrideTheRange) {
  InputOptions options = three_images();
  options.scaling.scale = 0.5;
  options.scaling.offset = -3;
  const Samples samples = load(graph_, options, 1);
  EXPECT_FLOAT_EQ(samples.values[0], -3);
  EXPECT_FLOAT_EQ(samples.values[11], 2.5);
}

TEST_F(LoadSamples, TheLimitCutsSamplesAndLabelsButNotTheCalibration) {
  InputOptions options = three_images();
  options.labels = files_.write("l.idx", labels(std::string("\1\0\1", 3))).string();
  options.limit = 2;
  const Samples samples = load(graph_, options, 1);
  EXPECT_EQ(samples.count, 2U);
  EXPECT_EQ(samples.values.size(), 8U);
  EXPECT_EQ(samples.labels, (std::vector<std::uint32_t>{1, 0}));
  EXPECT_EQ(samples.calibration.size(), 12U);
  options.limit = 99;
  EXPECT_EQ(load(graph_, options, 1).count, 3U);
}

TEST_F(LoadSamples, ResizeAveragesFirst) {
  InputOptions options;
  options.file = files_.write("i.idx", images(1, 4, 4)).string();
  options.resize = "2x2";
  options.scaling.scale = 1;
  const Samples samples = load(graph_, options, 1);
  // 0 1 4 5 is 2.5, which becomes pixel 3.
  EXPECT_EQ(samples.values, (std::vector<float>{3, 5, 11, 13}));
}

TEST_F(LoadSamples, ResizeDoesNotEnlarge) {
  InputOptions options = three_images();
  options.resize = "2x3";
  EXPECT_EQ(error_of(graph_, options),
            "i.idx: its images are 2x2 and can only be made smaller, not 2x3");
}

TEST_F(LoadSamples, LabelsNeedImages) {
  InputOptions options;
  options.labels = files_.write("l.idx", labels("\1")).string();
  EXPECT_EQ(error_of(graph_, options), "--labels needs --input: synthetic inputs have no labels");
}

TEST_F(LoadSamples, LabelsOfAnotherNumberAreRefused) {
  InputOptions options = three_images();
  options.labels = files_.write("l.idx", labels("\1\2")).string();
  EXPECT_EQ(error_of(graph_, options), "l.idx: it holds 2 labels, but there are 3 samples");
}

TEST_F(LoadSamples, LabelsThatNoOutputStandsForAreRefused) {
  InputOptions options = three_images();
  options.labels = files_.write("l.idx", labels("\1\2\3")).string();
  EXPECT_EQ(error_of(graph_, options),
            "l.idx: label 1 is 2, but the network has 2 outputs, for the labels 0 to 1");
}

TEST_F(LoadSamples, ImagesThatDoNotFitTheModelAreRefused) {
  const std::string error = error_of(dense_from_sizes("5x2"), three_images());
  EXPECT_EQ(error.substr(0, 7), "i.idx: ") << error;
  EXPECT_NE(error.find("5"), std::string::npos) << error;
}

TEST_F(LoadSamples, OneFileIsReadOnceForSeveralNetworks) {
  const InputOptions options = three_images();
  const GivenInput input = read_input(options);
  std::filesystem::remove(options.file);
  EXPECT_EQ(load_samples(graph_, options, input, 1).values.size(), 12U);
  EXPECT_EQ(load_samples(dense_from_sizes("1x2"), options, input, 1).values.size(), 3U)
      << "each takes them in its own size";
}

TEST_F(LoadSamples, SayWhereTheyComeFrom) {
  EXPECT_EQ(load(graph_, three_images()).how,
            "i.idx, 2x2, pixels 0..255 scaled to [0, 1], guessed from the 4 inputs");
  InputOptions options;
  files_.write("d/1.pgm", "P2 2 2 9 0 3 6 9");
  options.file = files_.path("d").string() + "/";
  EXPECT_EQ(load(graph_, options).how,
            "d, 1 picture in the natural order of their names, 2x2, pixels 0..9 scaled to [0, 1], "
            "guessed from the 4 inputs");
}

TEST_F(LoadSamples, OptionsForAFileNeedOne) {
  for (const auto& set : {+[](InputOptions& options) { options.resize = "2x2"; },
                          +[](InputOptions& options) { options.scaling.scale = 1; },
                          +[](InputOptions& options) { options.scaling.offset = 1; }}) {
    InputOptions options;
    set(options);
    EXPECT_EQ(error_of(graph_, options),
              "--resize, --input-scale and --input-offset need --input FILE");
  }
}

}  // namespace
}  // namespace systol
