#include "host/validate/tiny_tpu.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "host/import/workload.h"
#include "sim/config/array_file.h"

namespace systol {
namespace {

const std::filesystem::path kTinyTpuFolder =
    std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs/validation/tiny-tpu";

TEST(TinyTpu, ComesOutWithinTwoPerCentWithNothingFitted) {
  const std::vector<TinyTpuResult> results =
      run_tiny_tpu(load_workload(kTinyTpuFolder / "mnist.yaml"),
                   load_array_config(kTinyTpuFolder / "array.yaml"));
  ASSERT_EQ(results.size(), 3U);
  for (const TinyTpuResult& result : results) {
    const double ratio = result.microseconds / result.row.microseconds;
    EXPECT_GT(ratio, 0.98) << result.row.side;
    EXPECT_LT(ratio, 1) << result.row.side << ": its instructions cost nothing here";
  }
}

TEST(TinyTpu, IsBesideTheClosedFormOfScaleSim) {
  const std::vector<TinyTpuResult> results =
      run_tiny_tpu(load_workload(kTinyTpuFolder / "mnist.yaml"),
                   load_array_config(kTinyTpuFolder / "array.yaml"));
  // ceil(K / R) ceil(N / C) (2 R + C + M - 2) - 1 for each layer, all of them N.
  for (const TinyTpuResult& result : results) {
    const double n = result.row.side;
    const auto layer = [n](double k, double outputs) {
      return std::ceil(k / n) * std::ceil(outputs / n) * (4 * n - 2) - 1;
    };
    EXPECT_NEAR(result.scale_sim_microseconds, (layer(784, 504) + layer(504, 10)) / 177.77, 1e-6);
  }
}

}  // namespace
}  // namespace systol
