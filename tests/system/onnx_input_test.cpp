// Inputs of whole numbers in ONNX files, as whole commands: pixels of uint8, and a mask.
#include <array>
#include <cmath>
#include <sstream>

#include "tests/host/import/onnx_builder.h"
#include "tests/system/program.h"

namespace systol::test {
namespace {

using systol::testing::OnnxBuilder;
using systol::testing::set_attribute;

void set_type(OnnxBuilder& builder, int input, onnx::TensorProto::DataType type) {
  builder.model.mutable_graph()
      ->mutable_input(input)
      ->mutable_type()
      ->mutable_tensor_type()
      ->set_elem_type(type);
}

class OnnxInput : public ProgramTest {
 protected:
  OnnxInput() { write_array(); }

  void write(const OnnxBuilder& builder) const {
    folder_.write("m.onnx", builder.model.SerializeAsString());
  }
  Ended run(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"run",     "m.onnx", "-c",        "array.yaml",
                                       "--input", "s.csv",  "--outputs", "o.csv"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return systol(arguments);
  }
  /// The values of each sample's line.
  std::vector<std::vector<float>> outputs() const {
    std::istringstream lines(content("o.csv"));
    std::vector<std::vector<float>> rows;
    std::string line;
    std::getline(lines, line);  // the header
    while (std::getline(lines, line)) {
      std::istringstream fields(line);
      rows.emplace_back();
      for (std::string field; std::getline(fields, field, ',');) {
        rows.back().push_back(std::stof(field));
      }
    }
    return rows;
  }
};

TEST_F(OnnxInput, FilesHoldTheNumbersThatAreDequantised) {
  OnnxBuilder builder({3});
  set_type(builder, 0, onnx::TensorProto::UINT8);
  builder.floats("scale", {}, {0.5F});
  auto& zero = builder.integers("zero", {});
  zero.clear_dims();
  zero.set_data_type(onnx::TensorProto::UINT8);
  zero.add_int32_data(128);
  builder.floats("w", {3, 2}, {1, 0.5F, -1, 0.25F, 0.5F, 0.5F});
  builder.node("DequantizeLinear", {"x", "scale", "zero"}, "f");
  builder.node("MatMul", {"f", "w"}, "y");
  builder.output("y");
  write(builder);
  folder_.write("s.csv", "128,0,255\n148,118,128\n");
  const Ended ended = run();
  ASSERT_EQ(ended.status, kOk) << ended.err;
  EXPECT_NE(ended.out.find("whole numbers as they are"), std::string::npos) << ended.out;
  // Of 0, -64, 63.5 and of 10, -5, 0.
  const std::vector<std::vector<float>> rows = outputs();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_NEAR(rows[0][0], 95.75F, 0.6F);
  EXPECT_NEAR(rows[0][1], 15.75F, 0.6F);
  EXPECT_NEAR(rows[1][0], 15, 0.6F);
  EXPECT_NEAR(rows[1][1], 3.75F, 0.6F);
  EXPECT_EQ(run({"--export-quantised", "q.onnx"}),
            error(kWrongInput,
                  "m.onnx: input 'input': networks whose inputs are whole numbers are "
                  "not exported"));
  folder_.write("s.csv", "128,0,256\n");
  EXPECT_EQ(run(), error(kWrongInput,
                         "s.csv: sample 0 has 256 for 'input', which takes whole numbers from 0 to "
                         "255"));
  folder_.write("s.csv", "128,0,255\n");
  EXPECT_EQ(run({"--input-scale", "2"}),
            error(kWrongInput, "s.csv: 'm' takes whole numbers as they are, without scaling"));
}

/// softmax(scores + (1 - mask) x -10000), as exporters write it.
TEST_F(OnnxInput, AMaskLeavesTheOtherScoresTheirSteps) {
  OnnxBuilder builder({2, 4});
  auto& input = *builder.model.mutable_graph()->add_input();
  input.set_name("mask");
  auto& type = *input.mutable_type()->mutable_tensor_type();
  type.mutable_shape()->add_dim()->set_dim_param("batch");
  type.mutable_shape()->add_dim()->set_dim_value(4);
  set_type(builder, 1, onnx::TensorProto::INT64);
  builder.floats("one", {}, {1});
  builder.floats("far", {}, {-10000});
  builder.integers("axis", {1});
  builder.node("Unsqueeze", {"mask", "axis"}, "m");
  set_attribute(builder.node("Cast", {"m"}, "f"), "to", std::int64_t{onnx::TensorProto::FLOAT});
  builder.node("Sub", {"one", "f"}, "left");
  builder.node("Mul", {"left", "far"}, "added");
  builder.node("Add", {"x", "added"}, "sum");
  set_attribute(builder.node("Softmax", {"sum"}, "y"), "axis", std::int64_t{-1});
  builder.output("y");
  write(builder);
  folder_.write("s.csv",
                "1,2,3,4,-1,-2,0.5,0,1,1,0,0\n"
                "0,1,0.5,2,1,1,1,1,1,1,1,0\n");
  const Ended ended = run();
  ASSERT_EQ(ended.status, kOk) << ended.err;
  const std::vector<std::vector<float>> rows = outputs();
  ASSERT_EQ(rows.size(), 2U);
  const auto expect = [&](std::size_t sample, std::size_t first, std::vector<double> scores) {
    double sum = 0;
    for (const double score : scores) {
      sum += std::exp(score);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      const double share = i < scores.size() ? std::exp(scores[i]) / sum : 0;
      EXPECT_NEAR(rows[sample][first + i], share, 0.02) << sample << ' ' << first + i;
    }
  };
  expect(0, 0, {1, 2});
  expect(0, 4, {-1, -2});
  expect(1, 0, {0, 1, 0.5});
  expect(1, 4, {1, 1, 1});
}

}  // namespace
}  // namespace systol::test
