#include "host/import/onnx_open_shapes.h"

#include <gtest/gtest.h>

#include "tests/host/graph/small_graphs.h"
#include "tests/host/import/onnx_builder.h"

namespace systol::onnx_import {
namespace {

using systol::testing::OnnxBuilder;
using test::input_error_of;

/// A Relu of [batch, 3, height, width], and an image that is a constant.
class OnnxOpenShapes : public ::testing::Test {
 protected:
  OnnxOpenShapes() : builder_({3, 0, 0}) {
    builder_.node("Relu", {"x"}, "y");
    builder_.output("y");
    dimension(2).set_dim_param("height");
    dimension(3).set_dim_param("width");
    builder_.floats("mean", {1, 4}, {1, 2, 3, 4});
    builder_.model.mutable_graph()->add_input()->set_name("mean");
  }

  onnx::TensorShapeProto::Dimension& dimension(int i) {
    auto& shape = *input().mutable_type()->mutable_tensor_type()->mutable_shape();
    shape.mutable_dim(i)->clear_value();
    return *shape.mutable_dim(i);
  }
  onnx::ValueInfoProto& input() { return *builder_.model.mutable_graph()->mutable_input(0); }
  /// Of the input, open dimensions as 0.
  Shape given(const GivenShapes& shapes) {
    onnx::GraphProto graph = builder_.model.graph();
    give_shapes(graph, shapes, "m.onnx");
    Shape shape;
    for (const auto& dim : graph.input(0).type().tensor_type().shape().dim()) {
      shape.push_back(dim.dim_value());
    }
    return shape;
  }
  std::string refusal(const GivenShapes& shapes) {
    return input_error_of([&] { given(shapes); });
  }

  OnnxBuilder builder_;
};

TEST_F(OnnxOpenShapes, AreGivenByTheNamesOfInputsOrOfDimensions) {
  EXPECT_EQ(given({}), (Shape{0, 3, 0, 0}));
  EXPECT_EQ(given({{{"x", {1, 3, 5, 7}}}, {}}), (Shape{1, 3, 5, 7}));
  EXPECT_EQ(given({{}, {{"height", 5}}}), (Shape{0, 3, 5, 0}));
  EXPECT_EQ(given({{{"x", {2, 3, 5, 7}}}, {{"width", 7}}}), (Shape{2, 3, 5, 7}));
  dimension(2).set_dim_value(-1);
  EXPECT_EQ(given({{{"x", {1, 3, 5, 7}}}, {}}), (Shape{1, 3, 5, 7})) << "-1 is open, too";
  input().mutable_type()->mutable_tensor_type()->clear_shape();
  EXPECT_EQ(given({{{"x", {1, 9}}}, {}}), (Shape{1, 9})) << "no shape at all";
}

TEST_F(OnnxOpenShapes, OfTheSameNameAreTheSame) {
  dimension(3).set_dim_param("height");
  EXPECT_EQ(given({{}, {{"height", 5}}}), (Shape{0, 3, 5, 5}));
}

TEST_F(OnnxOpenShapes, RefuseNamesThatNothingHas) {
  EXPECT_EQ(refusal({{{"y", {1}}}, {}}), "m.onnx: a size is given for the input 'y'; allowed: 'x'");
  EXPECT_EQ(refusal({{{"mean", {1, 4}}}, {}}),
            "m.onnx: a size is given for the input 'mean'; allowed: 'x'");
  EXPECT_EQ(refusal({{}, {{"depth", 5}}}),
            "m.onnx: a size is given for the open dimension 'depth'; allowed: 'batch', 'height', "
            "'width'");
}

TEST_F(OnnxOpenShapes, RefuseWhatTheFileContradicts) {
  EXPECT_EQ(refusal({{{"x", {1, 4, 5, 7}}}, {}}),
            "m.onnx: input 'x': dimension 1: found 4, but the file fixes it to 3");
  EXPECT_EQ(refusal({{{"x", {3, 5, 7}}}, {}}),
            "m.onnx: input 'x': found the shape [3, 5, 7] of 3 dimensions, but it has 4");
  EXPECT_EQ(refusal({{{"x", {1, 3, 5, 7}}}, {{"width", 6}}}),
            "m.onnx: input 'x': dimension 3: found 7, but the file fixes it to 6");
}

TEST_F(OnnxOpenShapes, MakeANetwork) {
  EXPECT_EQ(builder_.error(),
            "input 'x': dimension 2 ('height') has no size; only the batch may be open, others "
            "must be given");
  give_shapes(*builder_.model.mutable_graph(), {{}, {{"height", 5}, {"width", 7}}}, "m.onnx");
  const Graph graph = builder_.import();
  EXPECT_EQ(elements(graph.shape(graph.inputs.front())), 105U);
}

}  // namespace
}  // namespace systol::onnx_import
