// Models that are quantised in their files: their integers against ONNX's formulas, worked out
// here.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "host/quantise/quantise.h"
#include "host/reference/integer_network.h"
#include "tests/host/import/onnx_builder.h"

namespace systol {
namespace {

using testing::OnnxBuilder;
using testing::set_attribute;

onnx::TensorProto& bytes(OnnxBuilder& builder, const std::string& name, std::int32_t type,
                         std::initializer_list<std::int64_t> shape,
                         const std::vector<int>& values) {
  onnx::TensorProto& tensor = builder.integers(name, {});
  tensor.set_data_type(type);
  tensor.clear_dims();
  for (const std::int64_t extent : shape) {
    tensor.add_dims(extent);
  }
  tensor.mutable_int32_data()->Assign(values.begin(), values.end());
  return tensor;
}

/// x in steps of 1/2 about 130 of uint8; y in steps of 2 about 100.
void add_scales(OnnxBuilder& builder) {
  builder.floats("xs", {}, {0.5F});
  bytes(builder, "xz", onnx::TensorProto::UINT8, {}, {130});
  builder.floats("ys", {}, {2.0F});
  bytes(builder, "yz", onnx::TensorProto::UINT8, {}, {100});
  builder.node("QuantizeLinear", {"x", "xs", "xz"}, "q");
}

/// The network's inputs and what the reference makes of them, in int8.
struct Result {
  QuantGraph graph;
  std::vector<std::int8_t> inputs;
  std::vector<std::int8_t> outputs;
};

Result result_of(const OnnxBuilder& builder, std::size_t rows) {
  const auto graph = std::make_shared<const Graph>(builder.import());
  std::vector<float> values;
  for (std::size_t i = 0; i < rows * graph->input_size(); ++i) {
    values.push_back(static_cast<float>(i * 37 % 91) - 45.0F);
  }
  Result result{quantise(graph, values, rows), {}, {}};
  result.inputs = quantise_inputs(result.graph, values);
  const IntegerResult integers = run_integer(result.graph, result.inputs, rows);
  const auto outputs = integers.of(graph->outputs.front());
  result.outputs.assign(outputs.begin(), outputs.end());
  return result;
}

/// A sum in steps of `step`, as y.
int requantised(int sum, double step) {
  return std::clamp(static_cast<int>(std::floor(sum * step / 2.0 + 0.5)) + 100, 0, 255) - 128;
}

const std::vector<int> kWeights = {3, -5, 7, 11, 2, -128, 0, 9, 1, -4, 6, 5};

TEST(OnnxPairs, QLinearMatMulHasItsFilesIntegers) {
  OnnxBuilder builder({4});
  add_scales(builder);
  bytes(builder, "w", onnx::TensorProto::INT8, {4, 3}, kWeights);
  builder.floats("ws", {3}, {0.25F, 0.5F, 0.125F});
  bytes(builder, "wz", onnx::TensorProto::INT8, {3}, {0, 0, 0});
  builder.node("QLinearMatMul", {"q", "xs", "xz", "w", "ws", "wz", "ys", "yz"}, "p");
  builder.node("DequantizeLinear", {"p", "ys", "yz"}, "y");
  builder.output("y");
  const Result result = result_of(builder, 20);
  const std::vector<double> scales = {0.25, 0.5, 0.125};
  for (std::size_t row = 0; row < 20; ++row) {
    for (std::size_t n = 0; n < 3; ++n) {
      int sum = 0;
      for (std::size_t k = 0; k < 4; ++k) {
        sum += (result.inputs[row * 4 + k] - (130 - 128)) * kWeights[k * 3 + n];
      }
      EXPECT_EQ(result.outputs[row * 3 + n], requantised(sum, 0.5 * scales[n])) << row << ", " << n;
    }
  }
}

TEST(OnnxPairs, QLinearConvHasABiasAndIntegersAreMoved) {
  OnnxBuilder builder({1, 2, 2});
  add_scales(builder);
  bytes(builder, "w", onnx::TensorProto::INT8, {2, 1, 1, 1}, {9, -4});
  builder.floats("ws", {2}, {0.25F, 0.5F});
  bytes(builder, "wz", onnx::TensorProto::INT8, {2}, {0, 0});
  bytes(builder, "b", onnx::TensorProto::INT32, {2}, {401, -133});
  builder.node("QLinearConv", {"q", "xs", "xz", "w", "ws", "wz", "ys", "yz", "b"}, "c");
  set_attribute(builder.node("MaxPool", {"c"}, "m"), "kernel_shape",
                std::vector<std::int64_t>{2, 2});
  builder.node("Flatten", {"m"}, "f");
  builder.node("DequantizeLinear", {"f", "ys", "yz"}, "y");
  builder.output("y");
  const Result result = result_of(builder, 12);
  for (std::size_t row = 0; row < 12; ++row) {
    const auto* pixels = &result.inputs[row * 4];
    int first = -128;
    int second = -128;
    for (std::size_t i = 0; i < 4; ++i) {
      first = std::max(first, requantised((pixels[i] - 2) * 9 + 401, 0.125));
      second = std::max(second, requantised((pixels[i] - 2) * -4 - 133, 0.25));
    }
    EXPECT_EQ(result.outputs[row * 2], first) << row;
    EXPECT_EQ(result.outputs[row * 2 + 1], second) << row;
  }
}

TEST(OnnxPairs, DynamicScalesAreCalibratedAndWeightsKeepTheirs) {
  OnnxBuilder builder({2});
  auto& dynamic = builder.node("DynamicQuantizeLinear", {"x"}, "q");
  dynamic.add_output("qs");
  dynamic.add_output("qz");
  bytes(builder, "w", onnx::TensorProto::UINT8, {2, 2}, {130, 0, 200, 129});
  bytes(builder, "wz", onnx::TensorProto::UINT8, {}, {128});
  builder.floats("ws", {}, {0.5F});
  builder.node("MatMulInteger", {"q", "w", "qz", "wz"}, "sums");
  set_attribute(builder.node("Cast", {"sums"}, "cast"), "to",
                std::int64_t{onnx::TensorProto::FLOAT});
  builder.node("Mul", {"qs", "ws"}, "step");
  builder.node("Mul", {"cast", "step"}, "y");
  builder.output("y");
  const Graph graph = builder.import();
  EXPECT_EQ(graph.notes, (std::vector<std::string>{
                             "node 'q': its scale depends on the sample; the machine's is found by "
                             "calibration"}));
  const Result result = result_of(builder, 6);
  ASSERT_EQ(result.graph.nodes.size(), 1U);
  EXPECT_EQ(std::get<QuantMatMul>(result.graph.nodes[0]).weights,
            (std::vector<std::int8_t>{2, -128, 72, 1}));
}

TEST(OnnxPairs, IntegerWeightsMayHaveAZeroPointForEachChannel) {
  OnnxBuilder builder({2});
  bytes(builder, "w8", onnx::TensorProto::INT8, {2, 2}, {3, -7, 5, 9});
  bytes(builder, "wz", onnx::TensorProto::INT8, {2}, {0, 1});
  auto& quantise = builder.node("DynamicQuantizeLinear", {"x"}, "q");
  quantise.add_output("step");
  quantise.add_output("zero");
  builder.node("MatMulInteger", {"q", "w8", "zero", "wz"}, "y");
  builder.output("y");
  EXPECT_EQ(values_of(builder.import(), "y.weights"), (std::vector<float>{3, -8, 5, 8}));
}

TEST(OnnxPairs, AChannelThatIsMultipliedByZeroIsZero) {
  OnnxBuilder builder({2});
  bytes(builder, "w8", onnx::TensorProto::INT8, {2, 2}, {3, -7, 5, 9});
  builder.floats("ws", {}, {0.5F});
  builder.floats("factor", {2}, {2, 0});
  builder.node("DequantizeLinear", {"w8", "ws"}, "w");
  builder.node("MatMul", {"x", "w"}, "m");
  builder.node("Mul", {"m", "factor"}, "y");
  builder.output("y");
  const Result result = result_of(builder, 3);
  EXPECT_EQ(std::get<QuantMatMul>(result.graph.nodes[0]).weights,
            (std::vector<std::int8_t>{3, 0, 5, 0}));
}

TEST(OnnxPairs, WeightsThatAreNoInt8AreQuantisedAnew) {
  OnnxBuilder builder({2});
  bytes(builder, "w8", onnx::TensorProto::UINT8, {2, 1}, {0, 200});
  builder.floats("ws", {}, {0.5F});
  builder.node("DequantizeLinear", {"w8", "ws"}, "w");
  builder.node("MatMul", {"x", "w"}, "y");
  builder.output("y");
  const Graph graph = builder.import();
  EXPECT_TRUE(graph.weight_scales.empty());
  ASSERT_EQ(graph.notes.size(), 1U);
  EXPECT_EQ(graph.notes[0].substr(graph.notes[0].find("node")),
            "node 'y' (MatMul): its weights, less their zero points, are no int8 with a scale for "
            "each output: they are quantised anew");
}

TEST(OnnxPairs, IntegersThatAreNotOfADynamicScaleAreRefusedByName) {
  OnnxBuilder builder({2});
  add_scales(builder);
  bytes(builder, "w", onnx::TensorProto::INT8, {2, 1}, {1, 2});
  builder.node("MatMulInteger", {"q", "w", "xz"}, "y");
  builder.output("y");
  EXPECT_EQ(builder.error().substr(0, 76),
            "it has operators that are not supported: MatMulInteger (node 'y'); supported");
}

}  // namespace
}  // namespace systol
