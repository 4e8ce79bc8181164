// The fields that scripts rely on (docs/json.md).
#include "host/report/json.h"

#include <gtest/gtest.h>

#include "host/report/version.h"
#include "sim/config/dram_types.h"
#include "tests/host/report/made_up_report.h"

namespace systol::test {
namespace {

using Json = nlohmann::ordered_json;

TEST(Json, HasEveryFieldOfTheContract) {
  const Json json = to_json(made_up_report());
  EXPECT_EQ(json.at("schema"), (Json{{"name", "systol.run"}, {"version", 2}}));
  EXPECT_EQ(json.at("tool"), (Json{{"name", "systol"},
                                   {"version", kVersion},
                                   {"command", "systol run mlp.onnx -c edge.yaml"}}));
  EXPECT_EQ(json.at("engine"), "systemc");
  EXPECT_EQ(json.at("model"), "mlp");
  EXPECT_EQ(json.at("input"), "digits.gz, pixels scaled to [0, 1]");
  EXPECT_EQ(json.at("samples"), 10);
  EXPECT_EQ(json.at("batch"), 5);
  EXPECT_EQ(json.at("cycles"), 1'000);
  EXPECT_DOUBLE_EQ(json.at("seconds"), 2e-6);
  EXPECT_DOUBLE_EQ(json.at("utilisation"), 7'200.0 / 16'000);
  EXPECT_DOUBLE_EQ(json.at("tops").at("peak"), 0.016);
  EXPECT_DOUBLE_EQ(json.at("tops").at("achieved"), 0.0072);
  EXPECT_DOUBLE_EQ(json.at("power_w"), 2.0);
  EXPECT_DOUBLE_EQ(json.at("tops_per_watt"), 0.0036);
  EXPECT_EQ(json.at("area_um2"), (Json{{"multipliers", 2e5}, {"buffer", 5e4}, {"total", 2.5e5}}));
  EXPECT_DOUBLE_EQ(json.at("tops_per_mm2").at("achieved"), 0.0288);
  EXPECT_DOUBLE_EQ(json.at("tops_per_mm2").at("peak"), 0.064);
  EXPECT_DOUBLE_EQ(json.at("energy_per_inference_pj"), 4e5);
  EXPECT_EQ(json.at("energy_pj"), (Json{{"multipliers", 1e6}, {"dram", 3e6}, {"total", 4e6}}));
  EXPECT_EQ(json.at("macs"), (Json{{"useful", 7'200}, {"unused", 160}, {"zero", 720}}));
  EXPECT_EQ(json.at("accuracy"), (Json{{"samples", 10}, {"quantised", 0.9}, {"float", 1.0}}));
  EXPECT_EQ(json.at("score_error"), (Json{{"largest", 0.25}, {"mean", 0.0625}}));
  EXPECT_EQ(json.at("notes"), (Json{"a note"}));
}

TEST(Json, LedgersSumToTheirCycles) {
  const Json json = to_json(made_up_report());
  const auto sum = [](const Json& ledger) {
    std::uint64_t cycles = 0;
    for (const Json& part : ledger) {
      cycles += part.get<std::uint64_t>();
    }
    return cycles;
  };
  EXPECT_EQ(json.at("ledger"), (Json{{"array_active", 600},
                                     {"weight_stall", 100},
                                     {"weight_shift", 50},
                                     {"raw_stall", 100},
                                     {"input_stall", 30},
                                     {"non_matrix", 119},
                                     {"idle", 1}}));
  EXPECT_EQ(sum(json.at("ledger")), json.at("cycles"));
  std::uint64_t nodes = 0;
  for (const Json& node : json.at("nodes")) {
    EXPECT_EQ(sum(node.at("ledger")), node.at("cycles"));
    EXPECT_EQ(sum(node.at("waits")) + node.at("ledger").at("array_active").get<std::uint64_t>(),
              node.at("cycles"));
    nodes += node.at("cycles").get<std::uint64_t>();
  }
  EXPECT_EQ(nodes, json.at("cycles"));
}

TEST(Json, LayersHaveSizesTrafficAndEnergy) {
  const Json node = to_json(made_up_report()).at("nodes").at(1);
  EXPECT_EQ(node.at("name"), "fc2");
  EXPECT_EQ(node.at("m"), 10);
  EXPECT_EQ(node.at("n"), 4);
  EXPECT_EQ(node.at("k"), 30);
  EXPECT_EQ(node.at("fed_depth"), 30);
  EXPECT_EQ(node.at("cycles"), 300);
  EXPECT_EQ(node.at("bound_by"), "array");
  EXPECT_EQ(node.at("waits").at("accumulators"), 100);
  EXPECT_EQ(node.at("energy_pj").at("total"), 1e6);
  EXPECT_EQ(node.at("traffic"), (Json{{"weights_read_bytes", 120},
                                      {"weights_write_bytes", 0},
                                      {"activations_read_bytes", 300},
                                      {"activations_write_bytes", 40},
                                      {"buffer_read_bytes", 300},
                                      {"buffer_write_bytes", 1'024},
                                      {"fifo_read_bytes", 120},
                                      {"fifo_write_bytes", 120},
                                      {"accumulator_reads", 11},
                                      {"accumulator_writes", 12}}));
}

TEST(Json, EveryComponentsEnergyHasItsSources) {
  const Json json = to_json(made_up_report());
  EXPECT_EQ(json.at("energy_sources"),
            (Json{{"multipliers", {"int8 multiply 0.2 pJ (confirmed): a paper"}},
                  {"dram", {"one", "two"}}}));
}

TEST(Json, CommandsAreCountedByMnemonic) {
  EXPECT_EQ(to_json(made_up_report()).at("commands"), (Json{{"load", 1},
                                                            {"load_weights", 2},
                                                            {"matmul", 3},
                                                            {"set_channels", 4},
                                                            {"set_table", 5},
                                                            {"activate", 6},
                                                            {"softmax", 7},
                                                            {"store", 8},
                                                            {"matmul_output_stationary", 0},
                                                            {"load_tile", 0},
                                                            {"activate_transposed", 0},
                                                            {"vector", 0},
                                                            {"normalise", 0},
                                                            {"activate_float", 0},
                                                            {"activate_add", 0},
                                                            {"activate_signs", 0},
                                                            {"softmax_part", 0}}));
}

TEST(Json, TheArrayIsResolved) {
  const Json array = to_json(made_up_report()).at("array");
  EXPECT_EQ(array.at("name"), "edge");
  EXPECT_EQ(array.at("clock_hz"), 500'000'000);
  EXPECT_EQ(array.at("rows"), 4);
  EXPECT_EQ(array.at("columns"), 4);
  EXPECT_EQ(array.at("dataflow"), "weight_stationary");
  EXPECT_EQ(array.at("weight_fifo_tiles"), 2);
  EXPECT_EQ(array.at("accumulator_rows"), 32);
  EXPECT_EQ(array.at("unified_buffer_bytes"), 65'536);
  EXPECT_EQ(array.at("unified_buffer_slices"), 1);
  EXPECT_EQ(array.at("memory").at("dram"), (Json{{"holds", {"weights", "activations"}},
                                                 {"bytes_per_second", 8'000'000'000},
                                                 {"latency_ps", 80'000},
                                                 {"capacity_bytes", nullptr},
                                                 {"energy", "lpddr4"},
                                                 {"model", "channel"},
                                                 {"dram", nullptr}}));
  EXPECT_EQ(array.at("energy_table"), "45nm.yaml") << "no folder of this machine";
}

TEST(Json, UnlimitedBandwidthIsNull) {
  RunReport report = made_up_report();
  report.array.memories[0].bandwidth.reset();
  EXPECT_EQ(to_json(report).at("array").at("memory").at("dram").at("bytes_per_second"), nullptr);
}

TEST(Json, ADramHasItsShapeAndTimes) {
  RunReport report = made_up_report();
  report.array.memories[0].dram = typical_dram(DramType::Ddr4);
  const Json memory = to_json(report).at("array").at("memory").at("dram");
  EXPECT_EQ(memory.at("model"), "ddr4");
  Json dram = memory.at("dram");
  EXPECT_EQ(dram.at("timing_ps").size(), 16U);
  EXPECT_EQ(dram.at("timing_ps").at("tRCD"), 13'320);
  EXPECT_EQ(dram.at("timing_ps").at("tREFI"), 7'800'000);
  dram.erase("timing_ps");
  EXPECT_EQ(dram, (Json{{"clock_hz", 1'200'000'000},
                        {"channels", 1},
                        {"bank_groups", 4},
                        {"banks", 4},
                        {"width_bits", 64},
                        {"burst_length", 8},
                        {"row_bytes", 8192},
                        {"capacity_bytes", std::uint64_t{1} << 32},
                        {"mapping", {"row", "bank", "column", "group", "channel"}},
                        {"scheduling", "first_ready"},
                        {"queue", 16},
                        {"refresh", "all_bank"}}));
}

TEST(Json, ACheckThatPassedHasNoFirstMismatch) {
  EXPECT_EQ(to_json(made_up_report()).at("check"), (Json{{"enabled", true},
                                                         {"compared", 12'345},
                                                         {"mismatches", 0},
                                                         {"missing", 0},
                                                         {"first_mismatch", nullptr},
                                                         {"failures", Json::array()}}));
}

TEST(Json, TheFirstMismatchNamesItsPlace) {
  RunReport report = made_up_report();
  report.check.mismatches = 3;
  report.check.missing = 4;
  report.check.first_mismatch = made_up_mismatch();
  report.check.first_mismatch->cycles = {Cycles(120), Cycles(345)};
  report.check.failures = {"something else"};
  const Json check = to_json(report).at("check");
  EXPECT_EQ(check.at("mismatches"), 3);
  EXPECT_EQ(check.at("missing"), 4);
  EXPECT_EQ(check.at("first_mismatch"), (Json{{"node", "fc2"},
                                              {"command", 17},
                                              {"command_text", "activate rows=5"},
                                              {"tile", {{"row", 5}, {"column", 4}}},
                                              {"row", 6},
                                              {"column", 7},
                                              {"pe_column", 3},
                                              {"expected", -1},
                                              {"got", 127},
                                              {"from", 120},
                                              {"to", 345}}));
  EXPECT_EQ(check.at("failures"), (Json{"something else"}));
}

TEST(Json, NodesNameTheirOperationAndFunctions) {
  RunReport report = made_up_report();
  report.nodes[1].operation = "matmul";
  report.nodes[1].functions = {"relu2"};
  const Json node = to_json(report).at("nodes").at(1);
  EXPECT_EQ(node.at("operation"), "matmul");
  EXPECT_EQ(node.at("functions"), Json::array({"relu2"}));
}

TEST(Json, WhatDidNotFitIsNamed) {
  RunReport report = made_up_report();
  EXPECT_EQ(to_json(report).at("spilled"),
            (Json{{"streamed", false}, {"tensors", Json::array()}, {"end_bytes", 0}}));
  report.streamed = true;
  report.spilled = {"fc1"};
  report.end_bytes = 240;
  EXPECT_EQ(to_json(report).at("spilled"),
            (Json{{"streamed", true}, {"tensors", Json::array({"fc1"})}, {"end_bytes", 240}}));
}

TEST(Json, WhatWasNotMeasuredIsNotThere) {
  RunReport report = made_up_report();
  report.accuracy.reset();
  report.score_error.reset();
  const Json json = to_json(report);
  EXPECT_FALSE(json.contains("accuracy"));
  EXPECT_FALSE(json.contains("score_error"));
  EXPECT_FALSE(json.contains("command_times"));
}

TEST(Json, CommandTimesAreThereWhenAskedFor) {
  RunReport report = made_up_report();
  report.command_times = {{"set_table buffer=0x0 @1,0,0,0", 1, "activate", Cycles(3), Cycles(19)}};
  EXPECT_EQ(to_json(report).at("command_times"),
            (Json::array({{{"command", "set_table buffer=0x0 @1,0,0,0"},
                           {"unit", "activate"},
                           {"node", 1},
                           {"start", 3},
                           {"end", 19}}})));
}

TEST(Json, ARunOfNoCyclesHasNumbersEverywhere) {
  RunReport report;
  report.array = made_up_report().array;
  const Json json = to_json(report);
  EXPECT_EQ(json.at("utilisation"), 0.0);
  EXPECT_EQ(json.at("power_w"), 0.0);
  EXPECT_EQ(json.at("tops_per_watt"), 0.0);
  EXPECT_EQ(json.at("tops_per_mm2"), (Json{{"achieved", 0.0}, {"peak", 0.0}}));
  EXPECT_EQ(json.at("energy_per_inference_pj"), 0.0);
}

}  // namespace
}  // namespace systol::test
