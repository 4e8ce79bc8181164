#include "host/import/onnx_reshape.h"

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
std::string error_of(Action action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(OnnxReshape, FlattenKeepsTheBatch) {
  onnx::NodeProto proto = proto_of("Flatten");
  EXPECT_EQ(flattened(Node(proto, kFile), {1, 28, 28}), Shape{784});
  testing::set_attribute(proto, "axis", std::int64_t{-3});
  EXPECT_EQ(flattened(Node(proto, kFile), {1, 28, 28}), Shape{784});
  EXPECT_EQ(error_of([&] { flattened(Node(proto, kFile), {784}); }),
            "m.onnx: node 'n' (Flatten): axis=-3 is not supported; it must be 1");
}

TEST(OnnxReshape, ReshapeFillsInTheOpenDimension) {
  const onnx::NodeProto proto = proto_of("Reshape");
  const Node node(proto, kFile);
  EXPECT_EQ(reshaped(node, {1, 28, 28}, {-1, 784}, {}), Shape{784});
  EXPECT_EQ(reshaped(node, {1, 28, 28}, {0, -1}, {}), Shape{784});
  EXPECT_EQ(reshaped(node, {1, 28, 28}, {0, 0, -1}, {}), (Shape{1, 784}));
  EXPECT_EQ(reshaped(node, {1, 28, 28}, {1, 784}, 1), Shape{784});
}

TEST(OnnxReshape, RefusesATargetThatDoesNotFit) {
  const onnx::NodeProto proto = proto_of("Reshape");
  const Node node(proto, kFile);
  const auto error = [&](const Shape& target) {
    return error_of([&] { reshaped(node, {1, 28, 28}, target, {}); });
  };
  const std::string place = "m.onnx: node 'n' (Reshape): ";
  EXPECT_EQ(error({-1, 783}),
            place + "its target [-1, 783] does not fit a sample of shape [1, 28, 28]");
  EXPECT_EQ(error({0, -1, 5}),
            place + "its target [0, -1, 5] does not fit a sample of shape [1, 28, 28]");
  EXPECT_EQ(error({-1, -1}), place + "its target has more than one -1");
  EXPECT_EQ(error({784}),
            place + "its target must have at least two dimensions, the first for the batch");
  EXPECT_EQ(error({2, 392}),
            place +
                "its first target dimension is 2, which does not keep the batch; supported "
                "are -1, 0");
  EXPECT_EQ(error({-1, -784}), place + "its shape is [-784]; every dimension must be at least 1");
}

TEST(OnnxReshape, TargetsThatLieAreRefused) {
  constexpr std::int64_t kHuge = std::int64_t{1} << 40;
  for (const std::vector<std::int64_t>& target : std::vector<std::vector<std::int64_t>>{
           {-1, kHuge, kHuge}, {-1, INT64_MIN}, {-1, INT64_MAX, -1}, {0, -2, -1}}) {
    testing::OnnxBuilder builder({2});
    builder.integers("t", target);
    builder.node("Reshape", {"x", "t"}, "y");
    EXPECT_NE(builder.error().find("node 'y' (Reshape)"), std::string::npos);
  }
}

TEST(OnnxReshape, ConstantsComeAsTensorsAndNumbers) {
  onnx::NodeProto number = proto_of("Constant");
  testing::set_attribute(number, "value_float", 2.5F);
  EXPECT_EQ(read_floats(constant_of(Node(number, kFile)), "c").values, std::vector<float>{2.5F});
  onnx::NodeProto list = proto_of("Constant");
  list.add_attribute()->set_name("value_ints");
  list.mutable_attribute(0)->add_ints(0);
  list.mutable_attribute(0)->add_ints(-1);
  EXPECT_EQ(read_integers(constant_of(Node(list, kFile)), "c"), (std::vector<std::int64_t>{0, -1}));
  const onnx::NodeProto none = proto_of("Constant");
  EXPECT_EQ(error_of([&] { constant_of(Node(none, kFile)); }),
            "m.onnx: node 'n' (Constant): its value is neither a tensor nor numbers");
}

}  // namespace
}  // namespace systol::onnx_import
