#include "host/validate/simba.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "sim/config/array_file.h"

namespace systol {
namespace {

/// More than the PE alone, whose uniform cycle is 0.373 pJ, of which stated operands
/// take 19.7 of 54.66 parts without clocks.
TEST(Simba, AnOperationTakesMoreThanItsPeAndLessThanTenTimesTheBound) {
  const EnergyComparison row = compare_simba(load_array_config(
      std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs/validation/nvdla/array.yaml"));
  EXPECT_EQ(row.published, 0.11);
  EXPECT_GT(row.ours, 0.373 / 2 * 19.7 / 54.66);
  EXPECT_LT(row.ours, 1.1);
}

}  // namespace
}  // namespace systol
