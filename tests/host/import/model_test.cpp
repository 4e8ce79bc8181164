#include "host/import/model.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "sim/base/error.h"

namespace systol {
namespace {

TEST(Model, TellsTheFormatByTheExtension) {
  const auto configs = std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs";
  EXPECT_EQ(import_model(configs / "models/mnist_mlp.onnx").layers.size(), 3U);
  EXPECT_EQ(import_model(configs / "workloads/wide-mlp.yaml").layers.size(), 2U);
}

TEST(Model, RefusesOtherExtensions) {
  for (const std::string path : {"model.pt", "model", ".onnx", "configs"}) {
    try {
      import_model(path);
      ADD_FAILURE() << path;
    } catch (const InputError& error) {
      EXPECT_EQ(error.what(),
                path + ": not a model; supported are ONNX (.onnx) and workloads (.yaml, .yml)");
    }
  }
}

}  // namespace
}  // namespace systol
