#include <gtest/gtest.h>

#include "tests/host/graph/small_graphs.h"
#include "tests/host/import/onnx_builder.h"

namespace systol {
namespace {

using test::values_of;
using testing::nodes_of;
using testing::OnnxBuilder;
using testing::set_attribute;

/// A sequence of two steps of one value; weights of one hidden value.
OnnxBuilder recurrent_model(const std::string& op, std::int64_t gates) {
  OnnxBuilder builder({2, 1});
  auto* type = builder.model.mutable_graph()->mutable_input(0)->mutable_type();
  auto* shape = type->mutable_tensor_type()->mutable_shape();
  shape->mutable_dim(0)->set_dim_value(2);  // the sequence
  shape->mutable_dim(1)->clear_value();
  shape->mutable_dim(1)->set_dim_param("batch");
  builder.floats("w", {1, gates, 1}, std::vector<float>(static_cast<std::size_t>(gates), 0.5F));
  builder.floats("r", {1, gates, 1}, std::vector<float>(static_cast<std::size_t>(gates), 0.25F));
  auto& node = builder.node(op, {"x", "w", "r"}, "");
  node.set_name("cell");
  node.add_output("y");
  return builder;
}

TEST(OnnxRecurrent, AnRnnIsAProjectionAndAProductForEachStep) {
  EXPECT_EQ(nodes_of(recurrent_model("RNN", 1), "y"),
            R"(node cell.inputs = matmul(input, cell.weights, cell.bias)
node cell.t0.x = slice[0:1, 0:1](cell.inputs)
node cell.t0.hidden = tanh(cell.t0.x)
node cell.t1.x = slice[1:1, 0:1](cell.inputs)
node cell.t1.product = matmul(cell.t0.hidden, cell.recurrent.weights, cell.recurrent.bias)
node cell.t1.sum = add(cell.t1.x, cell.t1.product)
node cell.t1.hidden = tanh(cell.t1.sum)
output cell.t1.hidden
)");
}

TEST(OnnxRecurrent, TheFirstStepOfAnLstmForgetsNothing) {
  const std::string nodes = nodes_of(recurrent_model("LSTM", 4), "y");
  EXPECT_EQ(nodes.find("cell.t0.gate_f"), std::string::npos);
  EXPECT_NE(nodes.find("node cell.t1.gate_f = sigmoid(cell.t1.gate_f.sum)\n"), std::string::npos);
  EXPECT_NE(nodes.find("node cell.t1.kept = multiply(cell.t1.gate_f, cell.t0.fresh)\n"
                       "node cell.t1.cell = add(cell.t1.fresh, cell.t1.kept)\n"
                       "node cell.t1.cell_function = tanh(cell.t1.cell)\n"
                       "node cell.t1.hidden = multiply(cell.t1.gate_o, cell.t1.cell_function)\n"),
            std::string::npos)
      << nodes;
}

TEST(OnnxRecurrent, AReverseOneBeginsAtTheEnd) {
  OnnxBuilder builder = recurrent_model("GRU", 3);
  set_attribute(*builder.model.mutable_graph()->mutable_node(0), "direction",
                std::string("reverse"));
  const std::string nodes = nodes_of(builder, "y");
  EXPECT_LT(nodes.find("cell.t1.hidden"), nodes.find("cell.t0.hidden"));
  EXPECT_NE(nodes.find("output cell.t0.hidden\n"), std::string::npos);
}

TEST(OnnxRecurrent, AConstantStateIsMultipliedAtImport) {
  OnnxBuilder builder = recurrent_model("RNN", 1);
  builder.floats("h", {1, 1, 1}, {2});
  auto& node = *builder.model.mutable_graph()->mutable_node(0);
  node.add_input("");
  node.add_input("");
  node.add_input("h");
  builder.output("y");
  EXPECT_EQ(values_of(builder.import(), "cell.t0.product"), std::vector<float>{0.5F});
}

TEST(OnnxRecurrent, TheWholeLengthMayBeGiven) {
  OnnxBuilder builder = recurrent_model("RNN", 1);
  const std::string without = nodes_of(builder, "y");
  builder.integers("length", {2});
  auto& node = *builder.model.mutable_graph()->mutable_node(0);
  node.add_input("");
  node.add_input("length");
  EXPECT_EQ(nodes_of(builder, "y"), without);
  builder.model.mutable_graph()->mutable_initializer()->rbegin()->set_int64_data(0, 1);
  EXPECT_EQ(builder.error(),
            "node 'cell' (RNN): its sequence length is 1; supported is the whole length, 2");
}

TEST(OnnxRecurrent, RefusesWhatChangesTheCell) {
  OnnxBuilder builder = recurrent_model("LSTM", 4);
  auto& node = *builder.model.mutable_graph()->mutable_node(0);
  set_attribute(node, "clip", 1.0F);
  EXPECT_EQ(builder.error(),
            "node 'cell' (LSTM): its attributes 'clip' and 'input_forget' are not supported");
  node.clear_attribute();
  set_attribute(node, "hidden_size", std::int64_t{2});
  EXPECT_EQ(builder.error(),
            "node 'cell' (LSTM): its attribute 'hidden_size' is not that of its weights");
  node.clear_attribute();
  set_attribute(node, "activations", 0.0F);
  auto& names = *node.mutable_attribute(0);
  for (const char* name : {"Sigmoid", "Tanh", "Affine"}) {
    names.add_strings(name);
  }
  EXPECT_EQ(builder.error(),
            "node 'cell' (LSTM): the activation Affine is not supported; supported are Relu, "
            "LeakyRelu, Sigmoid, HardSigmoid, Tanh, Elu and Softplus");
}

}  // namespace
}  // namespace systol
