#include "host/import/onnx_inputs.h"

#include <gtest/gtest.h>

#include "tests/host/graph/small_graphs.h"
#include "tests/host/import/onnx_builder.h"

namespace systol::onnx_import {
namespace {

using systol::testing::OnnxBuilder;

InputUse use_of_first(const OnnxBuilder& builder, int rank) {
  return use_of(builder.model.graph(), "x", rank);
}

TEST(OnnxInputs, AnImageIsWhatAConvolutionReads) {
  OnnxBuilder builder({3, 8, 8});
  builder.node("Sub", {"x", "mean"}, "s");
  EXPECT_FALSE(use_of_first(builder, 4).image);
  builder.node("Conv", {"s", "w"}, "y");
  EXPECT_TRUE(use_of_first(builder, 4).image);
  EXPECT_FALSE(use_of_first(builder, 2).image);
}

TEST(OnnxInputs, ASequenceOfARecurrentNetworkHasItsBatchSecond) {
  OnnxBuilder builder({3, 8});
  auto& lstm = builder.node("LSTM", {"x", "w", "r"}, "y");
  EXPECT_EQ(use_of_first(builder, 3).batch, 1U);
  testing::set_attribute(lstm, "layout", std::int64_t{1});
  EXPECT_EQ(use_of_first(builder, 3).batch, 0U);
}

TEST(OnnxInputs, OpenDimensionsMustBeGiven) {
  OnnxBuilder builder({2, 3});
  auto& input = *builder.model.mutable_graph()->mutable_input(0);
  auto& shape = *input.mutable_type()->mutable_tensor_type()->mutable_shape();
  shape.mutable_dim(1)->set_dim_param("length");
  std::optional<std::int64_t> batch;
  const auto declared = [&] { return declared_shape(input, {}, batch, "m.onnx: input 'x'"); };
  EXPECT_EQ(test::input_error_of([&] { declared(); }),
            "m.onnx: input 'x': dimension 1 ('length') has no size; only the batch may be open, "
            "others must be given");
  shape.mutable_dim(1)->clear_dim_param();
  EXPECT_EQ(test::input_error_of([&] { declared(); }),
            "m.onnx: input 'x': dimension 1 has no size; only the batch may be open, others must "
            "be given");
  shape.mutable_dim(1)->set_dim_value(7);
  EXPECT_EQ(declared(), (Shape{1, 7, 3}));
  EXPECT_FALSE(batch.has_value());
  shape.mutable_dim(0)->set_dim_value(64);
  EXPECT_EQ(declared(), (Shape{1, 7, 3}));
  EXPECT_EQ(batch, 64);
}

/// x [batch, 2, 3] of this type.
OnnxBuilder whole(onnx::TensorProto::DataType type) {
  OnnxBuilder builder({2, 3});
  builder.model.mutable_graph()
      ->mutable_input(0)
      ->mutable_type()
      ->mutable_tensor_type()
      ->set_elem_type(type);
  return builder;
}

void add_cast(OnnxBuilder& builder, const std::string& from, const std::string& to) {
  testing::set_attribute(builder.node("Cast", {from}, to), "to",
                         std::int64_t{onnx::TensorProto::FLOAT});
}

TEST(OnnxInputs, PixelsThatAreCastAreTheirOwnInt8) {
  OnnxBuilder builder = whole(onnx::TensorProto::UINT8);
  testing::set_attribute(builder.node("Transpose", {"x"}, "t"), "perm",
                         std::vector<std::int64_t>{0, 2, 1});
  add_cast(builder, "t", "f");
  builder.node("Relu", {"f"}, "y");
  builder.output("y");
  const Graph graph = builder.import();
  ASSERT_EQ(graph.whole_inputs.size(), 1U);
  const WholeInput& input = graph.whole_inputs.front();
  EXPECT_EQ(input.input, graph.inputs.front());
  EXPECT_EQ(input.low, 0);
  EXPECT_EQ(input.high, 255);
  EXPECT_EQ(input.scale, 1.0F);
  EXPECT_EQ(input.zero, 0);
  EXPECT_EQ(graph.fixed_quantisations.at(input.input), (FixedQuantisation{1.0F, -128}));
  EXPECT_EQ(graph.notes.front(), "input 'x' holds whole numbers: files of samples do, too");
}

TEST(OnnxInputs, NumbersThatAreDequantisedKeepTheirScale) {
  for (const bool is_signed : {false, true}) {
    OnnxBuilder builder = whole(is_signed ? onnx::TensorProto::INT8 : onnx::TensorProto::UINT8);
    builder.floats("s", {}, {0.25F});
    builder.integers("z", {3}).set_data_type(is_signed ? onnx::TensorProto::INT8
                                                       : onnx::TensorProto::UINT8);
    auto& zero = *builder.model.mutable_graph()->mutable_initializer(1);
    zero.clear_dims();
    zero.clear_int64_data();
    zero.add_int32_data(3);
    builder.node("DequantizeLinear", {"x", "s", "z"}, "f");
    builder.node("Relu", {"f"}, "y");
    builder.output("y");
    const Graph graph = builder.import();
    ASSERT_EQ(graph.whole_inputs.size(), 1U);
    EXPECT_EQ(graph.whole_inputs[0].scale, 0.25F);
    EXPECT_EQ(graph.whole_inputs[0].zero, 3);
    EXPECT_EQ(graph.fixed_quantisations.at(graph.inputs[0]),
              (FixedQuantisation{0.25F, is_signed ? 3 : 3 - 128}));
  }
}

TEST(OnnxInputs, MasksOfWholeNumbersAreCalibrated) {
  OnnxBuilder builder = whole(onnx::TensorProto::INT64);
  add_cast(builder, "x", "f");
  builder.node("Relu", {"f"}, "y");
  builder.output("y");
  const Graph graph = builder.import();
  ASSERT_EQ(graph.whole_inputs.size(), 1U);
  EXPECT_TRUE(graph.fixed_quantisations.empty());
}

TEST(OnnxInputs, WholeNumbersMayBeComparedAndTakenForTruth) {
  OnnxBuilder builder = whole(onnx::TensorProto::INT64);
  builder.integers("one", {1});
  builder.node("Equal", {"x", "one"}, "is");
  set_attribute(builder.node("Cast", {"is"}, "number"), "to",
                std::int64_t{onnx::TensorProto::INT64});
  set_attribute(builder.node("Cast", {"number"}, "truth"), "to",
                std::int64_t{onnx::TensorProto::BOOL});
  builder.node("Not", {"truth"}, "y");
  EXPECT_EQ(nodes_of(builder, "y"), R"(node is.difference = linear[1, -1](input)
node is.distance = abs(is.difference)
node is.differs = step(is.distance)
node is = linear[-1, 1](is.differs)
node truth.magnitude = abs(is)
node truth = step(truth.magnitude)
node y = linear[-1, 1](truth)
output y
)");
}

TEST(OnnxInputs, WholeNumbersAreReadInOneWay) {
  OnnxBuilder added = whole(onnx::TensorProto::UINT8);
  added.node("Relu", {"x"}, "y");
  added.output("y");
  EXPECT_EQ(added.error(),
            "input 'x': node 'y' (Relu) reads its whole numbers; supported are Cast to floating "
            "point, DequantizeLinear, comparisons and logic, and what moves them before it");
  auto& nameless = *added.model.mutable_graph()->mutable_node(0);
  nameless.clear_name();
  nameless.clear_output();
  EXPECT_EQ(added.error(),
            "input 'x': node '' (Relu) reads its whole numbers; supported are Cast to floating "
            "point, DequantizeLinear, comparisons and logic, and what moves them before it");
  OnnxBuilder twice = whole(onnx::TensorProto::UINT8);
  twice.floats("s", {}, {0.25F});
  add_cast(twice, "x", "f");
  twice.node("DequantizeLinear", {"x", "s"}, "d");
  twice.node("Add", {"f", "d"}, "y");
  twice.output("y");
  EXPECT_EQ(twice.error(),
            "input 'x': its whole numbers are read in two ways; a Gather, Cast or "
            "DequantizeLinear alone is supported");
  OnnxBuilder wide = whole(onnx::TensorProto::INT32);
  wide.floats("s", {}, {0.25F});
  wide.node("DequantizeLinear", {"x", "s"}, "d");
  wide.node("Relu", {"d"}, "y");
  wide.output("y");
  EXPECT_EQ(wide.error(), "node 'd' (DequantizeLinear): its input must be int8 or uint8");
}

/// Word, position and token type embeddings, and a mask, as BERT exports have them: each input has
/// the place that it has in the file.
TEST(OnnxInputs, SeveralEmbeddingsAndAMaskStandInTheFilesOrder) {
  OnnxBuilder builder({3});
  auto& graph = *builder.model.mutable_graph();
  graph.clear_input();
  for (const char* name : {"ids", "mask", "types"}) {
    auto& input = *graph.add_input();
    input.set_name(name);
    auto& type = *input.mutable_type()->mutable_tensor_type();
    type.set_elem_type(onnx::TensorProto::INT64);
    type.mutable_shape()->add_dim()->set_dim_param("batch");
    type.mutable_shape()->add_dim()->set_dim_value(3);
  }
  builder.floats("words", {4, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  builder.floats("kinds", {2, 2}, {1, 2, 3, 4});
  builder.floats("places", {5, 2}, {0, 1, 0, 1, 0, 1, 0, 1, 1, 1});
  builder.integers("place", {0, 1, 2});
  builder.integers("axis", {2});
  builder.node("Gather", {"kinds", "types"}, "k");
  builder.node("Gather", {"words", "ids"}, "w");
  builder.node("Gather", {"places", "place"}, "p");
  builder.node("Add", {"w", "k"}, "wk");
  builder.node("Add", {"wk", "p"}, "e");
  builder.node("Unsqueeze", {"mask", "axis"}, "wide");
  add_cast(builder, "wide", "f");
  builder.node("Mul", {"e", "f"}, "y");
  builder.output("y");
  const Graph imported = builder.import();
  ASSERT_EQ(imported.inputs.size(), 3U);
  EXPECT_EQ(imported.tensor(imported.inputs[0]), (Tensor{"ids", {3, 2}}));
  EXPECT_EQ(imported.tensor(imported.inputs[1]), (Tensor{"mask", {3}}));
  EXPECT_EQ(imported.tensor(imported.inputs[2]), (Tensor{"types", {3, 2}}));
  EXPECT_EQ(imported.lookups.size(), 2U);
  EXPECT_EQ(imported.whole_inputs.size(), 1U);
}

}  // namespace
}  // namespace systol::onnx_import
