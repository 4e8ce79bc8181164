#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <random>

#include "sim/config/array_file.h"
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
  EXPECT_EQ(
      shown,
      (Ended{kOk,
             "name: small\n"
             "clock: 1 GHz\n"
             "array: {rows: 3, columns: 5, dataflow: weight_stationary, tile_use: wave, pe: int8, "
             "clock_gating: pe}\n"
             "weight_fifo: {tiles: 4, fetch: filled}\n"
             "accumulators: {rows: 7}\n"
             "unified_buffer: {capacity: 8 KiB, slices: 3}\n"
             "command_queue: {depth: 16}\n"
             "dma: {outstanding: 8}\n"
             "memory:\n"
             "  dram: {holds: [weights, activations], bandwidth: unlimited, latency: "
             "0 ps, energy: lpddr4, model: channel}\n"
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
                  "allowed: rows, columns, dataflow, tile_use, pe, clock_gating"));
}

TEST_F(Config, UnknownKeysAreNamedWithTheirPlaceAndTheNearestKnownOne) {
  EXPECT_EQ(check_array("array: {rows: 4, colums: 4}"),
            error(kWrongInput,
                  "a.yaml:2:18: unknown key 'array.colums' (did you mean 'columns'?); "
                  "allowed: rows, columns, dataflow, tile_use, pe, clock_gating"));
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

TEST_F(Config, TimesOfADramThatContradictEachOtherAreRefused) {
  write_array("a.yaml");
  EXPECT_EQ(systol({"config", "check", "a.yaml", "--set", "memory.dram.model=ddr4", "--set",
                    "memory.dram.timing.tRAS=10 ns"}),
            error(kWrongInput,
                  "--set memory.dram.timing.tRAS=10 ns: memory.dram.timing.tRAS: tRAS is 10 ns, "
                  "shorter than tRCD (13.32 ns); allowed: at least 13.32 ns"));
}

TEST_F(Config, MissingKeysAreRefused) {
  EXPECT_EQ(check_array("name: a"), error(kWrongInput, "a.yaml:1:1: missing key 'array'"));
}

TEST_F(Config, FilesThatAreNoConfigAreRefused) {
  const Ended none = systol({"config", "check", "none.yaml"});
  EXPECT_EQ(none.status, kWrongInput);
  EXPECT_TRUE(none.err.starts_with("systol: error: none.yaml: no such file; arrays that come with"))
      << none.err;
  EXPECT_EQ(systol({"config", "check", "."}),
            error(kWrongInput, ".: is a directory, expected a YAML file"));
  folder_.write("binary.yaml", std::string_view("\x7f"
                                                "ELF\0\0",
                                                6));
  EXPECT_EQ(systol({"config", "check", "binary.yaml"}),
            error(kWrongInput, "binary.yaml:1:1: byte 0x7f is not text"));
}

/// Random machines, the same everywhere, as overrides of an array file. The buffer is missing.
class RandomMachines {
 public:
  std::vector<std::string> next(std::string_view dataflow) {
    const std::uint64_t rows = size(300);
    const std::uint64_t drained = dataflow == "output_stationary" ? rows - 1 : 0;
    std::vector<std::string> arguments;
    const auto set = [&](std::string_view key, const auto& value) {
      arguments.insert(arguments.end(), {"--set", fmt::format("{}={}", key, value)});
    };
    set("array.rows", rows);
    set("array.columns", size(300));
    set("array.dataflow", dataflow);
    set("accumulators.rows", drained + size(600));
    set("weight_fifo.tiles", size(4));
    set("command_queue.depth", size(4));
    set("dma.outstanding", size(4));
    return arguments;
  }
  /// From 1 to `most`, small ones as often as large ones.
  std::uint64_t size(std::uint64_t most) {
    const std::uint64_t bound = std::uint64_t{1} << random_() % 12;
    return 1 + random_() % std::min(bound, most);
  }

 private:
  std::mt19937_64 random_{1};
};

/// What the error for a buffer that is too small says is enough.
std::uint64_t least_buffer(const std::string& error) {
  const std::string start = "needs at least ";
  const std::size_t at = error.find(start);
  EXPECT_NE(at, std::string::npos) << error;
  return at == std::string::npos ? 0 : std::stoull(error.substr(at + start.size()));
}

TEST_F(Config, WhatCheckAcceptsRuns) {
  write_array("a.yaml");
  RandomMachines machines;
  for (std::size_t i = 0; i < 30; ++i) {
    const std::vector<std::string> machine = machines.next(kDataflowNames[i % 3]);
    const auto with_buffer = [&](std::vector<std::string> arguments, std::uint64_t bytes) {
      arguments.insert(arguments.end(), machine.begin(), machine.end());
      arguments.insert(arguments.end(),
                       {"--set", fmt::format("unified_buffer.capacity={} B", bytes)});
      return systol(arguments);
    };
    const std::vector<std::string> check{"config", "check", "a.yaml"};
    const std::vector<std::string> run{"run", "17x9x2", "-c", "a.yaml", "--batch", "3"};
    const std::uint64_t least = least_buffer(with_buffer(check, 1024).err);
    EXPECT_EQ(with_buffer(check, least - 1).status, kWrongInput);
    for (const std::uint64_t bytes : {least, least + machines.size(2000)}) {
      EXPECT_EQ(with_buffer(check, bytes).status, kOk);
      const Ended ended = with_buffer(run, bytes);
      EXPECT_EQ(ended, (Ended{kOk, ended.out, ""})) << fmt::format("{}", fmt::join(machine, " "));
    }
  }
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
