#include "host/validate/gemmini.h"

#include <gtest/gtest.h>

#include "sim/base/error.h"
#include "sim/config/array_file.h"
#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

const std::string kFolder = std::string(SYSTOL_SOURCE_DIR) + "/configs/validation/gemmini/";
const std::string kHeader =
    "accumulator_rows,scratchpad_bytes,out_height,out_width,kernel_height,kernel_width,in_channels,"
    "out_channels,batch,stride_h,stride_w,cycles_searched_tiling,cycles_own_tiling\n";

std::string error_of(const std::string& text) {
  const TempFiles folder;
  const auto path = folder.write("layers.csv", text);
  try {
    load_gemmini_layers(path);
  } catch (const InputError& error) {
    return std::string(error.what()).substr(path.string().size());
  }
  return "";
}

GemminiResult result(std::uint64_t ours, std::uint64_t searched, std::uint64_t own) {
  GemminiResult result;
  result.layer.searched = Cycles(searched);
  result.layer.own = Cycles(own);
  result.cycles = Cycles(ours);
  return result;
}

TEST(Gemmini, TheTableIsReadWhole) {
  const auto layers = load_gemmini_layers(kFolder + "firesim_cycles.csv");
  ASSERT_EQ(layers.size(), 144U);
  EXPECT_EQ(layers[0].name(), "dense 128x768x768");
  EXPECT_EQ(layers[0].samples(), 128U);
  EXPECT_EQ(layers[0].scratchpad_bytes, 110'592U);
  EXPECT_EQ(layers[0].better(), Cycles(370'440));
  const auto named = [&](const std::string& name) {
    return std::ranges::count(layers, name, &GemminiLayer::name);
  };
  EXPECT_EQ(named("7x7 3x3 512->512"), 3);
  EXPECT_EQ(named("7x7 3x3/2 512->512"), 3);
}

TEST(Gemmini, AConvolutionsImageHasNoBorders) {
  const TempFiles folder;
  const auto layers = load_gemmini_layers(
      folder.write("layers.csv", kHeader + "512,130048,7,5,3,2,64,32,1,2,1,10,20\n"));
  const Graph graph = layers.front().graph();
  EXPECT_EQ(graph.shape(graph.inputs.front()), (Shape{15, 6, 64}));
  EXPECT_EQ(graph.shape(graph.outputs.front()), (Shape{7, 5, 32}));
}

TEST(Gemmini, ADamagedTableIsRefusedWithItsLine) {
  EXPECT_EQ(error_of("a,b\n"),
            ":1: expected the header '" + kHeader.substr(0, kHeader.size() - 1) + "'");
  EXPECT_EQ(error_of(kHeader), ": there is no layer in it");
  EXPECT_EQ(error_of(kHeader + "512,130048,7,5\n"), ":2: a row has 13 numbers");
  EXPECT_EQ(error_of(kHeader + "512,130048,7,5,3,2,64,32,1,2,1,10,20,3\n"),
            ":2: a row has 13 numbers");
  EXPECT_EQ(error_of(kHeader + "512,130048,7,x,3,2,64,32,1,2,1,10,20\n"),
            ":2: number 4 is 'x'; allowed: 1 to 1000000");
}

TEST(Gemmini, QuartilesLieBetweenLayers) {
  const std::vector<GemminiResult> results = {result(200, 100, 400), result(100, 100, 100),
                                              result(300, 600, 600), result(90, 100, 200),
                                              result(5, 1, 1)};
  const RatioSummary summary = summary_of(results, Cycles(1));
  EXPECT_EQ(summary.layers, 4U);
  EXPECT_DOUBLE_EQ(summary.lower_quartile, 0.8);
  EXPECT_DOUBLE_EQ(summary.median, 0.95);
  EXPECT_DOUBLE_EQ(summary.upper_quartile, 1.25);
  EXPECT_DOUBLE_EQ(summary.worst, 2.0);
  EXPECT_EQ(summary.slower, 1U);
  EXPECT_EQ(summary_of(results, Cycles(1'000)).layers, 0U);
}

TEST(Gemmini, ALayerRunsOnItsOwnMemories) {
  auto layers = load_gemmini_layers(kFolder + "firesim_cycles.csv");
  const ArrayConfig array = load_array_config(kFolder + "array.yaml");
  layers.resize(2);
  const auto results = run_gemmini_layers(layers, array, 2);
  ASSERT_EQ(results.size(), 2U);
  EXPECT_GT(results[1].cycles, Cycles(128 * 4 * 8)) << "at least M for each tile of weights";
  layers[0].scratchpad_bytes = 4096;
  EXPECT_THROW(run_gemmini_layers(layers, array, 1), InputError);
}

}  // namespace
}  // namespace systol
