#include "host/import/onnx_shapes.h"

#include <gtest/gtest.h>

#include "sim/base/error.h"
#include "tests/host/import/onnx_builder.h"

namespace systol::onnx_import {
namespace {

const std::string kFile = "m.onnx";

onnx::NodeProto proto_of(const std::string& op) {
  onnx::NodeProto proto;
  proto.set_op_type(op);
  proto.set_name("n");
  return proto;
}

template <class Action>
std::string shape_error_of(Action action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(OnnxShapes, FlattenMakesTwoAxes) {
  onnx::NodeProto proto = proto_of("Flatten");
  EXPECT_EQ(flattened(Node(proto, kFile), {1, 28, 28}), (Shape{1, 784}));
  testing::set_attribute(proto, "axis", std::int64_t{-1});
  EXPECT_EQ(flattened(Node(proto, kFile), {1, 28, 28}), (Shape{28, 28}));
  EXPECT_EQ(shape_error_of([&] { flattened(Node(proto, kFile), {}); }),
            "m.onnx: node 'n' (Flatten): axis -1 of a value with 0 axes");
}

TEST(OnnxShapes, ReshapeFillsInTheOpenDimension) {
  onnx::NodeProto proto = proto_of("Reshape");
  const Node node(proto, kFile);
  EXPECT_EQ(reshaped(node, {1, 1, 28, 28}, {-1, 784}), (Shape{1, 784}));
  EXPECT_EQ(reshaped(node, {1, 1, 28, 28}, {0, 0, -1}), (Shape{1, 1, 784}));
  EXPECT_EQ(reshaped(node, {1}, {}), Shape{});
}

TEST(OnnxShapes, RefusesATargetThatDoesNotFit) {
  const onnx::NodeProto proto = proto_of("Reshape");
  const auto error = [&](const Shape& target) {
    return shape_error_of([&] { reshaped(Node(proto, kFile), {1, 28, 28}, target); });
  };
  const std::string place = "m.onnx: node 'n' (Reshape): ";
  for (const Shape& target : std::vector<Shape>{{-1, 783},
                                                {1, 1, 1, 0},
                                                {785},
                                                {-2, 392},
                                                {std::int64_t{1} << 40, std::int64_t{1} << 40},
                                                {INT64_MIN}}) {
    EXPECT_EQ(error(target), place + "its target " + to_string(target) +
                                 " does not fit an input of shape [1, 28, 28]");
  }
  EXPECT_EQ(error({-1, -1}), place + "its target has more than one -1");
}

TEST(OnnxShapes, SliceClampsItsEnds) {
  const onnx::NodeProto proto = proto_of("Slice");
  const Node node(proto, kFile);
  EXPECT_EQ(sliced(node, {5, 4}, {-3}, {INT64_MAX}, Integers{0}, {}),
            (Slice{{2, 0}, {3, 4}, {1, 1}}));
  EXPECT_EQ(sliced(node, {5, 4}, {INT64_MAX}, {INT64_MIN}, Integers{1}, Integers{-2}),
            (Slice{{0, 3}, {5, 2}, {1, -2}}));
  EXPECT_EQ(sliced(node, {5}, {4}, {2}, {}, {}).sizes, Shape{0});
  EXPECT_EQ(shape_error_of([&] { sliced(node, {5}, {0}, {1}, Integers{3}, {}); }),
            "m.onnx: node 'n' (Slice): axis 3 of a value with 1 axes");
  EXPECT_EQ(shape_error_of([&] { sliced(node, {5}, {0}, {1}, {}, Integers{0}); }),
            "m.onnx: node 'n' (Slice): a step of 0");
}

TEST(OnnxShapes, BroadcastRepeatsExtentsOfOne) {
  const onnx::NodeProto proto = proto_of("Add");
  const Node node(proto, kFile);
  EXPECT_EQ(broadcast(node, {2, 1, 3}, {4, 1}), (Shape{2, 4, 3}));
  EXPECT_EQ(shape_error_of([&] { broadcast(node, {2}, {3}); }),
            "m.onnx: node 'n' (Add): shapes [2] and [3] do not fit each other");
}

TEST(OnnxShapes, ConstantsComeAsTensorsAndNumbers) {
  onnx::NodeProto number = proto_of("Constant");
  testing::set_attribute(number, "value_float", 2.5F);
  EXPECT_EQ(read_floats(constant_of(Node(number, kFile)), "c").values, std::vector<float>{2.5F});
  onnx::NodeProto list = proto_of("Constant");
  list.add_attribute()->set_name("value_ints");
  list.mutable_attribute(0)->add_ints(0);
  list.mutable_attribute(0)->add_ints(-1);
  EXPECT_EQ(std::get<Integers>(read_tensor(constant_of(Node(list, kFile)), "c").values),
            (Integers{0, -1}));
  const onnx::NodeProto none = proto_of("Constant");
  EXPECT_EQ(shape_error_of([&] { constant_of(Node(none, kFile)); }),
            "m.onnx: node 'n' (Constant): its value is neither a tensor nor numbers");
}

}  // namespace
}  // namespace systol::onnx_import
