#include "host/import/model.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "sim/base/error.h"
#include "tests/host/graph/small_graphs.h"

namespace systol {
namespace {

TEST(Model, TellsTheFormatByTheExtension) {
  const auto configs = std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs";
  EXPECT_EQ(test::count_matmuls(import_model(configs / "models/mnist_mlp.onnx")), 3U);
  EXPECT_EQ(test::count_matmuls(import_model(configs / "workloads/wide-mlp.yaml")), 2U);
}

std::string model_error(const std::string& model) {
  try {
    import_model_or_sizes(model);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Model, RefusesOtherExtensions) {
  EXPECT_EQ(model_error(SYSTOL_SOURCE_DIR "/README.md"), SYSTOL_SOURCE_DIR
            "/README.md: not a model; supported are ONNX (.onnx) and workloads (.yaml, .yml)");
}

TEST(Model, SaysWhereThereIsNoFile) {
  for (const std::string path : {"model.pt", "model", ".onnx", "64y"}) {
    EXPECT_EQ(model_error(path),
              path +
                  ": no such file; a model is a file (.onnx, .yaml, .yml) or layer "
                  "sizes, as 784x128x10");
  }
  for (const std::string path : {"model.onnx", "model.yaml"}) {
    EXPECT_EQ(model_error(path), path + ": no such file");
  }
}

TEST(Model, DigitsAndCrossesAreSizes) {
  EXPECT_EQ(test::count_matmuls(import_model_or_sizes("784x128x10")), 2U);
  EXPECT_EQ(model_error("64x"),
            "'64x': not a size; a size is N, KxN or AxBxC..., of whole numbers from 1 to 1000000");
}

}  // namespace
}  // namespace systol
