#include <gtest/gtest.h>

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

}  // namespace
}  // namespace systol
