#include "host/import/onnx_tensor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "host/import/onnx_shapes.h"
#include "sim/base/error.h"

namespace systol::onnx_import {
namespace {

onnx::TensorProto tensor_of(onnx::TensorProto::DataType type, const Shape& shape) {
  onnx::TensorProto tensor;
  tensor.set_data_type(type);
  tensor.mutable_dims()->Assign(shape.begin(), shape.end());
  return tensor;
}

std::string error_of(const onnx::TensorProto& tensor) {
  try {
    read_floats(tensor, "w");
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(OnnxTensor, ReadsFloatsFromRawDataAndTheTypedField) {
  onnx::TensorProto typed = tensor_of(onnx::TensorProto::FLOAT, {2});
  typed.add_float_data(1.5F);
  typed.add_float_data(-2.0F);
  EXPECT_EQ(read_floats(typed, "w").values, (std::vector<float>{1.5F, -2.0F}));
  onnx::TensorProto raw = tensor_of(onnx::TensorProto::FLOAT, {2});
  raw.set_raw_data(std::string("\x00\x00\xC0\x3F\x00\x00\x00\xC0", 8));
  EXPECT_EQ(read_floats(raw, "w").values, (std::vector<float>{1.5F, -2.0F}));
}

TEST(OnnxTensor, ConvertsDoubles) {
  onnx::TensorProto tensor = tensor_of(onnx::TensorProto::DOUBLE, {1});
  tensor.add_double_data(0.1);
  EXPECT_EQ(read_floats(tensor, "w").values, std::vector<float>{0.1F});
  tensor.set_double_data(0, 1e300);
  EXPECT_EQ(error_of(tensor), "w: element 0 is inf; weights must be finite float32 numbers");
}

TEST(OnnxTensor, ConvertsHalfPrecision) {
  onnx::TensorProto tensor = tensor_of(onnx::TensorProto::FLOAT16, {5});
  for (const int bits : {0x3C00, 0xC000, 0x0001, 0x7BFF, 0x8000}) {
    tensor.add_int32_data(bits);
  }
  EXPECT_EQ(read_floats(tensor, "w").values,
            (std::vector<float>{1.0F, -2.0F, 0x1p-24F, 65504.0F, -0.0F}));
}

TEST(OnnxTensor, RefusesWhatIsNotFinite) {
  onnx::TensorProto tensor = tensor_of(onnx::TensorProto::FLOAT, {2});
  tensor.add_float_data(1.0F);
  tensor.add_float_data(std::numeric_limits<float>::quiet_NaN());
  EXPECT_EQ(error_of(tensor), "w: element 1 is nan; weights must be finite float32 numbers");
}

TEST(OnnxTensor, RefusesDataThatDoNotFillTheDimensions) {
  onnx::TensorProto typed = tensor_of(onnx::TensorProto::FLOAT, {1000, 1000});
  typed.add_float_data(1.0F);
  EXPECT_EQ(error_of(typed), "w: its dimensions ask for 1000000 values, but the file holds 1");
  onnx::TensorProto raw = tensor_of(onnx::TensorProto::FLOAT, {3});
  raw.set_raw_data("12345678");
  EXPECT_EQ(error_of(raw), "w: its dimensions ask for 12 bytes, but the file holds 8");
}

TEST(OnnxTensor, RefusesDimensionsThatLie) {
  EXPECT_EQ(error_of(tensor_of(onnx::TensorProto::FLOAT, {-1, 4})),
            "w: its shape is [-1, 4]; every dimension must be at least 1");
  EXPECT_EQ(error_of(tensor_of(onnx::TensorProto::FLOAT, {0})),
            "w: its shape is [0]; every dimension must be at least 1");
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(error_of(tensor_of(onnx::TensorProto::FLOAT, {most, most})),
            "w: its shape is [9223372036854775807, 9223372036854775807]; at most 536870912 "
            "elements are supported");
}

TEST(OnnxTensor, RefusesDataOfAnotherFile) {
  onnx::TensorProto tensor = tensor_of(onnx::TensorProto::FLOAT, {2});
  tensor.set_data_location(onnx::TensorProto::EXTERNAL);
  EXPECT_EQ(error_of(tensor),
            "w: its data is in another file (external data); save the model as one file");
}

TEST(OnnxTensor, RefusesOtherTypesByName) {
  EXPECT_EQ(error_of(tensor_of(onnx::TensorProto::INT8, {2})),
            "w: its type is INT8; supported are FLOAT, DOUBLE and FLOAT16");
  onnx::TensorProto tensor = tensor_of(onnx::TensorProto::INT8, {2});
  tensor.set_data_type(99);
  EXPECT_EQ(error_of(tensor), "w: its type is number 99; supported are FLOAT, DOUBLE and FLOAT16");
}

Integers whole_numbers(const onnx::TensorProto& tensor) {
  const HostTensor read = read_tensor(tensor, "t");
  return std::get<Integers>(read.values);
}

TEST(OnnxTensor, ReadsWholeNumbersOfEveryType) {
  onnx::TensorProto wide = tensor_of(onnx::TensorProto::INT64, {2});
  wide.add_int64_data(-1);
  wide.add_int64_data(784);
  EXPECT_EQ(whole_numbers(wide), (Integers{-1, 784}));
  onnx::TensorProto narrow = tensor_of(onnx::TensorProto::INT32, {1});
  narrow.set_raw_data(std::string("\xFF\xFF\xFF\xFF", 4));
  EXPECT_EQ(whole_numbers(narrow), Integers{-1});
  onnx::TensorProto truth = tensor_of(onnx::TensorProto::BOOL, {});
  truth.set_raw_data(std::string("\x01", 1));
  EXPECT_EQ(whole_numbers(truth), Integers{1});
  onnx::TensorProto byte = tensor_of(onnx::TensorProto::UINT8, {1});
  byte.set_raw_data(std::string("\xFF", 1));
  EXPECT_EQ(whole_numbers(byte), Integers{255});
  byte.set_data_type(onnx::TensorProto::INT8);
  EXPECT_EQ(whole_numbers(byte), Integers{-1});
}

TEST(OnnxTensor, ReadsATensorOfNoValues) {
  const HostTensor none = read_tensor(tensor_of(onnx::TensorProto::INT64, {0}), "t");
  EXPECT_EQ(none.shape, Shape{0});
  EXPECT_EQ(none.size(), 0U);
}

}  // namespace
}  // namespace systol::onnx_import
