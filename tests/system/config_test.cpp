#include "tests/system/program.h"

namespace systol::test {
namespace {

class Config : public ProgramTest {
 protected:
  /// `config check` of a file whose array line is `array`.
  Ended check_array(const std::string& array) const {
    folder_.write("a.yaml", "clock: 1 GHz\n" + array +
                                "\nunified_buffer: {capacity: 8 KiB}\n"
                                "memory: {dram: {holds: [weights, activations], bandwidth: 1 GB/s, "
                                "latency: 0 ns, energy: lpddr4}}\n"
                                "energy: " +
                                config("energy/45nm.yaml") + "\n");
    return systol({"config", "check", "a.yaml"});
  }
};

TEST_F(Config, CheckSaysThatAFileIsRight) {
  write_array();
  EXPECT_EQ(systol({"config", "check", "array.yaml"}),
            (Ended{kOk, "array.yaml: ok, small is a 3x5 array\n", ""}));
}

TEST_F(Config, ShippedFilesAreRight) {
  for (const std::string name : {"edge_8x8", "edge_16x16", "mid_32x32", "big_128x128", "tpu_v1"}) {
    EXPECT_EQ(systol({"config", "check", config(name + ".yaml")}).status, kOk) << name;
  }
}

TEST_F(Config, ShowFillsInAllDefaultsAndReadsBackAsTheSame) {
  write_array();
  const Ended shown = systol({"config", "show", "array.yaml"});
  EXPECT_EQ(shown, (Ended{kOk,
                          "name: small\n"
                          "clock: 1 GHz\n"
                          "array: {rows: 3, columns: 5, dataflow: weight_stationary, pe: int8}\n"
                          "weight_fifo: {tiles: 4}\n"
                          "accumulators: {rows: 7}\n"
                          "unified_buffer: {capacity: 8 KiB}\n"
                          "command_queue: {depth: 16}\n"
                          "dma: {outstanding: 8}\n"
                          "memory:\n"
                          "  dram: {holds: [weights, activations], bandwidth: unlimited, latency: "
                          "0 ps, energy: lpddr4}\n"
                          "energy: " +
                              config("energy/45nm.yaml") + "\n",
                          ""}));
  folder_.write("again.yaml", shown.out);
  EXPECT_EQ(systol({"config", "show", "again.yaml"}), shown);
}

TEST_F(Config, SetIsChecked) {
  write_array();
  EXPECT_EQ(systol({"config", "check", "array.yaml", "--set", "array.rows=8"}).out,
            "array.yaml: ok, small is a 8x5 array\n");
  EXPECT_EQ(systol({"config", "check", "array.yaml", "--set", "array.row=8"}),
            error(kWrongInput,
                  "--set array.row=8: unknown key 'array.row' (did you mean 'rows'?); "
                  "allowed: rows, columns, dataflow, pe"));
}

TEST_F(Config, UnknownKeysAreNamedWithTheirPlaceAndTheNearestKnownOne) {
  EXPECT_EQ(check_array("array: {rows: 4, colums: 4}"),
            error(kWrongInput,
                  "a.yaml:2:18: unknown key 'array.colums' (did you mean 'columns'?); "
                  "allowed: rows, columns, dataflow, pe"));
}

TEST_F(Config, ZeroNegativeAndAbsurdSizesAreRefused) {
  for (const std::string rows : {"0", "-3", "1000000000"}) {
    EXPECT_EQ(
        check_array("array: {rows: " + rows + ", columns: 4}"),
        error(kWrongInput, "a.yaml:2:15: array.rows: found '" + rows + "', allowed: 1 to 1024"));
  }
}

TEST_F(Config, MissingAndWrongUnitsAreRefused) {
  write_array("a.yaml");
  EXPECT_EQ(systol({"config", "check", "a.yaml", "--set", "clock=700"}),
            error(kWrongInput,
                  "--set clock=700: clock: found '700', which has no unit; allowed "
                  "units: Hz, kHz, MHz, GHz"));
  EXPECT_EQ(systol({"config", "check", "a.yaml", "--set", "memory.dram.bandwidth=8 GB"}),
            error(kWrongInput,
                  "--set memory.dram.bandwidth=8 GB: memory.dram.bandwidth: found '8 "
                  "GB', which has the unknown unit 'GB'; allowed units: B/s, kB/s, "
                  "KiB/s, MB/s, MiB/s, GB/s, GiB/s, or 'unlimited'"));
}

TEST_F(Config, MissingKeysAreRefused) {
  EXPECT_EQ(check_array("name: a"), error(kWrongInput, "a.yaml:1:1: missing key 'array'"));
}

TEST_F(Config, FilesThatAreNoConfigAreRefused) {
  EXPECT_EQ(systol({"config", "check", "none.yaml"}),
            error(kWrongInput, "none.yaml: no such file"));
  EXPECT_EQ(systol({"config", "check", "."}),
            error(kWrongInput, ".: is a directory, expected a YAML file"));
  folder_.write("binary.yaml", std::string_view("\x7f"
                                                "ELF\0\0",
                                                6));
  EXPECT_EQ(systol({"config", "check", "binary.yaml"}),
            error(kWrongInput, "binary.yaml:1:1: byte 0x7f is not text"));
}

TEST_F(Config, AMemoryThatTheEnergyTableLacksIsRefusedBeforeARun) {
  write_array("a.yaml");
  write_workload();
  const std::string problem =
      systol({"config", "check", "a.yaml", "--set", "memory.dram.energy=hbm9"}).err;
  EXPECT_NE(problem.find("'hbm9'"), std::string::npos) << problem;
}

}  // namespace
}  // namespace systol::test
