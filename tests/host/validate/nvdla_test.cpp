#include "host/validate/nvdla.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "host/account/hardware.h"
#include "sim/config/array_file.h"

namespace systol {
namespace {

TEST(Nvdla, AreasAreThoseOfTheArraysOfItsSizes) {
  const std::filesystem::path configs = std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs";
  const std::vector<EnergyComparison> rows =
      compare_nvdla(load_array_config(configs / "validation/nvdla/array.yaml"));
  ASSERT_EQ(rows.size(), 10U);
  EXPECT_EQ(rows[0].published, 5.5);
  EXPECT_EQ(rows[9].published, 0.55);
  // The last row's array, from a file of its own.
  const ArrayConfig small = load_array_config(
      configs / "validation/nvdla/array.yaml",
      std::vector<std::string>{"array.rows=8", "array.columns=8", "unified_buffer.capacity=128 KiB",
                               "energy=" + (configs / "energy/16nm.yaml").string()});
  EXPECT_DOUBLE_EQ(rows[9].ours,
                   total_area(hardware(small, load_energy_table(small))).count() * 1e-6);
  for (std::size_t i = 2; i < rows.size(); ++i) {
    EXPECT_LT(rows[i].ours, rows[i - 2].ours) << "smaller than the size before at the same node";
  }
}

}  // namespace
}  // namespace systol
