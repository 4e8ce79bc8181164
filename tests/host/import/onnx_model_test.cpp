#include "host/import/onnx_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

#include "host/graph/text.h"
#include "host/graph/verify.h"
#include "tests/host/graph/small_graphs.h"
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
  Graph graph = import_onnx(kModels / "mnist_mlp.onnx");
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
  graph.load_values();
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

/// Values of more than 4096 bytes, each another.
std::vector<float> many(std::size_t count) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    values[i] = static_cast<float>(i % 251) - 125.0F;
  }
  return values;
}

/// Float initializers with their values in raw_data.
void make_raw(onnx::ModelProto& model) {
  for (onnx::TensorProto& tensor : *model.mutable_graph()->mutable_initializer()) {
    if (tensor.float_data_size() > 0) {
      tensor.set_raw_data(tensor.float_data().data(),
                          sizeof(float) * static_cast<std::size_t>(tensor.float_data_size()));
      tensor.clear_float_data();
    }
  }
}

/// A convolution with a batch normalisation, a Gemm with factors, a product with the bytes of a
/// DequantizeLinear, some of them moved.
OnnxBuilder large_weights() {
  OnnxBuilder builder({40, 1, 1});
  builder.floats("w", {30, 40, 1, 1}, many(1200));
  builder.node("Conv", {"x", "w"}, "conv");
  for (const char* name : {"scale", "shift", "mean", "variance"}) {
    builder.floats(name, {30}, many(30));
  }
  for (float& value :
       *builder.model.mutable_graph()->mutable_initializer(4)->mutable_float_data()) {
    value = std::abs(value);
  }
  builder.node("BatchNormalization", {"conv", "scale", "shift", "mean", "variance"}, "norm");
  builder.node("Flatten", {"norm"}, "flat");
  builder.floats("v", {50, 30}, many(1500));
  onnx::NodeProto& gemm = builder.node("Gemm", {"flat", "v"}, "gemm");
  set_attribute(gemm, "transB", std::int64_t{1});
  set_attribute(gemm, "alpha", 0.3F);
  builder.floats("t", {60, 50}, many(3000));
  builder.node("Transpose", {"t"}, "turned");
  builder.node("MatMul", {"gemm", "turned"}, "product");
  onnx::TensorProto& bytes = builder.floats("q", {60, 100}, {});
  bytes.set_data_type(onnx::TensorProto::INT8);
  for (std::size_t i = 0; i < 6000; ++i) {
    bytes.mutable_raw_data()->push_back(static_cast<char>(i * 7));
  }
  builder.floats("steps", {100}, many(100));
  for (float& value :
       *builder.model.mutable_graph()->mutable_initializer(8)->mutable_float_data()) {
    value = 0.01F + std::abs(value);
  }
  builder.node("DequantizeLinear", {"q", "steps"}, "weights");
  builder.node("MatMul", {"product", "weights"}, "y");
  builder.output("y");
  return builder;
}

TEST(OnnxModel, LeavesLargeConstantsInTheFileUntilTheyAreAskedFor) {
  OnnxBuilder builder = large_weights();
  onnx::TensorProto& bytes = *builder.model.mutable_graph()->mutable_initializer(7);
  const std::string raw = bytes.raw_data();
  bytes.clear_raw_data();
  for (const char byte : raw) {
    bytes.add_int32_data(byte);
  }
  const Graph typed = builder.import();  // typed fields are read at once
  ASSERT_TRUE(typed.has_values());
  make_raw(builder.model);
  bytes.set_raw_data(raw);
  bytes.clear_int32_data();
  Graph waiting = builder.import();
  EXPECT_EQ(to_text(waiting), to_text(typed));
  EXPECT_EQ(waiting.weight_scales, typed.weight_scales);
  EXPECT_EQ(std::ranges::count_if(waiting.constants,
                                  [](const Constant& held) { return held.values.empty(); }),
            4);
  waiting.load_values();
  ASSERT_EQ(waiting.constants.size(), typed.constants.size());
  for (std::size_t i = 0; i < typed.constants.size(); ++i) {
    EXPECT_EQ(waiting.constants[i].values, typed.constants[i].values) << i;
  }
}

TEST(OnnxModel, RefusesLargeConstantsOfAnotherLengthWithoutReadingThem) {
  OnnxBuilder builder({40});
  builder.floats("w", {40, 32}, many(1281));
  make_raw(builder.model);
  builder.node("MatMul", {"x", "w"}, "y");
  builder.output("y");
  EXPECT_EQ(
      builder.error(),
      "node 'y' (MatMul): constant 'w': its dimensions ask for 5120 bytes, but the file holds "
      "5124");
}

TEST(OnnxModel, RefusesLargeConstantsThatAreNoNumbersWhenTheyAreRead) {
  OnnxBuilder builder({40});
  std::vector<float> values = many(1280);
  values[1000] = std::numeric_limits<float>::quiet_NaN();
  builder.floats("w", {40, 32}, values);
  make_raw(builder.model);
  builder.node("MatMul", {"x", "w"}, "y");
  builder.output("y");
  Graph graph = builder.import();
  const std::string error = test::input_error_of([&] { graph.load_values(); });
  EXPECT_NE(error.find("node 'y' (MatMul): constant 'w': element 1000 is nan"), std::string::npos)
      << error;
}

TEST(OnnxModel, RefusesToReadOnInAFileThatWasChanged) {
  OnnxBuilder builder = large_weights();
  make_raw(builder.model);
  Graph graph = builder.import();
  const std::string path = OnnxBuilder::save("model.onnx", "x");
  std::filesystem::last_write_time(path, std::filesystem::file_time_type{});
  EXPECT_EQ(test::input_error_of([&] { graph.load_values(); }),
            path + ": was changed while it was in use");
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
