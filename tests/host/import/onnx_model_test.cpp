#include "host/import/onnx_model.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "host/graph/text.h"
#include "host/graph/verify.h"
#include "tests/host/import/onnx_builder.h"

namespace systol {
namespace {

using testing::OnnxBuilder;

const std::filesystem::path kModels = std::filesystem::path(SYSTOL_SOURCE_DIR) / "configs/models";

std::string bytes_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

TEST(OnnxModel, ReadsTheDigitsNetworkFromPyTorch) {
  const Graph graph = import_onnx(kModels / "mnist_mlp.onnx");
  verify(graph);
  EXPECT_EQ(to_text(graph), R"(graph "mnist_mlp"
input input [784]
constant /0/Gemm.weights [784, 128]
constant /0/Gemm.bias [128]
constant /2/Gemm.weights [128, 64]
constant /2/Gemm.bias [64]
constant /4/Gemm.weights [64, 10]
constant /4/Gemm.bias [10]
node /0/Gemm = matmul(input, /0/Gemm.weights, /0/Gemm.bias)
node /1/Relu = relu(/0/Gemm)
node /2/Gemm = matmul(/1/Relu, /2/Gemm.weights, /2/Gemm.bias)
node /3/Relu = relu(/2/Gemm)
node /4/Gemm = matmul(/3/Relu, /4/Gemm.weights, /4/Gemm.bias)
output /4/Gemm
)");
  EXPECT_TRUE(graph.has_values());
}

TEST(OnnxModel, ReadsEveryActivationOfTheOtherTwo) {
  EXPECT_EQ(to_text(import_onnx(kModels / "mnist_linear_softmax.onnx")),
            R"(graph "mnist_linear_softmax"
input input [784]
constant /0/0.0/Gemm.weights [784, 10]
constant /0/0.0/Gemm.bias [10]
node /0/0.0/Gemm = matmul(input, /0/0.0/Gemm.weights, /0/0.0/Gemm.bias)
node /1/Softmax = softmax(/0/0.0/Gemm)
output /1/Softmax
)");
  EXPECT_EQ(to_text(import_onnx(kModels / "mnist16_mlp_tanh.onnx")),
            R"(graph "mnist16_mlp_tanh"
input input [256]
constant /0/Gemm.weights [256, 96]
constant /0/Gemm.bias [96]
constant /2/Gemm.weights [96, 48]
constant /2/Gemm.bias [48]
constant /4/Gemm.weights [48, 10]
constant /4/Gemm.bias [10]
node /0/Gemm = matmul(input, /0/Gemm.weights, /0/Gemm.bias)
node /1/Tanh = tanh(/0/Gemm)
node /2/Gemm = matmul(/1/Tanh, /2/Gemm.weights, /2/Gemm.bias)
node /3/Sigmoid = sigmoid(/2/Gemm)
node /4/Gemm = matmul(/3/Sigmoid, /4/Gemm.weights, /4/Gemm.bias)
output /4/Gemm
)");
}

TEST(OnnxModel, RefusesWhatIsNoFile) {
  const auto error = [](const std::filesystem::path& path) -> std::string {
    try {
      import_onnx(path);
    } catch (const InputError& caught) {
      return caught.what();
    }
    return "no error";
  };
  EXPECT_EQ(error("/nowhere/model.onnx"), "/nowhere/model.onnx: no such file");
  EXPECT_EQ(error("/"), "/: not a file");
  EXPECT_EQ(error("/dev/zero"), "/dev/zero: not a file");
}

TEST(OnnxModel, RefusesAnEmptyFile) { EXPECT_EQ(OnnxBuilder::error_of(""), "the file is empty"); }

TEST(OnnxModel, RefusesAForeignFile) {
  EXPECT_EQ(OnnxBuilder::error_of("\x89PNG\r\n\x1a\n and so on"),
            "not an ONNX model, or cut short");
  EXPECT_EQ(OnnxBuilder::error_of(std::string("\x08\x07", 2)),
            "not an ONNX model (it holds no graph)");
}

TEST(OnnxModel, RefusesAHugeFileWithoutReadingIt) {
  const std::string path = OnnxBuilder::save("model.onnx", "x");
  std::filesystem::resize_file(path, std::uintmax_t{1} << 32);  // sparse
  std::string message;
  try {
    import_onnx(path);
  } catch (const InputError& error) {
    message = error.what();
  }
  std::filesystem::remove(path);
  EXPECT_EQ(message, path + ": 4294967296 bytes; an ONNX file has at most 2 GiB");
}

TEST(OnnxModel, RefusesAFileCutShortAnywhere) {
  const std::string whole = bytes_of(kModels / "mnist_linear_softmax.onnx");
  for (std::size_t size = 0; size < whole.size(); size += 1 + size / 7) {
    EXPECT_NE(OnnxBuilder::error_of(whole.substr(0, size)), "no error") << size;
  }
}

TEST(OnnxModel, SurvivesAnyByteChanged) {
  const std::string whole = bytes_of(kModels / "mnist_linear_softmax.onnx");
  for (std::size_t at = 0; at < whole.size(); at += at < 600 ? 1 : 997) {
    for (const char flip : {'\x01', '\x80', '\xFF'}) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ flip);
      OnnxBuilder::error_of(changed);  // an InputError or a network, but no other end
    }
  }
}

TEST(OnnxModel, RefusesAnOldOperatorSetAndNone) {
  OnnxBuilder builder({2});
  builder.model.mutable_opset_import(0)->set_version(6);
  EXPECT_EQ(builder.error(), "it uses operator set 6; supported are 7 and later");
  builder.model.clear_opset_import();
  EXPECT_EQ(builder.error(), "it does not say which ONNX operator set it uses");
}

}  // namespace
}  // namespace systol
