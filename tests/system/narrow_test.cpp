// Networks on arrays whose weights have fewer bits than their activations.
#include "tests/system/program.h"

namespace systol::test {
namespace {

class NarrowTest : public ProgramTest {
 protected:
  nlohmann::json run(const std::string& model, const std::string& pe,
                     const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"run", model, "--set", "array.pe=" + pe, "--json", "-"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ended ended = systol(arguments);
    EXPECT_EQ(ended.status, kOk) << ended.err;
    return ended.status == kOk ? nlohmann::json::parse(ended.out) : nlohmann::json();
  }

  static std::string yaml(const std::string& memory) {
    return "clock: 1 GHz\n"
           "array: {rows: 8, columns: 8}\n"
           "unified_buffer: {capacity: 64 KiB}\n"
           "memory:\n"
           "  weights: {holds: [weights], " +
           memory +
           ", energy: lpddr4}\n"
           "  rest: {holds: [activations], bandwidth: unlimited, latency: 0 ns, energy: lpddr4}\n"
           "energy: " +
           config("energy/7nm.yaml") + "\n";
  }
};

/// 64 tiles of 8 x 8 weights and 64 channels of 9 bytes at a byte a cycle: nothing else takes as
/// long, so that each byte of weights less is a cycle less and a stall less.
TEST_F(NarrowTest, AMemoryBoundLayerTakesTheBytesOfItsWeights) {
  folder_.write("slow.yaml", yaml("bandwidth: 1 GB/s, latency: 0 ns"));
  const nlohmann::json int8 = run("64", "int8", {"-c", "slow.yaml"});
  ASSERT_FALSE(int8.is_null());
  const auto bytes = [](const nlohmann::json& report) {
    return report["actions"]["weights_read_bytes"].get<std::uint64_t>();
  };
  EXPECT_EQ(bytes(int8), 64U * 64 + 64 * 9);
  for (const auto& [pe, bits] : {std::pair("int8w4", 4U), {"ternary", 2U}, {"binary", 1U}}) {
    for (const char* engine : {"fast", "systemc"}) {
      const nlohmann::json narrow = run("64", pe, {"-c", "slow.yaml", "--engine", engine});
      ASSERT_FALSE(narrow.is_null());
      EXPECT_EQ(narrow["check"]["mismatches"], 0);
      const std::uint64_t saved = 64 * (64 - 8 * bits);
      EXPECT_EQ(bytes(narrow), bytes(int8) - saved) << pe << ", " << engine;
      EXPECT_EQ(narrow["cycles"], int8["cycles"].get<std::uint64_t>() - saved);
      EXPECT_EQ(narrow["ledger"]["weight_stall"],
                int8["ledger"]["weight_stall"].get<std::uint64_t>() - saved);
      EXPECT_EQ(narrow["actions"]["fifo_read_bytes"], 64 * 8 * bits);
      EXPECT_EQ(narrow["actions"]["fifo_write_bytes"], 64 * 8 * bits);
    }
  }
}

/// As above with 10 bits for each of half as many weights; a PE row less to shift and to feed for
/// each.
TEST_F(NarrowTest, TwoOfFourWeightsTakeTenSixteenthsOfTheBytesAndHalfOfTheRows) {
  folder_.write("slow.yaml", yaml("bandwidth: 1 GB/s, latency: 0 ns"));
  const nlohmann::json int8 = run("64", "int8", {"-c", "slow.yaml"});
  for (const char* engine : {"fast", "systemc"}) {
    const nlohmann::json sparse = run("64", "sparse24", {"-c", "slow.yaml", "--engine", engine});
    ASSERT_FALSE(int8.is_null() || sparse.is_null());
    EXPECT_EQ(sparse["check"]["mismatches"], 0);
    EXPECT_EQ(int8["cycles"].get<int>() - sparse["cycles"].get<int>(), 64 * 64 * 6 / 16);
    EXPECT_EQ(sparse["actions"]["fifo_read_bytes"], 64 * 64 * 10 / 16);
    EXPECT_EQ(sparse["actions"]["weights_read_bytes"], 64 * 64 * 10 / 16 + 64 * 9);
    EXPECT_EQ(sparse["ledger"]["array_active"], 32);
    EXPECT_EQ(sparse["nodes"][0]["k"], 64);
    EXPECT_EQ(sparse["nodes"][0]["fed_depth"], 32);
    EXPECT_EQ(sparse["actions"]["macs_useful"], 64 * 64 / 2);
    EXPECT_EQ(sparse["actions"]["buffer_read_bytes"], int8["actions"]["buffer_read_bytes"]);
  }
}

/// Kernel rows of 9 values, pixels of 4 and of 6: groups begin anew in each.
TEST_F(NarrowTest, TwoOfFourWeightsOfConvolutionsEqualTheReference) {
  folder_.write("net.yaml", R"(name: sparse
input: {shape: [6, 6, 3]}
layers:
  - conv: {filters: 8, kernel: 3, padding: same, activation: relu}
  - conv: {filters: 8, kernel: 3, padding: same, groups: 8, activation: relu}
  - conv: {filters: 6, kernel: 2, groups: 2, activation: tanh}
  - conv: {filters: 5, kernel: 2, dilation: 2, activation: tanh}
  - flatten: {}
  - dense: {units: 7}
)");
  folder_.write("array.yaml", yaml("bandwidth: unlimited, latency: 0 ns"));
  for (const char* engine : {"fast", "systemc"}) {
    const nlohmann::json report =
        run("net.yaml", "sparse24", {"-c", "array.yaml", "--engine", engine});
    ASSERT_FALSE(report.is_null()) << engine;
    EXPECT_EQ(report["check"]["mismatches"], 0);
    EXPECT_GT(report["check"]["compared"], 500);
    std::vector<std::pair<int, int>> depths;  // two PE rows for each four, and for what is left
    for (const nlohmann::json& node : report["nodes"]) {
      depths.emplace_back(node["k"], node["fed_depth"]);
    }
    EXPECT_EQ(depths, (std::vector<std::pair<int, int>>{
                          {27, 3 * 6}, {9, 0}, {16, 4 * 2}, {24, 4 * 4}, {45, 24}}));
  }
}

/// Ragged tiles of 5 columns, groups, and a depthwise convolution, which the vector unit computes
/// with int8 weights.
TEST_F(NarrowTest, AllEnginesEqualTheReferenceInBothDataflows) {
  folder_.write("net.yaml", R"(name: narrow
input: {shape: [6, 6, 3]}
layers:
  - conv: {filters: 8, kernel: 3, padding: same, activation: relu}
  - conv: {filters: 8, kernel: 3, padding: same, groups: 8, activation: relu}
  - conv: {filters: 6, kernel: 2, groups: 2, activation: tanh}
  - flatten: {}
  - dense: {units: 7, activation: sigmoid}
  - dense: {units: 5, activation: softmax}
)");
  write_array();
  for (const char* pe : {"int8w4", "ternary", "binary"}) {
    for (const char* dataflow : {"weight_stationary", "output_stationary"}) {
      nlohmann::json first;
      for (const char* engine : {"fast", "systemc"}) {
        const nlohmann::json report =
            run("net.yaml", pe,
                {"-c", "array.yaml", "--set", std::string("array.dataflow=") + dataflow, "--engine",
                 engine});
        ASSERT_FALSE(report.is_null()) << pe << ", " << dataflow << ", " << engine;
        EXPECT_EQ(report["check"]["mismatches"], 0);
        first = first.is_null() ? report : first;
        EXPECT_EQ(report["cycles"], first["cycles"]);
        EXPECT_EQ(report["actions"], first["actions"]) << pe << ", " << dataflow;
      }
    }
  }
}

/// One file, quantised for each array.
TEST_F(NarrowTest, OneNetworkIsComparedOnAllTypes) {
  const Ended ended = systol({"compare", model("mnist_lenet"), "-c", config("edge_16x16.yaml"),
                              "--pe", "int8,int8w4,ternary,binary", "--input", digits(), "--labels",
                              labels(), "--limit", "200", "--json", "-"});
  ASSERT_EQ(ended.status, kOk) << ended.err;
  const nlohmann::json report = nlohmann::json::parse(ended.out);
  const std::vector<double> right = {1.0, 0.995, 0.975, 0.93};
  for (std::size_t i = 0; i < right.size(); ++i) {
    const nlohmann::json& run = report["runs"][i];
    EXPECT_EQ(run["check"]["mismatches"], 0);
    EXPECT_EQ(run["accuracy"]["float"], 1.0);
    EXPECT_EQ(run["accuracy"]["quantised"], right[i]) << i;
    // The fewer bits, the less is computed with and moved.
    for (const char* less : {"cycles", "energy_pj", "area_um2"}) {
      EXPECT_TRUE(i == 0 || report["rows"][i][less] < report["rows"][i - 1][less]) << less << i;
    }
  }
}

TEST_F(NarrowTest, WhatNarrowWeightsCannotHoldIsRefusedByName) {
  const std::string array = config("edge_8x8.yaml");
  EXPECT_EQ(systol({"run", model("mnist_attention"), "-c", array, "--set", "array.pe=binary"}),
            error(kWrongInput,
                  model("mnist_attention") +
                      ": node '/blocks/blocks.0/MatMul' (matmul): it multiplies two activations, "
                      "of which one would have to fit the 1-bit weights of 'edge-8x8' ('pe: "
                      "binary'); allowed: an array whose weights have the bits of activations, as "
                      "'pe: int8'"));
  EXPECT_EQ(systol({"run", model("digit_medians_l1"), "-c", array, "--set", "array.pe=int8w4"}),
            error(kWrongInput,
                  model("digit_medians_l1") +
                      ": node 'nearest' (matmul): its similarity is l1, sums of |x - w|, and the "
                      "PEs of 'edge-8x8' multiply ('pe: int8w4'); allowed: an array with 'pe: "
                      "adder'"));
  EXPECT_EQ(systol({"run", "64", "-c", array, "--set", "array.pe=ternary", "--set",
                    "array.dataflow=input_stationary"}),
            error(kWrongInput,
                  "--set array.pe=ternary: array.pe: found 'ternary' on an array that is "
                  "input_stationary, where activations would stay in the PEs' 2-bit weights; "
                  "allowed: dataflow: weight_stationary, output_stationary"));
}

/// A file's own integers of 4 bits are kept on an array of 4 and of 8 bits alike.
TEST_F(NarrowTest, AFileOfIntegersRunsWhereTheyFit) {
  ASSERT_EQ(systol({"run", model("mnist_linear_softmax"), "-c", config("edge_8x8.yaml"), "--set",
                    "array.pe=int8w4", "--input", digits(), "--limit", "20", "--export-quantised",
                    "q.onnx", "--outputs", "a.csv"})
                .status,
            kOk);
  for (const std::string pe : {"int8", "int8w4"}) {
    ASSERT_EQ(systol({"run", "q.onnx", "-c", config("edge_8x8.yaml"), "--set", "array.pe=" + pe,
                      "--input", digits(), "--limit", "20", "--outputs", pe + ".csv"})
                  .status,
              kOk);
    EXPECT_EQ(content(pe + ".csv"), content("a.csv"));
  }
  const Ended refused =
      systol({"run", "q.onnx", "-c", config("edge_8x8.yaml"), "--set", "array.pe=ternary"});
  EXPECT_EQ(refused.status, kWrongInput);
  EXPECT_NE(refused.err.find("do not fit int2, or their sums do not fit int32"), std::string::npos)
      << refused.err;
}

TEST_F(NarrowTest, ATileFromTheBufferHasTooManyBits) {
  folder_.write("a.tpu",
                "program 4 int8w4\nnode 0 \"n\"\nspace weights 64\nspace activations 64\n"
                "load_tile buffer=0x0:3x5 depth=5 transposed=0 segments=1 @0,0,0,0\n");
  write_array();
  EXPECT_EQ(systol({"run", "a.tpu", "-c", "array.yaml", "--set", "array.pe=int8w4"}),
            error(kWrongInput,
                  "a.tpu: command 0 of node 'n' (load_tile buffer=0x0:3x5 depth=5 transposed=0 "
                  "@0,0,0,0): a tile from the buffer has values of 8 bits, and the weights of "
                  "'pe: int8w4' have 4; only load_weights brings them"));
}

}  // namespace
}  // namespace systol::test
