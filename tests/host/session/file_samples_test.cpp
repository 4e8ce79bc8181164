#include "host/session/file_samples.h"

#include <gtest/gtest.h>

#include <numeric>

#include "host/import/sizes.h"

namespace systol {
namespace {

/// Sample i is [2 i, 2 i + 1].
SampleFile numbers(std::size_t samples) {
  SampleFile file;
  file.name = "folder/numbers.npy";
  file.count = samples;
  file.shape = {2};
  file.values.resize(2 * samples);
  std::iota(file.values.begin(), file.values.end(), 0.0F);
  return file;
}

TEST(FileSamples, TheFirstOnesRunAndTheFirst256Calibrate) {
  const Samples samples =
      file_samples(dense_from_sizes("2x3"), numbers(300), std::vector<std::uint32_t>(300, 1), 5);
  EXPECT_EQ(samples.count, 5U);
  EXPECT_EQ(samples.values.size(), 10U);
  EXPECT_EQ(samples.values.back(), 9.0F);
  EXPECT_EQ(samples.calibration.size(), 512U);
  EXPECT_EQ(samples.labels.size(), 5U);
  EXPECT_TRUE(samples.how.starts_with("numbers.npy, ")) << samples.how;
}

TEST(FileSamples, WithoutALimitAllRun) {
  const Samples samples = file_samples(dense_from_sizes("2x3"), numbers(300), {}, std::nullopt);
  EXPECT_EQ(samples.count, 300U);
  EXPECT_EQ(samples.calibration.size(), 512U);
  EXPECT_TRUE(samples.labels.empty());
}

TEST(FileSamples, AsManyAreReadAsRunOrCalibrate) {
  EXPECT_EQ(samples_to_read(5), 256U);
  EXPECT_EQ(samples_to_read(1000), 1000U);
  EXPECT_EQ(samples_to_read(std::nullopt), SIZE_MAX);
}

}  // namespace
}  // namespace systol
