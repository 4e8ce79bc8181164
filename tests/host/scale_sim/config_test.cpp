#include "host/scale_sim/config.h"

#include <gtest/gtest.h>

#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

const std::filesystem::path kBase = std::filesystem::path(SYSTOL_CONFIGS) / "scale_sim.yaml";

/// A whole file, one key per line, so that tests can replace one.
struct Text {
  std::string general = "[general]\nrun_name = run 1/ws";
  std::string height = "ArrayHeight:    32";
  std::string width = "ArrayWidth:     16";
  std::string ifmap = "IfmapSramSzkB:   64";
  std::string filter = "FilterSramSzkB:  4";
  std::string ofmap = "OfmapSramSzkB:   32";
  std::string dataflow = "Dataflow : ws";
  std::string more = "Bandwidth : 10";
  std::string mode = "InterfaceBandwidth: CALC";

  std::string all() const {
    return general + "\n\n[architecture_presets]\n" + height + "\n" + width + "\n" + ifmap + "\n" +
           filter + "\n" + ofmap + "\n" + dataflow + "\n" + more + "\n[run_presets]\n" + mode +
           "\n";
  }
};

ScaleSimConfig parse(const Text& text) { return parse_scale_sim_config(text.all(), "a.cfg"); }

std::string error_of(const Text& text) {
  return TempFiles().error_of([&] { parse(text); });
}

ArrayConfig array(const Text& text, const std::vector<std::string>& overrides = {}) {
  return array_of(parse(text), kBase, overrides);
}

std::string array_error(const Text& text, const std::vector<std::string>& overrides = {}) {
  return TempFiles().error_of([&] { array(text, overrides); });
}

TEST(ScaleSimConfigFile, SaysWhatIsInIt) {
  const ScaleSimConfig cfg = parse({});
  EXPECT_EQ(cfg.file, "a.cfg");
  EXPECT_EQ(cfg.name, "run_1_ws");
  EXPECT_EQ(cfg.rows, 32U);
  EXPECT_EQ(cfg.columns, 16U);
  EXPECT_EQ(cfg.ifmap_kib, 64U);
  EXPECT_EQ(cfg.filter_kib, 4U);
  EXPECT_EQ(cfg.ofmap_kib, 32U);
  EXPECT_EQ(cfg.dataflow, ScaleSimDataflow::WeightStationary);
  EXPECT_EQ(cfg.bandwidth, std::nullopt);
  EXPECT_TRUE(cfg.ignored.empty());
}

TEST(ScaleSimConfigFile, EveryWayToWriteItReadsAlike) {
  const ScaleSimConfig cfg =
      parse({.general = "# a comment\r\n; another\r\n[ general ]\r",
             .height = "  arrayheight=8\r",
             .dataflow = "DATAFLOW =\tos  \r",
             .more = "MemoryBanks: 1\nBandwidth: 1, 2 ,3",
             .mode = "InterfaceBandwidth: USER\n[layout]\nIfmapCustomLayout: False\n"
                     "IfmapSRAMBankNum: 1\n[sparsity]\nSparsitySupport : false"});
  EXPECT_EQ(cfg.name, "a") << "the file's without a run_name";
  EXPECT_EQ(cfg.rows, 8U);
  EXPECT_EQ(cfg.dataflow, ScaleSimDataflow::OutputStationary);
  EXPECT_EQ(cfg.bandwidth, (std::array<std::uint64_t, 3>{1, 2, 3}));
  EXPECT_EQ(cfg.ignored, (std::vector<std::string>{"MemoryBanks", "IfmapSRAMBankNum"}));
}

TEST(ScaleSimConfigFile, OneBandwidthIsForAllThree) {
  EXPECT_EQ(parse({.mode = "InterfaceBandwidth: USER"}).bandwidth,
            (std::array<std::uint64_t, 3>{10, 10, 10}));
}

TEST(ScaleSimConfigFile, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(error_of({.height = "ArrayHight: 32"}),
            "a.cfg:5:1: unknown key 'ArrayHight' in [architecture_presets] (did you mean "
            "'ArrayHeight'?); known are ArrayHeight, ArrayWidth, IfmapSramSzkB, FilterSramSzkB, "
            "OfmapSramSzkB, IfmapOffset, FilterOffset, OfmapOffset, Dataflow, Bandwidth, "
            "MemoryBanks, ReadRequestBuffer, WriteRequestBuffer");
  EXPECT_EQ(error_of({.general = "[genral]"}),
            "a.cfg:1:1: unknown section 'genral' (did you mean 'general'?); known are general, "
            "architecture_presets, layout, sparsity, network_presets, run_presets");
  EXPECT_EQ(error_of({.general = "[general"}),
            "a.cfg:1:1: found '[general', expected a section such as [general]");
  EXPECT_EQ(error_of({.general = "[", .height = ""}),
            "a.cfg:1:1: found '[', expected a section such as [general]");
  EXPECT_EQ(error_of({.general = "run_name = x"}),
            "a.cfg:1:1: 'run_name' stands before the first section, such as [general]");
  EXPECT_EQ(error_of({.height = "  ArrayHeight 32"}),
            "a.cfg:5:3: found 'ArrayHeight 32', expected a key with a value, such as 'ArrayHeight "
            ": 32'");
  EXPECT_EQ(error_of({.height = "ArrayHeight:"}), "a.cfg:5:1: ArrayHeight has no value");
  EXPECT_EQ(error_of({.more = "arrayWIDTH: 3"}),
            "a.cfg:11:1: duplicate key 'ArrayWidth', first written at a.cfg:6:17");
  EXPECT_EQ(error_of({.height = ""}), "a.cfg: ArrayHeight is missing in [architecture_presets]");
  EXPECT_EQ(error_of({.height = std::string("ArrayHeight\0: 3", 15)}),
            "a.cfg:5:12: byte 0x00 is not text");
}

TEST(ScaleSimConfigFile, RefusesWrongValues) {
  for (const std::string value :
       {"0", "1025", "-4", "4.5", "32 ; rows", "0x10", "99999999999999999999"}) {
    EXPECT_EQ(
        error_of({.height = "ArrayHeight: " + value}),
        "a.cfg:5:14: ArrayHeight: found '" + value + "', allowed: whole numbers from 1 to 1024");
  }
  EXPECT_EQ(error_of({.ofmap = "OfmapSramSzkB: 1048577"}),
            "a.cfg:9:16: OfmapSramSzkB: found '1048577', allowed: whole numbers from 1 to 1048576");
  EXPECT_EQ(error_of({.dataflow = "Dataflow : rs"}),
            "a.cfg:10:12: Dataflow: found 'rs', allowed: ws, os, is");
  EXPECT_EQ(error_of({.mode = "InterfaceBandwidth: BOTH"}),
            "a.cfg:13:21: InterfaceBandwidth: found 'BOTH', allowed: CALC, USER");
  const std::string user = "InterfaceBandwidth: USER";
  EXPECT_EQ(error_of({.more = "", .mode = user}),
            "a.cfg: Bandwidth is missing in [architecture_presets]");
  EXPECT_EQ(error_of({.more = "Bandwidth : 10,", .mode = user}), "no error");
  EXPECT_EQ(error_of({.more = "Bandwidth : 10,20", .mode = user}),
            "a.cfg:11:13: Bandwidth: found 2 numbers, allowed: one, or three for ifmap, filter and "
            "ofmap");
  EXPECT_EQ(error_of({.more = "Bandwidth : 10,x,3", .mode = user}),
            "a.cfg:11:13: Bandwidth: found 'x', allowed: whole numbers from 1 to 10000");
}

TEST(ScaleSimConfigFile, WhatTheMachineDoesNotHaveMustBeOff) {
  EXPECT_EQ(error_of({.mode = "[sparsity]\nSparsitySupport : true"}),
            "a.cfg:14:19: SparsitySupport: found 'true', which the machine does not have; allowed: "
            "False");
  EXPECT_EQ(error_of({.mode = "UseRamulatorTrace: True"}),
            "a.cfg:13:20: UseRamulatorTrace: found 'True', which the machine does not have; "
            "allowed: False");
  EXPECT_EQ(error_of({.mode = "[layout]\nFilterCustomLayout: yes"}),
            "a.cfg:14:21: FilterCustomLayout: found 'yes', which the machine does not have; "
            "allowed: False");
}

TEST(ScaleSimArray, HasTheSizesOfTheFile) {
  const ArrayConfig config = array({});
  EXPECT_EQ(config.name, "run_1_ws");
  EXPECT_EQ(config.clock, Hertz(1'000'000'000));
  EXPECT_EQ(config.rows, 32U);
  EXPECT_EQ(config.columns, 16U);
  EXPECT_EQ(config.weight_fifo_tiles, 8U) << "4 KiB of 512-byte tiles";
  EXPECT_EQ(config.unified_buffer, Bytes(96 * 1024)) << "ifmap and ofmap";
  EXPECT_EQ(config.accumulator_rows, 4096U);
  EXPECT_EQ(config.energy, std::filesystem::path(SYSTOL_CONFIGS) / "energy/45nm.yaml");
  ASSERT_EQ(config.memories.size(), 2U);
  EXPECT_EQ(config.memories[0].holds, std::vector{isa::Space::Weights});
  EXPECT_EQ(config.memories[1].holds, std::vector{isa::Space::Activations});
  for (const MemoryConfig& memory : config.memories) {
    EXPECT_EQ(memory.bandwidth, std::nullopt);
    EXPECT_EQ(memory.latency, Picoseconds(0));
  }
}

TEST(ScaleSimArray, WordsPerCycleAreBytesPerSecondAtItsClock) {
  const Text text{.more = "Bandwidth : 3, 5, 7", .mode = "InterfaceBandwidth: USER"};
  const ArrayConfig config = array(text);
  EXPECT_EQ(config.memories[0].bandwidth, BytesPerSecond(5'000'000'000));
  EXPECT_EQ(config.memories[1].bandwidth, BytesPerSecond(10'000'000'000)) << "ifmap and ofmap";
  const ArrayConfig slower = array(text, {"clock=700 MHz"});
  EXPECT_EQ(slower.memories[0].bandwidth, BytesPerSecond(3'500'000'000));
  const ArrayConfig own = array(text, {"memory.filter_dram.bandwidth=1 GB/s"});
  EXPECT_EQ(own.memories[0].bandwidth, BytesPerSecond(1'000'000'000));
}

TEST(ScaleSimArray, OverridesGoOverTheFile) {
  const ArrayConfig config = array({}, {"array.rows=8", "name=other", "weight_fifo.tiles=2"});
  EXPECT_EQ(config.rows, 8U);
  EXPECT_EQ(config.columns, 16U);
  EXPECT_EQ(config.name, "other");
  EXPECT_EQ(config.weight_fifo_tiles, 2U);
  EXPECT_EQ(array_error({}, {"array.rows=0"}),
            "array.rows=0: array.rows: found '0', allowed: 1 to 1024");
}

TEST(ScaleSimArray, HasAtLeastOneTileAndAtMost64) {
  EXPECT_EQ(array({.height = "ArrayHeight: 128", .width = "ArrayWidth: 128"}).weight_fifo_tiles,
            1U);
  EXPECT_EQ(array({.filter = "FilterSramSzkB: 32"}).weight_fifo_tiles, 64U);
  EXPECT_EQ(array({.filter = "FilterSramSzkB: 33"}).weight_fifo_tiles, 64U);
}

TEST(ScaleSimArray, ErrorsNameThePlaceInTheFile) {
  EXPECT_EQ(
      array_error(
          {.width = "ArrayWidth: 1024", .ifmap = "IfmapSramSzkB: 1", .ofmap = "OfmapSramSzkB: 1"}),
      "a.cfg:9:16: IfmapSramSzkB and OfmapSramSzkB together: found '2 KiB', too small for an "
      "array of 32 rows and 1024 columns with the dataflow weight_stationary, which needs at least "
      "21568 B");
  EXPECT_EQ(array_error({.ofmap = "OfmapSramSzkB: 1048576"}),
            "a.cfg:9:16: IfmapSramSzkB and OfmapSramSzkB together: found '1048640 KiB', allowed: 1 "
            "KiB to 1 GiB");
}

TEST(ScaleSimArray, NotesSayWhatIsNotInTheFile) {
  const Text exact;
  EXPECT_EQ(notes_of(parse(exact), array(exact)),
            (std::vector<std::string>{"a.cfg: SCALE-Sim has no clock; times, energies and "
                                      "bandwidths are at 1 GHz (key clock)"}));
  const Text large{.height = "ArrayHeight: 128",
                   .filter = "FilterSramSzkB: 6145",
                   .more = "IfmapOffset: 0\nMemoryBanks: 1"};
  EXPECT_EQ(notes_of(parse(large), array(large, {"clock=500 MHz"})),
            (std::vector<std::string>{
                "a.cfg: SCALE-Sim has no clock; times, energies and bandwidths are at 500 MHz "
                "(key clock)",
                "a.cfg: FilterSramSzkB is 3072.5 tiles of 128x16; the weight FIFO has 64 (1 to 64 "
                "are possible)",
                "a.cfg: without a counterpart here, ignored: IfmapOffset, MemoryBanks"}));
}

TEST(ScaleSimDataflows, HaveTheirNames) {
  EXPECT_EQ(name_of(ScaleSimDataflow::OutputStationary), "os");
  EXPECT_EQ(long_name_of(ScaleSimDataflow::InputStationary), "input_stationary");
  EXPECT_EQ(scale_sim_dataflow(Dataflow::WeightStationary), ScaleSimDataflow::WeightStationary);
}

TEST(ScaleSimConfigFile, IsKnownByItsName) {
  EXPECT_TRUE(is_scale_sim_config("a/b.cfg"));
  EXPECT_TRUE(is_scale_sim_config("b.CFG"));
  EXPECT_FALSE(is_scale_sim_config("cfg.yaml"));
}

}  // namespace
}  // namespace systol
