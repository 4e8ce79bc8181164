// States that an ONNX file has as inputs and outputs.
#include <gtest/gtest.h>

#include "tests/host/import/onnx_builder.h"

namespace systol {
namespace {

using testing::OnnxBuilder;

void add_input(OnnxBuilder& builder, const std::string& name,
               std::initializer_list<std::int64_t> shape) {
  auto* input = builder.model.mutable_graph()->add_input();
  input->set_name(name);
  auto* type = input->mutable_type()->mutable_tensor_type();
  type->set_elem_type(onnx::TensorProto::FLOAT);
  for (const std::int64_t extent : shape) {
    type->mutable_shape()->add_dim()->set_dim_value(extent);
  }
}

/// An LSTM of 3 units over one step of x [1, batch, 2], with both states as exporters write them.
OnnxBuilder lstm() {
  OnnxBuilder builder({1, 2});
  auto* shape = builder.model.mutable_graph()
                    ->mutable_input(0)
                    ->mutable_type()
                    ->mutable_tensor_type()
                    ->mutable_shape();
  shape->mutable_dim(0)->set_dim_value(1);
  add_input(builder, "h0", {1, 1, 3});
  add_input(builder, "c0", {1, 1, 3});
  builder.floats("w", {1, 12, 2}, std::vector<float>(24, 0.5F));
  builder.floats("r", {1, 12, 3}, std::vector<float>(36, 0.25F));
  auto& node = builder.node("LSTM", {"x", "w", "r", "", "", "h0", "c0"}, "y");
  node.set_name("cell");
  node.add_output("hn");
  node.add_output("cn");
  builder.output("y");
  builder.output("hn");
  builder.output("cn");
  return builder;
}

Graph imported(const OnnxBuilder& builder, const GivenStates& states) {
  const std::string path = OnnxBuilder::save("model.onnx", builder.model.SerializeAsString());
  return import_onnx(path, {}, states);
}

std::string error_of(const OnnxBuilder& builder, const GivenStates& states) {
  try {
    imported(builder, states);
  } catch (const InputError& error) {
    const std::string message = error.what();
    return message.substr(message.find("state"));
  }
  return "no error";
}

TEST(OnnxStates, OfAnLstmAreItsInitialAndLastValues) {
  const Graph graph = imported(lstm(), {{"h0", "hn"}, {"c0", "cn"}});
  const std::string text = to_text(graph);
  EXPECT_NE(text.find("input x [1, 2]\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("input h0"), std::string::npos) << text;
  EXPECT_NE(text.find("state h0 [1, 3] next cell.t0.hidden\n"
                      "state c0 [1, 3] next cell.t0.cell\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(graph.outputs.size(), 1U);
}

TEST(OnnxStates, WithoutNamesTheyAreInputsAndOutputs) {
  const Graph graph = imported(lstm(), {});
  EXPECT_EQ(graph.inputs.size(), 3U);
  EXPECT_EQ(graph.outputs.size(), 3U);
  EXPECT_TRUE(graph.states.empty());
}

/// Tokens x [batch, 1, 4] ask earlier ones, "past" [1, 3, 4], and themselves.
OnnxBuilder decoder() {
  OnnxBuilder builder({1, 4});
  add_input(builder, "past", {1, 3, 4});
  set_attribute(builder.node("Concat", {"past", "x"}, "present"), "axis", std::int64_t{1});
  auto& turned = builder.node("Transpose", {"present"}, "turned");
  testing::set_attribute(turned, "perm", std::vector<std::int64_t>{0, 2, 1});
  builder.node("MatMul", {"x", "turned"}, "scores");
  set_attribute(builder.node("Softmax", {"scores"}, "shares"), "axis", std::int64_t{-1});
  builder.node("MatMul", {"shares", "present"}, "y");
  builder.output("y");
  builder.output("present");
  return builder;
}

TEST(OnnxStates, AnInputWithRowsAppendedGrows) {
  const Graph graph = imported(decoder(), {{"past", "present"}});
  ASSERT_EQ(graph.states.size(), 1U);
  EXPECT_EQ(graph.states[0].axis, 0U);
  EXPECT_EQ(graph.states[0].next, graph.inputs[0]);
  EXPECT_EQ(graph.outputs.size(), 1U);
}

TEST(OnnxStates, BeginWithTheInitializersOfTheirInputs) {
  OnnxBuilder builder = lstm();
  builder.floats("c0", {1, 1, 3}, {1, 2, 3});
  const Graph graph = imported(builder, {{"h0", "hn"}, {"c0", "cn"}});
  ASSERT_EQ(graph.states.size(), 2U);
  EXPECT_TRUE(graph.states[0].initial.empty());
  EXPECT_EQ(graph.states[1].initial, (std::vector<float>{1, 2, 3}));
  OnnxBuilder other = lstm();
  other.floats("c0", {1, 3}, {1, 2, 3});
  EXPECT_EQ(
      error_of(other, {{"h0", "hn"}, {"c0", "cn"}}),
      "state 'c0=cn': the initializer 'c0' has shape [1, 3], and a sample of the input [1, 1, "
      "3]");
}

TEST(OnnxStates, AreThoseThatTheFileNotesIfNoneAreGiven) {
  OnnxBuilder builder = lstm();
  const auto note = [&](const std::string& input, const std::string& output) {
    auto& entry = *builder.model.add_metadata_props();
    entry.set_key("systol.state." + input);
    entry.set_value(output);
  };
  note("c0", "cn");
  EXPECT_EQ(imported(builder, {}).states.size(), 1U);
  EXPECT_EQ(imported(builder, {{"h0", "hn"}, {"c0", "cn"}}).states.size(), 2U);
  note("h1", "hn");
  EXPECT_EQ(error_of(builder, {}),
            "state 'h1=hn': no input is called 'h1'; those that are no state yet: 'h0', 'x'");
}

TEST(OnnxStates, MistakesAreNamed) {
  EXPECT_EQ(error_of(lstm(), {{"h", "hn"}}),
            "state 'h=hn': no input is called 'h'; those that are no state yet: 'c0', 'h0', 'x'");
  EXPECT_EQ(error_of(lstm(), {{"h0", "hn"}, {"c0", "hn"}}),
            "state 'c0=hn': no output is called 'hn'; those that are no state yet: 'cn', 'y'");
  EXPECT_EQ(error_of(decoder(), {{"x", "present"}}),
            "state 'x=present': the input has shape [1, 4] and the output [4, 4]; they are alike, "
            "or the output is the input with rows appended by a Concat");
}

}  // namespace
}  // namespace systol
