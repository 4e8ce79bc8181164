#include "sim/config/array_file.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

/// A whole file, one key per line, so that tests can replace one.
struct Text {
  std::string clock = "clock: 500 MHz";
  std::string array = "array: {rows: 16, columns: 16}";
  std::string buffer = "unified_buffer: {capacity: 256 KiB}";
  std::string memory =
      "memory: {dram: {holds: [weights, activations], bandwidth: 8 GB/s, latency: 80 ns, energy: "
      "lpddr4}}";
  std::string energy = "energy: e.yaml";
  std::string more = "";

  std::string all() const {
    return clock + "\n" + array + "\n" + buffer + "\n" + memory + "\n" + energy + "\n" + more;
  }
};

class ArrayFile : public testing::Test {
 protected:
  ArrayFile() { files.write("e.yaml", ""); }

  ArrayConfig load(const Text& text, const std::vector<std::string>& overrides = {}) {
    return load_array_config(files.write("a.yaml", text.all()), overrides);
  }
  std::string error_of(const Text& text, const std::vector<std::string>& overrides = {}) {
    return files.error_of([&] { load(text, overrides); });
  }
  std::string memory_error(const std::string& entries) {
    return error_of({.memory = "memory:\n" + entries});
  }

  TempFiles files;
};

void expect_same(const ArrayConfig& a, const ArrayConfig& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.clock, b.clock);
  EXPECT_EQ(a.voltage, b.voltage);
  EXPECT_EQ(a.operating_points.size(), b.operating_points.size());
  EXPECT_EQ(a.rows, b.rows);
  EXPECT_EQ(a.columns, b.columns);
  EXPECT_EQ(a.dataflow, b.dataflow);
  EXPECT_EQ(a.tile_use, b.tile_use);
  EXPECT_EQ(a.clock_gating, b.clock_gating);
  EXPECT_EQ(a.buffer_slices, b.buffer_slices);
  EXPECT_EQ(a.pe, b.pe);
  EXPECT_EQ(a.weight_fifo_tiles, b.weight_fifo_tiles);
  EXPECT_EQ(a.tile_fetch, b.tile_fetch);
  EXPECT_EQ(a.accumulator_rows, b.accumulator_rows);
  EXPECT_EQ(a.unified_buffer, b.unified_buffer);
  EXPECT_EQ(a.command_queue_depth, b.command_queue_depth);
  EXPECT_EQ(a.dma_outstanding, b.dma_outstanding);
  EXPECT_EQ(a.energy, b.energy);
  ASSERT_EQ(a.memories.size(), b.memories.size());
  for (std::size_t i = 0; i < a.memories.size(); ++i) {
    EXPECT_EQ(a.memories[i].name, b.memories[i].name);
    EXPECT_EQ(a.memories[i].holds, b.memories[i].holds);
    EXPECT_EQ(a.memories[i].bandwidth, b.memories[i].bandwidth);
    EXPECT_EQ(a.memories[i].latency, b.memories[i].latency);
    EXPECT_EQ(a.memories[i].energy, b.memories[i].energy);
    EXPECT_EQ(a.memories[i].dram, b.memories[i].dram);
  }
}

TEST_F(ArrayFile, DefaultsAreFilledIn) {
  const ArrayConfig config = load({});
  EXPECT_EQ(config.name, "a");
  EXPECT_EQ(config.clock, Hertz(500'000'000));
  EXPECT_EQ(config.weight_fifo_tiles, 4U);
  EXPECT_EQ(config.accumulator_rows, 512U);
  EXPECT_EQ(config.command_queue_depth, 16U);
  EXPECT_EQ(config.dma_outstanding, 8U);
  EXPECT_EQ(config.energy, files.path("e.yaml"));
  EXPECT_EQ(config.memories.at(0).energy_place, files.path("a.yaml").string() + ":4:91");
}

TEST_F(ArrayFile, WhatIsWrittenReadsBack) {
  const ArrayConfig config =
      load({.more = "name: 'null'\nweight_fifo: {tiles: 2}\ndma: {outstanding: 3}\n"},
           {"clock=33.333333 MHz", "memory.dram.bandwidth=unlimited"});
  const std::string text = to_yaml(config);
  expect_same(load_array_config(files.write("again.yaml", text)), config);
  EXPECT_EQ(text,
            "name: \"null\"\n"
            "clock: 33333333 Hz\n"
            "array: {rows: 16, columns: 16, dataflow: weight_stationary, tile_use: wave, pe: "
            "int8, clock_gating: pe}\n"
            "weight_fifo: {tiles: 2, fetch: filled}\n"
            "accumulators: {rows: 512}\n"
            "unified_buffer: {capacity: 256 KiB, slices: 16}\n"
            "command_queue: {depth: 16}\n"
            "dma: {outstanding: 3}\n"
            "memory:\n"
            "  dram: {holds: [weights, activations], bandwidth: unlimited, latency: 80 ns, energy: "
            "lpddr4, model: channel}\n"
            "energy: " +
                files.path("e.yaml").string() + "\n");
}

TEST_F(ArrayFile, ShippedConfigsLoadAndReadBack) {
  int found = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SYSTOL_CONFIGS)) {
    if (entry.path().extension() == ".yaml") {
      const ArrayConfig config = load_array_config(entry.path());
      expect_same(load_array_config(files.write("again.yaml", to_yaml(config))), config);
      ++found;
    }
  }
  EXPECT_EQ(found, 7);
}

TEST_F(ArrayFile, TheFirstTpuIsAsPublished) {
  const ArrayConfig tpu = load_array_config(SYSTOL_CONFIGS "/tpu_v1.yaml");
  EXPECT_EQ(tpu.rows * tpu.columns, 65'536U);
  EXPECT_EQ(tpu.clock, Hertz(700'000'000));
  EXPECT_EQ(tpu.accumulator_rows * tpu.columns * 4, 4U << 20);
  EXPECT_EQ(tpu.unified_buffer, Bytes(24U << 20));
  EXPECT_EQ(tpu.weight_fifo_tiles, 4U);
  EXPECT_EQ(tpu.memories.at(0).bandwidth, BytesPerSecond(34'000'000'000));
}

TEST_F(ArrayFile, SizesAreChecked) {
  for (const std::string rows : {"0", "-3", "1025", "1000000000"}) {
    EXPECT_EQ(error_of({.array = "array: {rows: " + rows + ", columns: 16}"}),
              "a.yaml:2:15: array.rows: found '" + rows + "', allowed: 1 to 1024");
  }
  EXPECT_EQ(error_of({.array = "array: {rows: 16.0, columns: 16}"}),
            "a.yaml:2:15: array.rows: found '16.0', expected a whole number from 1 to 1024 in "
            "plain decimal digits");
  EXPECT_EQ(error_of({.more = "weight_fifo: {tiles: 65}"}),
            "a.yaml:6:22: weight_fifo.tiles: found '65', allowed: 1 to 64");
  EXPECT_EQ(error_of({.more = "accumulators: {rows: 65537}"}),
            "a.yaml:6:22: accumulators.rows: found '65537', allowed: 1 to 65536");
  EXPECT_EQ(error_of({.more = "command_queue: {depth: 0}"}),
            "a.yaml:6:24: command_queue.depth: found '0', allowed: 1 to 1024");
  EXPECT_EQ(error_of({.more = "dma: {outstanding: 65}"}),
            "a.yaml:6:20: dma.outstanding: found '65', allowed: 1 to 64");
  EXPECT_EQ(error_of({}, {"array.rows=x"}),
            "array.rows=x: array.rows: found 'x', expected a whole number from 1 to 1024 in "
            "plain decimal digits");
}

TEST_F(ArrayFile, QuantitiesAreChecked) {
  EXPECT_EQ(error_of({.clock = "clock: 500"}),
            "a.yaml:1:8: clock: found '500', which has no unit; allowed units: Hz, kHz, MHz, GHz");
  EXPECT_EQ(error_of({.clock = "clock: 11 GHz"}),
            "a.yaml:1:8: clock: found '11 GHz', allowed: 1 kHz to 10 GHz");
  EXPECT_EQ(error_of({.buffer = "unified_buffer: {capacity: 1 B}"}),
            "a.yaml:3:28: unified_buffer.capacity: found '1 B', allowed: 1 KiB to 1 GiB");
  EXPECT_EQ(error_of({}, {"memory.dram.bandwidth=8 GB"}),
            "memory.dram.bandwidth=8 GB: memory.dram.bandwidth: found '8 GB', which has the "
            "unknown unit 'GB'; allowed units: B/s, kB/s, KiB/s, MB/s, MiB/s, GB/s, GiB/s, or "
            "'unlimited'");
}

TEST_F(ArrayFile, ClocksAreGatedUnlessItSaysOtherwise) {
  EXPECT_EQ(load({}).clock_gating, ClockGating::Pe);
  EXPECT_EQ(load({}, {"array.clock_gating=none"}).clock_gating, ClockGating::None);
  EXPECT_EQ(error_of({.array = "array: {rows: 16, columns: 16, clock_gating: row}"}),
            "a.yaml:2:46: array.clock_gating: found 'row', expected one of: none, array, pe");
}

TEST_F(ArrayFile, ABufferHasASliceForEachRowAndMemoriesMayHaveACapacity) {
  EXPECT_EQ(load({}).buffer_slices, 16U);
  EXPECT_FALSE(load({}).memories.at(0).capacity);
  const ArrayConfig config = load({}, {"unified_buffer.slices=1", "memory.dram.capacity=8 GiB"});
  EXPECT_EQ(config.buffer_slices, 1U);
  EXPECT_EQ(config.memories.at(0).capacity, Bytes(std::uint64_t{8} << 30U));
  EXPECT_NE(to_yaml(config).find("latency: 80 ns, capacity: 8 GiB, energy"), std::string::npos);
  EXPECT_EQ(error_of({.buffer = "unified_buffer: {capacity: 256 KiB, slices: 0}"}),
            "a.yaml:3:45: unified_buffer.slices: found '0', allowed: 1 to 1024");
  EXPECT_EQ(memory_error("  a: {holds: [weights, activations], bandwidth: 1 GB/s, latency: 1 ns, "
                         "capacity: 0 B, energy: lpddr4}\n"),
            "a.yaml:5:82: memory.a.capacity: found '0 B', allowed: 1 KiB to 65536 GiB");
}

constexpr std::string_view kPoints =
    "operating_points: [{voltage: 0.65 V, clock: 240 MHz}, {voltage: 800 mV, clock: 370 MHz}]";

TEST_F(ArrayFile, AVoltageChoosesAnOperatingPointAndItsClock) {
  const ArrayConfig config = load({.clock = std::string(kPoints), .more = "voltage: 0.65 V"});
  EXPECT_EQ(config.voltage, Millivolts(650));
  EXPECT_EQ(config.clock, Hertz(240'000'000));
  expect_same(load_array_config(files.write("again.yaml", to_yaml(config))), config);
  const ArrayConfig faster =
      load({.clock = std::string(kPoints), .more = "voltage: 0.65 V"}, {"voltage=0.8 V"});
  EXPECT_EQ(faster.clock, Hertz(370'000'000));
  const ArrayConfig alone = load({.more = "voltage: 750 mV"});
  EXPECT_EQ(alone.voltage, Millivolts(750));
  EXPECT_EQ(alone.clock, Hertz(500'000'000));
  expect_same(load_array_config(files.write("again.yaml", to_yaml(alone))), alone);
  EXPECT_FALSE(load({}).voltage);
}

TEST_F(ArrayFile, VoltagesThatDoNotFitAreRefused) {
  EXPECT_EQ(error_of({.clock = std::string(kPoints), .more = "voltage: 0.7 V"}),
            "a.yaml:6:10: voltage: found 700 mV, allowed, by `operating_points`: 650 mV, 800 mV");
  EXPECT_EQ(error_of({.clock = std::string(kPoints)}), "a.yaml:1:1: missing key 'voltage'");
  EXPECT_EQ(error_of({.more = std::string(kPoints) + "\nvoltage: 0.65 V"}),
            "a.yaml:1:8: clock: `operating_points` have the clocks, and `voltage` chooses one of "
            "them");
  EXPECT_EQ(error_of({.clock = "operating_points: [{voltage: 1 V, clock: 1 MHz}, {voltage: "
                               "1000 mV, clock: 2 MHz}]",
                      .more = "voltage: 1 V"}),
            "a.yaml:1:50: operating_points[1]: found 1 V twice");
  EXPECT_EQ(error_of({.more = "voltage: 0 V"}),
            "a.yaml:6:10: voltage: found '0 V', allowed: 100 mV to 5 V");
  EXPECT_EQ(error_of({.more = "voltage: 12 V"}),
            "a.yaml:6:10: voltage: found '12 V', allowed: 100 mV to 5 V");
}

TEST_F(ArrayFile, KeysAreChecked) {
  EXPECT_EQ(error_of({.clock = "clok: 500 MHz"}),
            "a.yaml:1:1: unknown key 'clok' (did you mean 'clock'?); allowed: name, clock, "
            "voltage, operating_points, array, "
            "weight_fifo, accumulators, unified_buffer, command_queue, dma, memory, energy");
  EXPECT_EQ(error_of({.array = "array: {rows: 16, colums: 16}"}),
            "a.yaml:2:19: unknown key 'array.colums' (did you mean 'columns'?); allowed: rows, "
            "columns, dataflow, tile_use, pe, clock_gating");
  EXPECT_EQ(error_of({.clock = ""}), "a.yaml:2:1: missing key 'clock'");
  EXPECT_EQ(error_of({.array = ""}), "a.yaml:1:1: missing key 'array'");
  EXPECT_EQ(error_of({.buffer = ""}), "a.yaml:1:1: missing key 'unified_buffer'");
  EXPECT_EQ(error_of({.memory = ""}), "a.yaml:1:1: missing key 'memory'");
  EXPECT_EQ(error_of({.energy = ""}), "a.yaml:1:1: missing key 'energy'");
  EXPECT_EQ(error_of({.array = "array: {rows: 16}"}), "a.yaml:2:8: missing key 'array.columns'");
  EXPECT_EQ(error_of({.more = "clock: 1 MHz"}),
            "a.yaml:6:1: duplicate key 'clock', first written at 1:1");
  EXPECT_EQ(error_of({.more = "name: a/b"}),
            "a.yaml:6:7: name: found the name 'a/b', allowed: at most 64 letters, digits and '_', "
            "'-', '.'");
}

TEST_F(ArrayFile, SparseWeightsStayInPairsOfRows) {
  const std::string start = "array: {rows: 16, columns: 16, ";
  EXPECT_EQ(error_of({.array = start + "dataflow: output_stationary, pe: sparse24}"}),
            "a.yaml:2:65: array.pe: found 'sparse24' on an array that is output_stationary, where "
            "indices would have to move with the weights; allowed: dataflow: weight_stationary");
  EXPECT_EQ(error_of({.array = "array: {rows: 5, columns: 16, pe: sparse24}"}),
            "a.yaml:2:35: array.pe: found 'sparse24' on an array of 5 rows, two of which share "
            "each group of four activations; allowed: an even number of rows");
}

TEST_F(ArrayFile, WhatTheMachineDoesNotHaveYetIsRefusedByName) {
  const std::string start = "array: {rows: 16, columns: 16, ";
  EXPECT_EQ(error_of({.array = start + "pe: int16}"}),
            "a.yaml:2:36: array.pe: found 'int16', which the machine does not have yet; allowed: "
            "int8, adder, bf16, int8w4, ternary, binary, sparse24, xnor");
  EXPECT_EQ(error_of({.array = start + "dataflow: input_stationary, pe: ternary}"}),
            "a.yaml:2:64: array.pe: found 'ternary' on an array that is input_stationary, where "
            "activations would stay in the PEs' 2-bit weights; allowed: dataflow: "
            "weight_stationary, output_stationary");
  EXPECT_EQ(error_of({.array = start + "dataflow: output_stationary, pe: bf16}"}),
            "a.yaml:2:65: array.pe: found 'bf16' on an array that is output_stationary; allowed: "
            "dataflow: weight_stationary");
  EXPECT_EQ(error_of({.array = start + "dataflow: weight-stationary}"}),
            "a.yaml:2:42: array.dataflow: found 'weight-stationary' (did you mean "
            "'weight_stationary'?), expected one of: weight_stationary, output_stationary, "
            "input_stationary");
}

TEST_F(ArrayFile, TileUseReadsBackAndHasNoMeaningWhereNoTileShifts) {
  const std::string start = "array: {rows: 16, columns: 16, ";
  for (const auto& [name, use] : {std::pair{"wave", TileUse::Wave}, {"whole", TileUse::Whole}}) {
    for (const std::string dataflow : {"weight_stationary", "input_stationary"}) {
      const ArrayConfig config =
          load({.array = start + "tile_use: " + name + ", dataflow: " + dataflow + "}"});
      EXPECT_EQ(config.tile_use, use) << name;
      EXPECT_EQ(name_of(config.tile_use), name);
      expect_same(load_array_config(files.write("again.yaml", to_yaml(config))), config);
    }
  }
  EXPECT_EQ(load({}).tile_use, TileUse::Wave) << "without the key";
  EXPECT_EQ(error_of({.array = start + "tile_use: hole}"}),
            "a.yaml:2:42: array.tile_use: found 'hole' (did you mean 'whole'?), expected one of: "
            "wave, whole");
  EXPECT_EQ(error_of({.array = start + "tile_use: [wave]}"}),
            "a.yaml:2:42: array.tile_use: found a list, expected one of: wave, whole");
  const Text in_place{.array = start + "tile_use: whole, dataflow: output_stationary}"};
  EXPECT_EQ(error_of(in_place),
            "a.yaml:2:42: array.tile_use: found 'whole', but an output-stationary array shifts no "
            "tile into its PEs; allowed: wave");
  EXPECT_EQ(load(in_place, {"array.tile_use=wave"}).tile_use, TileUse::Wave);
}

TEST_F(ArrayFile, TileFetchReadsBack) {
  EXPECT_EQ(load({}).tile_fetch, TileFetch::Filled) << "without the key";
  EXPECT_EQ(load({.more = "weight_fifo: {tiles: 3}"}).tile_fetch, TileFetch::Filled);
  const ArrayConfig config = load({.more = "weight_fifo: {fetch: whole}"});
  EXPECT_EQ(config.tile_fetch, TileFetch::Whole);
  EXPECT_EQ(config.weight_fifo_tiles, 4U);
  expect_same(load_array_config(files.write("again.yaml", to_yaml(config))), config);
  EXPECT_EQ(error_of({.more = "weight_fifo: {fetch: all}"}),
            "a.yaml:6:22: weight_fifo.fetch: found 'all', expected one of: filled, whole");
}

TEST_F(ArrayFile, AnyOfThreeDataflowsReadsBack) {
  const std::string start = "array: {rows: 16, columns: 16, dataflow: ";
  for (const auto& [name, dataflow] : {std::pair{"weight_stationary", Dataflow::WeightStationary},
                                       {"output_stationary", Dataflow::OutputStationary},
                                       {"input_stationary", Dataflow::InputStationary}}) {
    const ArrayConfig config = load({.array = start + name + "}"});
    EXPECT_EQ(config.dataflow, dataflow) << name;
    EXPECT_EQ(name_of(config.dataflow), name);
    expect_same(load_array_config(files.write("again.yaml", to_yaml(config))), config);
  }
  EXPECT_EQ(load({}).dataflow, Dataflow::WeightStationary) << "without the key";
}

TEST_F(ArrayFile, OutputStationaryNeedAnAccumulatorRowForEachRowOfTheArray) {
  Text text{.array = "array: {rows: 16, columns: 16, dataflow: output_stationary}",
            .more = "accumulators: {rows: 15}"};
  const std::string too_few =
      "15 accumulator rows are too few: an output-stationary array of 16 rows drains into "
      "as many";
  EXPECT_EQ(error_of(text), "a.yaml:6:15: accumulators: " + too_few);
  text.more = "accumulators: {rows: 16}";
  EXPECT_EQ(error_of(text), "no error");
  text.array = "array: {rows: 16, columns: 16, dataflow: input_stationary}";
  text.more = "accumulators: {rows: 1}";
  EXPECT_EQ(error_of(text), "no error");
}

TEST_F(ArrayFile, EachSpaceIsInExactlyOneMemory) {
  const std::string rest = ", bandwidth: 8 GB/s, latency: 80 ns, energy: lpddr4}\n";
  EXPECT_EQ(memory_error("  a: {holds: [weights]" + rest),
            "a.yaml:5:3: memory: no memory holds 'activations'; add activations to one memory's "
            "`holds`");
  EXPECT_EQ(memory_error("  a: {holds: [weights]" + rest + "  b: {holds: [weights]" + rest),
            "a.yaml:6:6: memory.b: holds 'weights', which memory 'a' holds already; each of "
            "weights, activations is in exactly one memory");
  EXPECT_EQ(memory_error("  a: {holds: []" + rest),
            "a.yaml:5:14: memory.a.holds: found a list of 0, allowed: 1 to 2");
  EXPECT_EQ(memory_error("  a: {holds: [weight]" + rest),
            "a.yaml:5:15: memory.a.holds[0]: found 'weight' (did you mean 'weights'?), expected "
            "one of: weights, activations");
  EXPECT_EQ(memory_error("  a.b: {holds: [weights]" + rest),
            "a.yaml:5:3: memory.a.b: found the name 'a.b', allowed: at most 64 letters, digits "
            "and '_'");
}

TEST_F(ArrayFile, TheBufferHoldsWhatEveryProgramNeeds) {
  EXPECT_EQ(
      error_of({.array = "array: {rows: 256, columns: 256}",
                .buffer = "unified_buffer: {capacity: 1 KiB}"}),
      "a.yaml:3:28: unified_buffer.capacity: found '1 KiB', too small for an array of 256 "
      "rows and 256 columns with the dataflow weight_stationary, which needs at least 6656 B");
  EXPECT_EQ(error_of({.array = "array: {rows: 8, columns: 8, dataflow: input_stationary}",
                      .buffer = "unified_buffer: {capacity: 1 KiB}"}),
            "a.yaml:3:28: unified_buffer.capacity: found '1 KiB', too small for an array of 8 "
            "rows and 8 columns with the dataflow input_stationary, which needs at least 1076 B");
}

TEST_F(ArrayFile, TheEnergyTableIsAFile) {
  EXPECT_EQ(error_of({.energy = "energy: none.yaml"}),
            "a.yaml:5:9: energy: no such file: none.yaml");
  std::filesystem::create_directory(files.path("dir"));
  EXPECT_EQ(error_of({.energy = "energy: dir"}),
            "a.yaml:5:9: energy: expected a file, found a directory: dir");
}

TEST_F(ArrayFile, FilesThatAreNoConfigAreRefused) {
  const auto error = [&](std::string_view text) {
    return files.error_of([&] { load_array_config(files.write("a.yaml", text)); });
  };
  const std::string keys =
      "name, clock, voltage, operating_points, array, weight_fifo, accumulators, unified_buffer, "
      "command_queue, dma, memory, "
      "energy";
  EXPECT_EQ(error(""), "a.yaml:1:1: found nothing, expected a map with the keys " + keys);
  EXPECT_EQ(error("just text"),
            "a.yaml:1:1: found 'just text', expected a map with the keys " + keys);
  EXPECT_EQ(error(std::string_view("\x7f"
                                   "ELF\0\0",
                                   6)),
            "a.yaml:1:1: byte 0x7f is not text");
  EXPECT_EQ(files.error_of([&] { load_array_config(files.path("none.yaml")); }),
            "none.yaml: no such file");
  std::filesystem::create_directory(files.path("dir"));
  EXPECT_EQ(files.error_of([&] { load_array_config(files.path("dir")); }),
            "dir: is a directory, expected a YAML file");
}

}  // namespace
}  // namespace systol
