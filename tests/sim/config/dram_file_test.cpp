#include "sim/config/dram_file.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sim/config/array_file.h"
#include "sim/config/dram_types.h"
#include "tests/file_text.h"
#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

class DramFile : public testing::Test {
 protected:
  DramFile() { files.write("e.yaml", ""); }

  /// A file whose memory has `keys`, in line 5 from column 9 on.
  ArrayConfig load(const std::string& keys) {
    return load_array_config(files.write("a.yaml",
                                         "clock: 500 MHz\n"
                                         "array: {rows: 16, columns: 16}\n"
                                         "unified_buffer: {capacity: 256 KiB}\n"
                                         "memory:\n"
                                         "  m: {" +
                                             keys +
                                             ", holds: [weights, activations], energy: lpddr4}\n"
                                             "energy: e.yaml\n"));
  }
  DramConfig dram(const std::string& keys) { return load(keys).memories.at(0).dram.value(); }
  std::string error_of(const std::string& keys) {
    return files.error_of([&] { load(keys); });
  }

  TempFiles files;
};

TEST_F(DramFile, AModelIsItsTypesFigures) {
  for (std::size_t i = 0; i < kDramTypeNames.size(); ++i) {
    const std::string model = "model: " + std::string(kDramTypeNames[i]);
    EXPECT_EQ(dram(model), typical_dram(static_cast<DramType>(i)));
  }
  const MemoryConfig memory = load("model: ddr4").memories.at(0);
  EXPECT_EQ(memory.bandwidth, std::nullopt);
  EXPECT_EQ(memory.latency, Picoseconds(0));
}

TEST_F(DramFile, AChannelNeedsItsBandwidthAndLatency) {
  EXPECT_EQ(load("bandwidth: 1 GB/s, latency: 2 ns").memories.at(0).dram, std::nullopt);
  EXPECT_EQ(load("model: channel, bandwidth: 1 GB/s, latency: 2 ns").memories.at(0).dram,
            std::nullopt);
  EXPECT_EQ(error_of("model: channel, latency: 2 ns"),
            "a.yaml:5:6: missing key 'memory.m.bandwidth'");
}

TEST_F(DramFile, KeysReplaceTheTypesFigures) {
  DramConfig expected = typical_dram(DramType::Ddr3);
  expected.clock = Hertz(933'000'000);
  expected.channels = 2;
  expected.groups = 4;
  expected.banks = 2;
  expected.width_bits = 32;
  expected.burst_length = 4;
  expected.row = Bytes(2048);
  expected.capacity = Bytes(std::uint64_t{1} << 30);
  using enum DramField;
  expected.mapping = {Channel, Bank, Row, Group, Column};
  expected.scheduling = DramScheduling::FirstCome;
  expected.queue = 3;
  expected.refresh = DramRefresh::None;
  expected[DramTime::RAS] = Picoseconds(36'000);
  EXPECT_EQ(dram("model: ddr3, clock: 933 MHz, channels: 2, bank_groups: 4, banks: 2, width: 32, "
                 "burst_length: 4, row: 2 KiB, capacity: 1 GiB, mapping: [channel, bank, row, "
                 "group, column], scheduling: first_come, queue: 3, refresh: none, timing: {tRAS: "
                 "36 ns}"),
            expected);
}

TEST_F(DramFile, WhatIsWrittenReadsBack) {
  const ArrayConfig config = load(
      "model: hbm2, bandwidth: 100 GB/s, latency: 3 ns, queue: 7, timing: {tRCD: 12.5 ns, tFAW: 17 "
      "ns}");
  const ArrayConfig again = load_array_config(files.write("again.yaml", to_yaml(config)));
  EXPECT_EQ(again.memories.at(0).dram, config.memories.at(0).dram);
  EXPECT_EQ(again.memories.at(0).bandwidth, config.memories.at(0).bandwidth);
  EXPECT_EQ(again.memories.at(0).latency, config.memories.at(0).latency);
}

TEST_F(DramFile, UnknownNamesAreRefused) {
  EXPECT_EQ(error_of("model: ddr5"),
            "a.yaml:5:14: memory.m.model: found 'ddr5' (did you mean 'ddr3'?), expected one of: "
            "channel, ddr3, ddr4, lpddr4, hbm2");
  EXPECT_EQ(error_of("model: ddr4, refresh: never"),
            "a.yaml:5:29: memory.m.refresh: found 'never', expected one of: all_bank, none");
}

TEST_F(DramFile, AChannelHasNoBanks) {
  EXPECT_EQ(error_of("banks: 4, bandwidth: 1 GB/s, latency: 2 ns"),
            "a.yaml:5:7: memory.m.banks: found 'banks', which only a DRAM has; with it, `model` is "
            "one of: ddr3, ddr4, lpddr4, hbm2");
}

TEST_F(DramFile, FiguresAreChecked) {
  const std::string allowed = ", allowed: 1 ps to 1 ms";
  EXPECT_EQ(error_of("model: ddr4, timing: {tRP: 0 ns}"),
            "a.yaml:5:34: memory.m.timing.tRP: found '0 ns'" + allowed);
  for (const std::string value : {"-1 ns", "inf ns", "1e400 ns", "", "13"}) {
    const std::string error = error_of("model: ddr4, timing: {tRP: " + value + "}");
    EXPECT_TRUE(error.starts_with("a.yaml:5:")) << error;
    EXPECT_NE(error.find("memory.m.timing.tRP: found"), std::string::npos) << error;
  }
  EXPECT_EQ(error_of("model: ddr4, queue: 0"),
            "a.yaml:5:27: memory.m.queue: found '0', allowed: 1 to 256");
  EXPECT_EQ(error_of("model: ddr4, width: 12"),
            "a.yaml:5:27: memory.m.width: found 12 bits, allowed: a multiple of 8 up to 1024");
  EXPECT_EQ(error_of("model: ddr4, burst_length: 7"),
            "a.yaml:5:34: memory.m.burst_length: found 7, allowed: an even number up to 64, two "
            "transfers a clock");
}

TEST_F(DramFile, TimesMustNotContradictEachOther) {
  EXPECT_EQ(error_of("model: ddr4, timing: {tRAS: 10 ns}"),
            "a.yaml:5:35: memory.m.timing.tRAS: tRAS is 10 ns, shorter than tRCD (13.32 ns); "
            "allowed: at least 13.32 ns");
  EXPECT_EQ(error_of("model: ddr4, timing: {tRCD: 40 ns}"),
            "a.yaml:5:35: memory.m.timing.tRCD: tRAS is 32 ns, shorter than tRCD (40 ns); allowed: "
            "at least 40 ns")
      << "at the one that is given";
  EXPECT_EQ(error_of("model: ddr4, timing: {tCCD_S: 2 ns}"),
            "a.yaml:5:37: memory.m.timing.tCCD_S: tCCD_S is 2 ns, 3 clocks, while a burst's data "
            "take 4; allowed: at least 4 clocks of 1.2 GHz");
  EXPECT_EQ(error_of("model: ddr4, timing: {tREFI: 300 ns}"),
            "a.yaml:5:36: memory.m.timing.tREFI: tREFI is 300 ns, so short that tRFC (260 ns), tRP "
            "and tRAS leave no time to read; allowed: more than 367 clocks of 1.2 GHz");
  for (const std::string pair :
       {"CWL: 14 ns", "tCCD_L: 2 ns", "tRRD_L: 2 ns", "tWTR_L: 1 ns", "tFAW: 2 ns"}) {
    const std::string error = error_of("model: ddr4, timing: {" + pair + "}");
    EXPECT_NE(error.find("shorter than"), std::string::npos) << error;
  }
  EXPECT_EQ(dram("model: ddr4, refresh: none, timing: {tREFI: 300 ns}").refresh, DramRefresh::None);
}

TEST_F(DramFile, BanksMustDivideTheCapacity) {
  EXPECT_EQ(error_of("model: ddr4, capacity: 100 KiB"),
            "a.yaml:5:30: memory.m.capacity: 100 KiB do not divide into 1 channels of 4 bank "
            "groups of 4 banks with rows of 8 KiB; allowed: a multiple of 128 KiB");
  EXPECT_EQ(error_of("model: ddr4, banks: 3"),
            "a.yaml:5:6: memory.m: 4 GiB do not divide into 1 channels of 4 bank groups of 3 banks "
            "with rows of 8 KiB; allowed: a multiple of 96 KiB");
  EXPECT_EQ(error_of("model: ddr4, row: 100 B"),
            "a.yaml:5:25: memory.m.row: a row of 100 B is not a whole number of bursts of 64 B (8 "
            "transfers of 64 bits)");
}

TEST_F(DramFile, AMappingNamesEachFieldOnce) {
  EXPECT_EQ(error_of("model: ddr4, mapping: [row, bank, column, group, row]"),
            "a.yaml:5:56: memory.m.mapping[4]: found 'row' twice; each of channel, group, bank, "
            "row, column is there once");
  EXPECT_NE(error_of("model: ddr4, mapping: [row, bank]").find("memory.m.mapping"),
            std::string::npos);
}

TEST(DramTypes, TheDocumentSaysTheSame) {
  const std::string text = test::text_of(SYSTOL_CONFIGS "/../docs/dram.md");
  std::size_t from = 0;
  for (std::size_t type = 0; type < kDramTypeNames.size(); ++type) {
    from = text.find("### `" + std::string(kDramTypeNames[type]) + "`", from);
    ASSERT_NE(from, std::string::npos);
    const auto figures = figures_of(static_cast<DramType>(type));
    for (std::size_t i = 0; i < kDramTimes; ++i) {
      const DramFigure& figure = figures[i];
      const std::string row =
          fmt::format("| {} | {} | {} | {} |\n", kDramTimeNames[i], to_text(figure.value),
                      kDramStatusNames[static_cast<std::size_t>(figure.status)], figure.source);
      from = text.find(row, from);
      ASSERT_NE(from, std::string::npos) << row;
    }
  }
}

TEST(MemoryConfig, ADramIsEstimatedAsAChannel) {
  MemoryConfig memory;
  memory.holds = {isa::Space::Weights, isa::Space::Activations};
  memory.latency = Picoseconds(5'000);
  memory.dram = typical_dram(DramType::Ddr4);
  EXPECT_EQ(memory.peak_bandwidth(), BytesPerSecond(19'200'000'000));
  EXPECT_EQ(memory.first_latency(), Picoseconds(5'000 + 13'320 + 13'320));
  EXPECT_EQ(memory.space_capacity(), Bytes(std::uint64_t{1} << 31));
  memory.bandwidth = BytesPerSecond(1'000);
  EXPECT_EQ(memory.peak_bandwidth(), BytesPerSecond(1'000));
}

}  // namespace
}  // namespace systol
