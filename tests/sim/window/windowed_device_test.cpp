#include "sim/window/windowed_device.h"

#include <fmt/format.h>

#include "tests/file_text.h"
#include "tests/sanitized.h"
#include "tests/sim/config/temp_files.h"
#include "tests/sim/window/small_networks.h"

namespace systol::test {
namespace {

/// A unit's commands of a layer, up to the first one of another layer after them.
std::vector<std::uint64_t> first_time(const isa::Program& program, isa::Unit unit,
                                      std::uint32_t layer) {
  std::vector<std::uint64_t> found;
  for (std::uint64_t i = 0; i < program.commands.size(); ++i) {
    if (isa::unit_of(program.commands[i]) != unit) {
      continue;
    }
    if (program.commands[i].origin.node == layer) {
      found.push_back(i);
    } else if (!found.empty()) {
      break;
    }
  }
  return found;
}

/// The cycles of a layer's first time, from its first matmul to its last activation.
std::pair<Cycles, Cycles> layer_window(const isa::Program& program, const Times& times,
                                       std::uint32_t layer) {
  const std::uint64_t first = first_time(program, isa::Unit::Matrix, layer).front();
  const std::uint64_t last = first_time(program, isa::Unit::Activate, layer).back();
  return {times.all.at(first).first, times.all.at(last).second};
}

/// The cycles of one matmul of the layer.
std::pair<Cycles, Cycles> tile_window(const isa::Program& program, const Times& times,
                                      std::uint32_t layer, std::uint64_t tile) {
  for (const auto& [index, time] : times.all) {
    const isa::Command& command = program.commands.at(index);
    if (command.origin.node == layer && isa::unit_of(command) == isa::Unit::Matrix && tile-- == 0) {
      return time;
    }
  }
  throw std::out_of_range("tile");
}

std::uint64_t matmuls_of(const isa::Program& program, std::uint32_t layer) {
  return static_cast<std::uint64_t>(
      std::ranges::count_if(program.commands, [&](const isa::Command& command) {
        return command.origin.node == layer && isa::unit_of(command) == isa::Unit::Matrix;
      }));
}

WindowedOptions options_of(const std::string& layer, std::optional<std::uint64_t> tile,
                           WaveOptions wave) {
  WindowedOptions options;
  options.request.layer = layer;
  options.request.tile = tile;
  options.wave = std::move(wave);
  options.clocked = "systemc";
  return options;
}

/// Of the three, so many are shown tile by tile.
constexpr std::uint32_t kTiledLayers = kSanitized ? 1 : 3;

class WindowedDevice : public EachDataflow {
 protected:
  std::string content(const std::string& name) const { return text_of(files_.path(name)); }
  WaveOptions wave(const std::string& name) const {
    WaveOptions options;
    options.path = files_.path(name);
    options.scopes = {"all"};
    return options;
  }
  /// The wave of a layer, or of a tile, and of the same cycles of a whole run.
  void expect_the_whole_runs_wave(const ArrayConfig& config, const isa::Program& program,
                                  std::uint32_t layer, std::optional<std::uint64_t> tile) const {
    const Shown plain = run_on(*make_fast_device(config, {}), program);
    WaveOptions part = wave("whole.vcd");
    std::tie(part.from, part.to) = tile ? tile_window(program, plain.times, layer, *tile)
                                        : layer_window(program, plain.times, layer);
    run_on(*make_systemc_device("systemc", config, make_model_unit, {part, {}}), program);
    const auto device = make_windowed_device(
        config, make_model_unit, options_of(program.nodes[layer], tile, wave("part.vcd")));
    const Shown windowed = run_on(*device, program);
    EXPECT_EQ(device->failures(), std::vector<std::string>{});
    EXPECT_TRUE(content("part.vcd") == content("whole.vcd"))
        << "cycles " << part.from.count() << " to " << part.to.count();
    EXPECT_GT(content("part.vcd").size(), 1000U);
    EXPECT_EQ(windowed.result, plain.result);
    EXPECT_EQ(windowed.times.all, plain.times.all);
    expect_same_memory(windowed, plain);
  }

  TempFiles files_;
};

TEST_P(WindowedDevice, ShowsALayerAsAWholeRunDoes) {
  for (const auto& [rows, columns] : {std::pair{3U, 5U}, {1U, 1U}, {6U, 2U}, {8U, 8U}}) {
    const ArrayConfig config = array_of(GetParam(), rows, columns);
    const isa::Program program = small_program(config);
    for (std::uint32_t layer = 0; layer < kTiledLayers; ++layer) {
      SCOPED_TRACE(fmt::format("{}x{}, layer {}", rows, columns, layer));
      expect_the_whole_runs_wave(config, program, layer, std::nullopt);
    }
  }
}

TEST_P(WindowedDevice, ShowsATileAsAWholeRunDoes) {
  const ArrayConfig config = array_of(GetParam());
  const isa::Program program = small_program(config);
  for (std::uint32_t layer = 0; layer < kTiledLayers; ++layer) {
    for (std::uint64_t tile = 0; tile < matmuls_of(program, layer); ++tile) {
      SCOPED_TRACE(fmt::format("layer {}, tile {}", layer, tile));
      expect_the_whole_runs_wave(config, program, layer, tile);
    }
  }
}

/// A ragged tile's parameters, set before the window, leave zeros in the unused columns.
TEST_P(WindowedDevice, ShowsTheUnusedColumnsOfARaggedTile) {
  ArrayConfig config = array_of(GetParam(), 2, 5);
  config.accumulator_rows = 2;  // so that several blocks share a tile's parameters
  const isa::Program program = small_program(config);
  for (std::uint32_t layer = 0; layer < kTiledLayers; ++layer) {
    for (std::uint64_t tile = 0; tile < matmuls_of(program, layer); tile += kSanitized ? 3 : 1) {
      SCOPED_TRACE(fmt::format("layer {}, tile {}", layer, tile));
      expect_the_whole_runs_wave(config, program, layer, tile);
    }
  }
}

TEST_P(WindowedDevice, ShowsALayerOfASlowMachineAsAWholeRunDoes) {
  ArrayConfig config = array_of(GetParam());
  config.memories[0].bandwidth = BytesPerSecond(700'000'000);
  config.memories[0].latency = Picoseconds(90'000);
  config.weight_fifo_tiles = 1;
  config.command_queue_depth = 2;
  config.dma_outstanding = 2;
  const isa::Program program = small_program(config);
  for (const std::uint32_t layer : {0U, 1U, 2U}) {
    SCOPED_TRACE(layer);
    expect_the_whole_runs_wave(config, program, layer, std::nullopt);
  }
}

TEST_P(WindowedDevice, ShowsActivationsThatStreamThroughMemory) {
  ArrayConfig config = array_of(GetParam());
  config.unified_buffer = Bytes(least_buffer(3, 5) + 2 * 15 * 12);
  const isa::Program program = small_program(config);
  for (const std::uint32_t layer : {0U, 1U, 2U}) {
    SCOPED_TRACE(layer);
    expect_the_whole_runs_wave(config, program, layer, std::nullopt);
    expect_the_whole_runs_wave(config, program, layer, matmuls_of(program, layer) - 1);
  }
}

TEST_P(WindowedDevice, FindsALayerByNameAndByNumber) {
  const ArrayConfig config = array_of(GetParam());
  const isa::Program program = small_program(config);
  for (const auto& [text, name] : {std::pair{"fc2", "named.vcd"}, {"1", "numbered.vcd"}}) {
    run_on(
        *make_windowed_device(config, make_model_unit, options_of(text, std::nullopt, wave(name))),
        program);
  }
  EXPECT_GT(content("named.vcd").size(), 1000U);
  EXPECT_EQ(content("named.vcd"), content("numbered.vcd"));
}

/// A bit so low that it may change no output, and one that does.
TEST_P(WindowedDevice, FindsAUnitThatComputesOtherValues) {
  const ArrayConfig config = array_of(GetParam());
  const isa::Program program = small_program(config);
  for (const std::uint32_t bit : {0U, 20U}) {
    const MatrixUnitFactory broken = [bit](const UnitShape& shape) {
      std::unique_ptr<MatrixUnit> unit = make_model_unit(shape);
      unit->inject({1, 2, bit});
      return unit;
    };
    const auto device =
        make_windowed_device(config, broken, options_of("fc2", std::nullopt, wave("w.vcd")));
    const Shown shown = run_on(*device, program);
    ASSERT_FALSE(device->failures().empty()) << "bit " << bit;
    EXPECT_EQ(device->failures().back().rfind("after the window accumulator row ", 0), 0U)
        << device->failures().back();
    EXPECT_EQ(shown.result, run_on(*make_fast_device(config, {}), program).result);
    EXPECT_GT(content("w.vcd").size(), 1000U) << "the wave is what shows the fault";
  }
}

INSTANTIATE_TEST_SUITE_P(Of, WindowedDevice, kDataflows, dataflow_name);

TEST(WindowedDevice, RefusesLayersAndTilesThatAreNotThereAndLeavesNoFile) {
  const TempFiles files;
  const ArrayConfig config = array_of(Dataflow::WeightStationary);
  const isa::Program program = small_program(config);
  const auto error_of = [&](const std::string& layer, std::optional<std::uint64_t> tile) {
    WaveOptions wave;
    wave.path = files.path("w.vcd");
    return files.error_of([&] {
      run_on(*make_windowed_device(config, make_model_unit, options_of(layer, tile, wave)),
             program);
    });
  };
  EXPECT_EQ(error_of("fc4", std::nullopt),
            "layer 'fc4': there is no such layer; there are 4: fc1, fc2, fc3, f5");
  // 3 x 3 tiles of 7 x 11 weights, in two batches.
  EXPECT_EQ(error_of("fc1", 18),
            "layer 'fc1', tile 18: the layer has 18 tiles, 0 to "
            "17");
  EXPECT_TRUE(std::filesystem::is_empty(files.path("")));
  EXPECT_EQ(error_of("fc1", 17), "no error");
  EXPECT_FALSE(std::filesystem::is_empty(files.path("")));
}

TEST(WindowedDevice, NotesWhichEngineShowsWhichCycles) {
  const TempFiles files;
  const ArrayConfig config = array_of(Dataflow::WeightStationary);
  const isa::Program program = small_program(config);
  WaveOptions wave;
  wave.path = files.path("w.vcd");
  const auto device =
      make_windowed_device(config, make_model_unit, options_of("fc3", std::nullopt, wave));
  const Shown shown = run_on(*device, program);
  const auto [from, to] = layer_window(program, shown.times, 2);
  EXPECT_EQ(device->engine(), "fast");
  ASSERT_FALSE(device->notes().empty());
  EXPECT_EQ(device->notes()[0].rfind(fmt::format("the wave shows cycles {} to {} on the systemc "
                                                 "engine, which took over in cycle ",
                                                 from.count(), to.count()),
                                     0),
            0U)
      << device->notes()[0];
}

}  // namespace
}  // namespace systol::test
