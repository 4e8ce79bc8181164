// --state as whole commands: run, compare, compile, describe.
#include <cmath>
#include <sstream>

#include "tests/host/import/onnx_builder.h"
#include "tests/system/program.h"

namespace systol::test {
namespace {

using Row = std::array<float, 3>;

class State : public ProgramTest {
 protected:
  State() {
    write_array();
    folder_.write("cell.onnx", cell().model.SerializeAsString());
    folder_.write("steps.csv", "0.5,-1\n0.5,-1\n0.5,-1\n0,0\n");
  }

  /// h' = tanh(x W + h U), of 2 inputs and 3 units; h' is the output, too.
  static systol::testing::OnnxBuilder cell() {
    systol::testing::OnnxBuilder builder({2});
    auto* input = builder.model.mutable_graph()->add_input();
    input->set_name("h");
    auto* type = input->mutable_type()->mutable_tensor_type();
    type->set_elem_type(onnx::TensorProto::FLOAT);
    type->mutable_shape()->add_dim()->set_dim_param("batch");
    type->mutable_shape()->add_dim()->set_dim_value(3);
    builder.floats("w", {2, 3}, {0.5F, -0.25F, 1.0F, 0.5F, 0.75F, -0.5F});
    builder.floats("u", {3, 3}, {0.9F, 0.0F, 0.3F, -0.5F, 0.6F, 0.0F, 0.2F, 0.4F, -0.7F});
    builder.node("MatMul", {"x", "w"}, "xw");
    builder.node("MatMul", {"h", "u"}, "hu");
    builder.node("Add", {"xw", "hu"}, "sum");
    builder.node("Tanh", {"sum"}, "y");
    builder.output("y");
    return builder;
  }

  /// The same in double, from a state of zeros.
  static std::vector<Row> expected(const std::vector<std::array<double, 2>>& steps) {
    constexpr double kW[2][3] = {{0.5, -0.25, 1}, {0.5, 0.75, -0.5}};
    constexpr double kU[3][3] = {{0.9, 0, 0.3}, {-0.5, 0.6, 0}, {0.2, 0.4, -0.7}};
    std::array<double, 3> h{};
    std::vector<Row> rows;
    for (const auto& x : steps) {
      std::array<double, 3> next{};
      for (std::size_t n = 0; n < 3; ++n) {
        double sum = x[0] * kW[0][n] + x[1] * kW[1][n];
        for (std::size_t k = 0; k < 3; ++k) {
          sum += h[k] * kU[k][n];
        }
        next[n] = std::tanh(sum);
      }
      h = next;
      rows.push_back({float(h[0]), float(h[1]), float(h[2])});
    }
    return rows;
  }

  Ended with_state(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"-c", "array.yaml", "--state", "h=y"});
    return systol(arguments);
  }
};

TEST_F(State, ARunsSamplesAreStepsOfTheStateThatIsNamed) {
  const Ended ended = with_state(
      {"run", "cell.onnx", "--input", "steps.csv", "--outputs", "o.csv", "--json", "r.json"});
  ASSERT_EQ(ended.status, kOk) << ended.err;
  EXPECT_NE(ended.out.find("1 state stays in memory"), std::string::npos) << ended.out;
  EXPECT_EQ(json("r.json")["check"]["mismatches"], 0);
  std::istringstream lines(content("o.csv"));
  std::string line;
  std::getline(lines, line);  // the header
  for (const Row& row : expected({{0.5, -1}, {0.5, -1}, {0.5, -1}, {0, 0}})) {
    ASSERT_TRUE(std::getline(lines, line));
    std::istringstream fields(line);
    for (std::string field; const float value : row) {
      ASSERT_TRUE(std::getline(fields, field, ','));
      EXPECT_NEAR(std::stof(field), value, 0.03F) << line;
    }
  }
}

TEST_F(State, WithoutItTheStateIsAnInputOfEachSample) {
  const Ended ended = systol({"run", "cell.onnx", "-c", "array.yaml", "--input", "steps.csv"});
  EXPECT_EQ(ended, error(kWrongInput,
                         "steps.csv: it has 2 values a sample, but 'cell' takes 5 "
                         "inputs"));
}

TEST_F(State, CompareRunsTheSameSteps) {
  ASSERT_EQ(with_state({"run", "cell.onnx", "--input", "steps.csv", "--json", "r.json"}).status,
            kOk);
  const Ended ended =
      with_state({"compare", "cell.onnx", "--input", "steps.csv", "--json", "c.json"});
  ASSERT_EQ(ended.status, kOk) << ended.err;
  nlohmann::json among = json("c.json")["runs"][0];
  nlohmann::json alone = json("r.json");
  among.erase("tool");
  alone.erase("tool");
  EXPECT_EQ(among, alone);
  EXPECT_EQ(alone["samples"], 4);
}

TEST_F(State, ACompiledProgramTakesTheSameCycles) {
  ASSERT_EQ(with_state({"run", "cell.onnx", "--input", "steps.csv", "--json", "r.json"}).status,
            kOk);
  ASSERT_EQ(with_state({"compile", "cell.onnx", "--input", "steps.csv", "-o", "p.tpu"}).status,
            kOk);
  const Ended ended = systol({"run", "p.tpu", "-c", "array.yaml"});
  ASSERT_EQ(ended.status, kOk) << ended.err;
  const std::string cycles = std::to_string(json("r.json")["cycles"].get<int>());
  EXPECT_NE(ended.out.find(cycles + " cycles"), std::string::npos) << ended.out;
}

TEST_F(State, WhatIsNoStateIsRefusedByEachCommand) {
  for (const std::string command : {"run", "compare", "compile", "describe"}) {
    EXPECT_EQ(systol({command, "cell.onnx", "-c", "array.yaml", "--state", "h"}),
              error(kWrongInput, "--state 'h': expected INPUT=OUTPUT, as h0=hn"))
        << command;
    EXPECT_EQ(systol({command, "cell.onnx", "-c", "array.yaml", "--state", "g=y"}),
              error(kWrongInput,
                    "cell.onnx: state 'g=y': no input is called 'g'; those that are no state yet: "
                    "'h', 'x'"))
        << command;
    EXPECT_EQ(
        systol({command, "4x3", "-c", "array.yaml", "--state", "h=y"}),
        error(kWrongInput, "4x3: states are given, but only ONNX models leave open what is one"))
        << command;
  }
}

TEST_F(State, AProgramHasItsStatesAlready) {
  ASSERT_EQ(with_state({"compile", "cell.onnx", "--input", "steps.csv", "-o", "p.tpu"}).status,
            kOk);
  EXPECT_EQ(with_state({"run", "p.tpu"}),
            error(kWrongInput, "p.tpu: --state needs a model, and this is a program"));
}

}  // namespace
}  // namespace systol::test
