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
  EXPECT_EQ(
      array.notes[0],
      files_.path("a.cfg").string() +
          ": SCALE-Sim has no clock; times, energies and bandwidths are at 2 GHz (key clock)");
}

TEST_F(LoadArray, TakesAnArrayFile) {
  const LoadedArray array =
      load_array(std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs/edge_8x8.yaml", {});
  EXPECT_EQ(array.config.name, "edge-8x8");
  EXPECT_TRUE(array.notes.empty());
}

TEST_F(LoadArray, ErrorsOfOverridesNameTheOption) {
  const auto error = [&](const std::filesystem::path& file, const std::string& text) {
    return files_.error_of([&] { load_array(file, std::vector<std::string>{text}); });
  };
  const auto yaml = std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs/edge_8x8.yaml";
  for (const auto& file : {yaml, cfg("ws")}) {
    EXPECT_EQ(error(file, "array.rows=0"),
              "--set array.rows=0: array.rows: found '0', allowed: 1 to 1024");
  }
}

TEST_F(LoadArray, NamesAllFilesThatItReads) {
  const auto base = std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs/edge_16x16.yaml";
  const auto path = files_.write("a.yaml", "extends: " + base.string() + "\n");
  const std::vector<FileOption> files = load_array(path, {}).files;
  ASSERT_EQ(files.size(), 6U);
  EXPECT_EQ(files[0].option, "--config");
  EXPECT_EQ(files[0].path, path);
  EXPECT_EQ(files[2].option, "--config (extends)");
  EXPECT_EQ(files[2].path, base);
  EXPECT_EQ(files[3].option, "--config (energy)");
  EXPECT_EQ(std::filesystem::path(files[3].path).filename(), "45nm.yaml");
  EXPECT_EQ(std::filesystem::path(files[4].path).filename(), "memories.yaml");
}

TEST_F(LoadArray, EveryDataflowOfScaleSimRuns) {
  EXPECT_EQ(load_array(cfg("ws"), {}).config.dataflow, Dataflow::WeightStationary);
  EXPECT_EQ(load_array(cfg("os"), {}).config.dataflow, Dataflow::OutputStationary);
  EXPECT_EQ(load_array(cfg("is"), {}).config.dataflow, Dataflow::InputStationary);
}

}  // namespace
}  // namespace systol
