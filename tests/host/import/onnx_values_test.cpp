#include <gtest/gtest.h>

#include "tests/host/graph/small_graphs.h"
#include "tests/host/import/onnx_builder.h"

namespace systol {
namespace {

using testing::OnnxBuilder;

OnnxBuilder square_square_model() {
  OnnxBuilder builder({2});
  builder.floats("w", {2, 2}, {1, 2, 3, 4});
  builder.node("MatMul", {"x", "w"}, "y");
  return builder;
}

TEST(OnnxValues, RefusesAMissingInitializer) {
  OnnxBuilder builder = square_square_model();
  builder.model.mutable_graph()->clear_initializer();
  EXPECT_EQ(builder.error(),
            "node 'y' (MatMul): its input 'w' is neither an initializer nor any node's output");
}

TEST(OnnxValues, RefusesACycle) {
  OnnxBuilder builder({2});
  builder.node("Relu", {"b"}, "a");
  builder.node("Relu", {"a"}, "b");
  EXPECT_EQ(builder.error(),
            "node 'a' (Relu): its input 'b' comes from a later node; nodes must be in the order in "
            "which they run, without cycles");
}

TEST(OnnxValues, AValueMayHaveSeveralReaders) {
  OnnxBuilder builder = square_square_model();
  builder.node("MatMul", {"x", "w"}, "z");
  builder.node("Add", {"y", "z"}, "s");
  builder.output("s");
  EXPECT_EQ(test::count_matmuls(builder.import()), 2U);
}

TEST(OnnxValues, RefusesANameDefinedTwice) {
  OnnxBuilder builder = square_square_model();
  builder.node("Relu", {"y"}, "x");
  EXPECT_EQ(builder.error(), "node 'x' (Relu): its output 'x' is defined a second time");
  OnnxBuilder twice = square_square_model();
  twice.floats("w", {1}, {1});
  EXPECT_EQ(twice.error(), "initializer 'w' is there twice");
}

TEST(OnnxValues, RefusesWhatMustBeAConstant) {
  OnnxBuilder builder({2, 1, 1});
  builder.node("Conv", {"x", "x"}, "y");
  EXPECT_EQ(builder.error(), "node 'y' (Conv): its input 2 ('x') must be a constant");
}

TEST(OnnxValues, RefusesAConstantWhereTheActivationBelongs) {
  OnnxBuilder builder({2});
  builder.floats("w", {2, 2}, {1, 2, 3, 4});
  builder.node("Gemm", {"w", "w"}, "y");
  EXPECT_EQ(builder.error(), "node 'y' (Gemm): its input 1 ('w') is a constant, not an activation");
}

TEST(OnnxValues, RefusesANodeWithoutInputsOrOutputs) {
  OnnxBuilder builder({2});
  builder.node("MatMul", {"x"}, "y");
  EXPECT_EQ(builder.error(), "node 'y' (MatMul): it has no input 2");
  OnnxBuilder silent({2});
  silent.node("Identity", {"x"}, "y").clear_output();
  EXPECT_EQ(silent.error(), "node 'y' (Identity): it has no output");
}

TEST(OnnxValues, TakesInitializersListedAsInputs) {
  OnnxBuilder builder = square_square_model();
  builder.model.mutable_graph()->add_input()->set_name("w");
  builder.output("y");
  EXPECT_EQ(test::count_matmuls(builder.import()), 1U);
}

TEST(OnnxValues, SeveralInputsKeepTheirNames) {
  OnnxBuilder builder = square_square_model();
  *builder.model.mutable_graph()->add_input() = builder.model.graph().input(0);
  builder.model.mutable_graph()->mutable_input(1)->set_name("x2");
  builder.node("Add", {"x", "x2"}, "s");
  builder.output("s");
  const Graph graph = builder.import();
  ASSERT_EQ(graph.inputs.size(), 2U);
  EXPECT_EQ(graph.tensor(graph.inputs[1]).name, "x2");
  builder.model.mutable_graph()->mutable_input(1)->set_name("x");
  EXPECT_EQ(builder.error(), "input 'x' is there twice");
  builder.model.mutable_graph()->clear_input();
  EXPECT_EQ(builder.error(), "it has no input");
}

TEST(OnnxValues, RefusesAnInputOfAnotherType) {
  OnnxBuilder builder = square_square_model();
  auto* type = builder.model.mutable_graph()->mutable_input(0)->mutable_type();
  type->mutable_tensor_type()->set_elem_type(onnx::TensorProto::COMPLEX64);
  EXPECT_EQ(builder.error(),
            "input 'x': its type is not supported; float32, uint8, int8, int32, int64 and bool "
            "are");
}

TEST(OnnxValues, RefusesInputDimensionsThatLie) {
  EXPECT_EQ(OnnxBuilder({-3}).error(),
            "input 'x': its shape is [1, -3]; every dimension must be at least 1");
  EXPECT_EQ(OnnxBuilder({std::int64_t{1} << 40, std::int64_t{1} << 40}).error(),
            "input 'x': its shape is [1, 1099511627776, 1099511627776]; at most 536870912 elements "
            "are supported");
}

TEST(OnnxValues, AnOutputMayLieWithinTheNetwork) {
  OnnxBuilder builder = square_square_model();
  builder.node("Relu", {"y"}, "z");
  builder.output("z");
  builder.output("y");
  const Graph graph = builder.import();
  ASSERT_EQ(graph.outputs.size(), 2U);
  EXPECT_EQ(graph.tensor(graph.outputs[0]).name, "z");
  EXPECT_EQ(graph.tensor(graph.outputs[1]).name, "y");
}

TEST(OnnxValues, RefusesAnOutputDeclaredDifferently) {
  OnnxBuilder builder = square_square_model();
  builder.output("y");
  auto* type = builder.model.mutable_graph()->mutable_output(0)->mutable_type();
  auto* shape = type->mutable_tensor_type()->mutable_shape();
  shape->add_dim()->set_dim_param("batch");
  shape->add_dim()->set_dim_value(3);
  EXPECT_EQ(builder.error(),
            "output 'y': a sample of it has shape [2], not what the file declares");
  shape->mutable_dim(1)->set_dim_value(2);
  EXPECT_EQ(builder.import().output_size(), 2U);
}

}  // namespace
}  // namespace systol
