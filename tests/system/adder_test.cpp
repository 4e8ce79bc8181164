// A network without products on an array of adders: digits by their nearest median.
#include "tests/system/program.h"

namespace systol::test {
namespace {

class AdderTest : public ProgramTest {
 protected:
  nlohmann::json run(std::vector<std::string> more) const {
    std::vector<std::string> arguments{
        "run", model("digit_medians_l1"), "--set", "array.pe=adder", "--json", "-"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ended ended = systol(arguments);
    EXPECT_EQ(ended.status, kOk) << ended.err;
    return ended.status == kOk ? nlohmann::json::parse(ended.out) : nlohmann::json();
  }
};

/// scripts/train/digit_medians.py, which has nothing in common with systol, finds 360 of the first
/// 500 digits.
TEST_F(AdderTest, ItRecognisesDigitsAsTheScriptThatMadeItSays) {
  const nlohmann::json report = run({"-c", config("edge_16x16.yaml"), "--input", digits(),
                                     "--labels", labels(), "--limit", "500"});
  ASSERT_FALSE(report.is_null());
  EXPECT_EQ(report["array"]["pe"], "adder");
  EXPECT_EQ(report["check"]["mismatches"], 0);
  EXPECT_EQ(report["accuracy"]["float"].get<double>(), 0.72);
  EXPECT_NEAR(report["accuracy"]["quantised"].get<double>(), 0.72, 0.01);
}

TEST_F(AdderTest, AllDataflowsAndEnginesEqualTheReference) {
  folder_.write("net.yaml", R"(name: l1
input: {shape: [6, 6, 3]}
layers:
  - conv: {filters: 4, kernel: 3, padding: same, similarity: l1, activation: relu}
  - max_pool: {kernel: 2}
  - conv: {filters: 6, kernel: 2, padding: 1, stride: 2, similarity: l1, activation: sigmoid}
  - flatten: {}
  - dense: {units: 7, similarity: l1, activation: tanh}
  - dense: {units: 5, similarity: l1}
)");
  write_array();
  for (const char* dataflow : {"weight_stationary", "input_stationary", "output_stationary"}) {
    nlohmann::json first;
    for (const char* engine : {"fast", "systemc"}) {
      const Ended ended =
          systol({"run", "net.yaml", "-c", "array.yaml", "--set", "array.pe=adder", "--set",
                  std::string("array.dataflow=") + dataflow, "--engine", engine, "--json", "-"});
      ASSERT_EQ(ended.status, kOk) << dataflow << ", " << engine << ": " << ended.err;
      const nlohmann::json report = nlohmann::json::parse(ended.out);
      EXPECT_EQ(report["check"]["mismatches"], 0);
      first = first.is_null() ? report : first;
      EXPECT_EQ(report["cycles"], first["cycles"]);
    }
  }
}

TEST_F(AdderTest, WhatItsPesDoNotComputeIsRefused) {
  EXPECT_EQ(
      systol({"run", model("mnist_mlp"), "-c", config("edge_8x8.yaml"), "--set", "array.pe=adder"}),
      error(kWrongInput,
            model("mnist_mlp") +
                ": node '/0/Gemm' (matmul): it multiplies, and the PEs of 'edge-8x8' take "
                "differences ('pe: adder'); allowed: an array whose PEs multiply, or a layer "
                "with the similarity l1"));
  EXPECT_EQ(systol({"run", model("digit_medians_l1"), "-c", config("edge_8x8.yaml")}),
            error(kWrongInput,
                  model("digit_medians_l1") +
                      ": node 'nearest' (matmul): its similarity is l1, sums of |x - w|, and the "
                      "PEs of 'edge-8x8' multiply ('pe: int8'); allowed: an array with 'pe: "
                      "adder'"));
}

TEST_F(AdderTest, AProgramOfAnotherTypeIsRefused) {
  ASSERT_EQ(systol({"compile", model("mnist_linear_softmax"), "-c", config("edge_8x8.yaml"), "-o",
                    "a.tpu"})
                .status,
            kOk);
  EXPECT_EQ(systol({"run", "a.tpu", "-c", config("edge_8x8.yaml"), "--set", "array.pe=adder"}),
            error(kWrongInput,
                  "a.tpu: a program for PEs of the type 'int8', and edge-8x8 has PEs of the type "
                  "'adder'; allowed: an array with `pe: int8`"));
}

}  // namespace
}  // namespace systol::test
