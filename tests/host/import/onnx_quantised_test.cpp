#include <gtest/gtest.h>

#include <optional>

#include "host/quantise/quantise.h"
#include "tests/host/graph/small_graphs.h"
#include "tests/host/import/onnx_builder.h"

namespace systol {
namespace {

using test::values_of;
using testing::nodes_of;
using testing::OnnxBuilder;
using testing::set_attribute;

OnnxBuilder pair_model(std::int32_t type, std::int32_t zero) {
  OnnxBuilder builder({2});
  builder.floats("s", {}, {0.5F});
  auto& point = builder.integers("z", {});
  point.set_data_type(type);
  point.clear_dims();
  point.add_int32_data(zero);
  builder.node("Relu", {"x"}, "r");
  builder.node("QuantizeLinear", {"r", "s", "z"}, "q");
  builder.node("DequantizeLinear", {"q", "s", "z"}, "d");
  builder.node("Sigmoid", {"d"}, "y");
  return builder;
}

TEST(OnnxQuantised, APairIsKeptForTheQuantiser) {
  OnnxBuilder builder = pair_model(onnx::TensorProto::UINT8, 100);
  EXPECT_EQ(nodes_of(builder, "y"), "node r = relu(input)\nnode y = sigmoid(r)\noutput y\n");
  builder.output("y");
  const Graph graph = builder.import();
  ASSERT_EQ(graph.fixed_quantisations.size(), 1U);
  EXPECT_EQ(graph.tensor(graph.fixed_quantisations.begin()->first).name, "r");
  EXPECT_EQ(graph.fixed_quantisations.begin()->second, (FixedQuantisation{0.5F, -28}));
  OnnxBuilder wide = pair_model(onnx::TensorProto::INT8, -3);
  wide.output("y");
  EXPECT_EQ(wide.import().fixed_quantisations.begin()->second, (FixedQuantisation{0.5F, -3}));
}

TEST(OnnxQuantised, QuantisedWeightsBecomeNumbers) {
  OnnxBuilder builder({2});
  auto& weights = builder.integers("w8", {});
  weights.set_data_type(onnx::TensorProto::INT8);
  weights.clear_dims();
  weights.add_dims(2);
  weights.add_dims(2);
  weights.set_raw_data(std::string("\x01\xFF\x02\x80", 4));
  builder.floats("s", {2}, {0.5F, 2});
  set_attribute(builder.node("DequantizeLinear", {"w8", "s"}, "w"), "axis", std::int64_t{1});
  builder.node("MatMul", {"x", "w"}, "y");
  builder.output("y");
  EXPECT_EQ(values_of(builder.import(), "y.weights"), (std::vector<float>{0.5F, -2, 1, -256}));
}

TEST(OnnxQuantised, AnOutputThatStaysQuantisedIsGivenInRealUnits) {
  OnnxBuilder builder = pair_model(onnx::TensorProto::INT8, 0);
  builder.model.mutable_graph()->mutable_node()->DeleteSubrange(2, 2);
  builder.output("q");
  const Graph graph = builder.import();
  EXPECT_EQ(graph.fixed_quantisations.begin()->second, (FixedQuantisation{0.5F, 0}));
  EXPECT_EQ(graph.notes, std::vector<std::string>{
                             "node 'q' (QuantizeLinear) is the last: its output is given in real "
                             "units, not in steps"});
}

TEST(OnnxQuantised, RefusesValuesThatStayQuantised) {
  OnnxBuilder builder = pair_model(onnx::TensorProto::INT8, 0);
  builder.output("q");
  EXPECT_EQ(builder.error(),
            "node 'q' (QuantizeLinear): a node other than DequantizeLinear reads it, which is not "
            "supported");
  OnnxBuilder other = pair_model(onnx::TensorProto::INT8, 0);
  other.floats("s2", {}, {0.25F});
  other.model.mutable_graph()->mutable_node(2)->set_input(1, "s2");
  EXPECT_EQ(other.error(),
            "node 'd' (DequantizeLinear): its input does not come from a QuantizeLinear with the "
            "same scale and zero point");
}

/// x + d, where d is 0.5 x (c - zero).
OnnxBuilder added_constant(onnx::TensorProto::DataType type, const std::string& bytes,
                           std::optional<std::int32_t> zero) {
  OnnxBuilder builder({3});
  auto& constant = builder.integers("c", {});
  constant.set_data_type(type);
  constant.set_dims(0, 3);
  constant.set_raw_data(bytes);
  builder.floats("s", {}, {0.5F});
  std::string point;
  if (zero) {
    point = "z";
    auto& tensor = builder.integers(point, {});
    tensor.set_data_type(type);
    tensor.clear_dims();
    tensor.add_int32_data(*zero);
  }
  builder.node("DequantizeLinear", {"c", "s", point}, "d");
  builder.node("Add", {"x", "d"}, "y");
  builder.output("y");
  return builder;
}

TEST(OnnxQuantised, AConstantThatIsAddedKeepsItsScale) {
  const auto fixed = [](const OnnxBuilder& builder) {
    const Graph graph = builder.import();
    const TensorId constant = graph.constants.at(0).tensor;
    return graph.fixed_quantisations.at(constant);
  };
  const std::string bytes("\x0A\xEC\x7F", 3);  // 10, -20 or 236, 127
  const OnnxBuilder builder = added_constant(onnx::TensorProto::INT8, bytes, 3);
  EXPECT_EQ(values_of(builder.import(), "y.constant"), (std::vector<float>{3.5F, -11.5F, 62}));
  EXPECT_EQ(fixed(builder), (FixedQuantisation{0.5F, 3}));
  EXPECT_EQ(fixed(added_constant(onnx::TensorProto::INT8, bytes, {})),
            (FixedQuantisation{0.5F, 0}));
  EXPECT_EQ(fixed(added_constant(onnx::TensorProto::UINT8, bytes, 100)),
            (FixedQuantisation{0.5F, -28}));
}

TEST(OnnxQuantised, TheQuantiserTakesTheConstantsScale) {
  const auto graph = std::make_shared<const Graph>(
      added_constant(onnx::TensorProto::INT8, std::string("\x0A\xEC\x7F", 3), 3).import());
  const QuantGraph quantised = quantise(graph, std::vector<float>{1, 2, 3}, 1);
  EXPECT_EQ(quantised.of(graph->constants.at(0).tensor), (Quantisation{0.5F, 3}));
  const auto& add = std::get<QuantBinary>(quantised.nodes.at(0));
  EXPECT_EQ(add.constant, (std::vector<std::int8_t>{10, -20, 127}));
}

}  // namespace
}  // namespace systol
