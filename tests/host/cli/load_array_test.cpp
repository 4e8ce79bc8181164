#include "host/cli/load_array.h"

#include <gtest/gtest.h>

#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

class LoadArray : public ::testing::Test {
 protected:
  std::filesystem::path cfg(const std::string& dataflow) const {
    return files_.write("a.cfg",
                        "[architecture_presets]\nArrayHeight: 8\nArrayWidth: 4\nIfmapSramSzkB: 64\n"
                        "FilterSramSzkB: 1\nOfmapSramSzkB: 64\nDataflow: " +
                            dataflow + "\n");
  }
  TempFiles files_;
};

TEST_F(LoadArray, TakesAScaleSimConfig) {
  const LoadedArray array = load_array(cfg("ws"), std::vector<std::string>{"clock=2 GHz"});
  EXPECT_EQ(array.config.name, "a");
  EXPECT_EQ(array.config.rows, 8U);
  EXPECT_EQ(array.config.clock, Hertz(2'000'000'000));
  ASSERT_EQ(array.notes.size(), 1U);
  EXPECT_EQ(array.notes[0],
            files_.path("a.cfg").string() +
                ": SCALE-Sim has no clock; times, energies and bandwidths are at 2 GHz (--set "
                "clock=...)");
}

TEST_F(LoadArray, TakesAnArrayFile) {
  const LoadedArray array =
      load_array(std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs/edge_8x8.yaml", {});
  EXPECT_EQ(array.config.name, "edge-8x8");
  EXPECT_TRUE(array.notes.empty());
}

TEST_F(LoadArray, ADataflowThatDoesNotRunLeavesThePaperArray) {
  EXPECT_FALSE(load_paper_array(cfg("ws"), {}));
  const auto array = load_paper_array(cfg("is"), std::vector<std::string>{"array.rows=16"});
  ASSERT_TRUE(array);
  EXPECT_EQ(array->rows, 16U);
  EXPECT_EQ(array->columns, 4U);
  EXPECT_EQ(array->dataflow, ScaleSimDataflow::InputStationary);
  EXPECT_FALSE(
      load_paper_array(std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs/edge_8x8.yaml", {}));
}

TEST_F(LoadArray, ADataflowThatAnOverrideReplacesRuns) {
  const std::vector<std::string> overrides{"array.dataflow=weight_stationary"};
  EXPECT_FALSE(load_paper_array(cfg("os"), overrides));
  EXPECT_EQ(load_array(cfg("os"), overrides).config.rows, 8U);
}

TEST_F(LoadArray, APaperArrayMustBeRightOtherwise) {
  EXPECT_EQ(files_.error_of(
                [&] { load_paper_array(cfg("is"), std::vector<std::string>{"array.rows=0"}); }),
            "--set array.rows=0: array.rows: found '0', allowed: 1 to 1024");
}

}  // namespace
}  // namespace systol
