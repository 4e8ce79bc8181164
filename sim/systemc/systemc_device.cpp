#include "sim/systemc/systemc_device.h"

#include <fmt/format.h>

#include <atomic>

#include "hw/isa/text.h"
#include "sim/base/error.h"
#include "sim/systemc/system.h"

/// libsystemc brings a main() that calls this; our programs have a main() of their own.
int sc_main(int /*argc*/, char* /*argv*/[]) { return 1; }

namespace systol {
namespace {

/// The kernel's state is the whole process's: whoever simulates holds it.
class Kernel {
 public:
  Kernel() {
    if (taken().test_and_set()) {
      throw EnvironmentError(
          "another run with a clock has not ended in this process; allowed: one at a time, because "
          "SystemC has one kernel");
    }
  }
  ~Kernel() { taken().clear(); }
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;

 private:
  static std::atomic_flag& taken() {
    static std::atomic_flag flag;
    return flag;
  }
};

/// SystemC allows one elaboration per kernel context and offers no way to end it. A run therefore
/// gets a context of its own, which is never freed (docs/adr/0003).
void renew_kernel() {
  sc_core::sc_curr_simcontext = new sc_core::sc_simcontext;
  sc_core::sc_default_global_context = sc_core::sc_curr_simcontext;
  sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
}

System::Probe wave_probe(UnitWave& wave, MatrixUnit& unit) {
  return
      [&wave, &unit](const CycleView& view, const UnitInputs& inputs, const UnitOutputs& outputs) {
        if (!wave.wants(view.cycle)) {
          return;
        }
        std::array<std::string, isa::kUnits> texts;
        for (std::size_t i = 0; i < texts.size(); ++i) {
          texts[i] = view.commands[i] == nullptr ? "" : isa::to_text(view.commands[i]->command);
        }
        wave.sample(view.cycle, inputs, outputs, unit, texts,
                    kCycleClassNames[static_cast<std::size_t>(view.kind)]);
      };
}

System::Probe register_probe(RegisterRecorder& recorder, const MatrixUnit& unit) {
  return [&recorder, &unit](const CycleView& view, const UnitInputs&, const UnitOutputs&) {
    if (recorder.wants(view.cycle)) {
      recorder.record(view.cycle, unit, kCycleClassNames[static_cast<std::size_t>(view.kind)]);
    }
  };
}

/// The units, the matrix unit with its faults, and its wave if one is wanted.
struct WatchedUnits {
  std::unique_ptr<MatrixUnit> unit;
  std::unique_ptr<VectorUnit> vector;
  std::optional<UnitWave> wave;
  RegisterRecorder* registers;

  WatchedUnits(const ArrayConfig& config, const UnitFactories& make_units,
               const SystemOptions& options)
      : unit(make_units.matrix(unit_shape(config))),
        vector(make_units.vector(config.columns)),
        registers(options.registers) {
    if (registers != nullptr) {
      unit->watch();
    }
    if (options.fault) {
      unit->inject(*options.fault);
    }
    if (options.wave) {
      wave.emplace(*options.wave, unit_shape(config), config.clock);
      unit->watch();
    }
  }
  System::Probe probe() {
    if (registers != nullptr) {
      return register_probe(*registers, *unit);
    }
    return wave ? wave_probe(*wave, *unit) : System::Probe();
  }
  void close() {
    if (wave) {
      wave->close();
    }
  }
};

class SystemcDevice : public Device {
 public:
  SystemcDevice(std::string engine, const ArrayConfig& config, UnitFactories make_units,
                SystemOptions options)
      : engine_(std::move(engine)),
        config_(config),
        make_units_(std::move(make_units)),
        options_(std::move(options)) {}

  std::string_view engine() const override { return engine_; }
  std::vector<std::string> notes() const override { return notes_; }

  RunResult run(CommandSource& commands, std::span<const std::string> nodes, MemoryImage& memory,
                Observer* observer) override {
    const Kernel kernel;
    WatchedUnits watched(config_, make_units_, options_);
    renew_kernel();
    System system("system", config_, *watched.unit, *watched.vector, memory, commands, nodes,
                  observer, watched.probe(), options_.switching);
    RunResult result = system.run();
    watched.close();
    if (watched.wave) {
      notes_ = {watched.wave->note(), empty_wave_note(result.cycles)};
    }
    return result;
  }

 private:
  /// Empty unless the wave is.
  std::string empty_wave_note(Cycles cycles) const {
    if (options_.wave->from < cycles) {
      return "";
    }
    return fmt::format(
        "the wave is empty: its window starts at cycle {}, after the run's last cycle, {}",
        options_.wave->from.count(), cycles.count() - 1);
  }

  std::string engine_;
  const ArrayConfig& config_;
  UnitFactories make_units_;
  SystemOptions options_;
  std::vector<std::string> notes_;
};

/// The activation path's parameters go in by the pins, as programs put them there.
void restore_parameters(MatrixUnit& unit, const Snapshot& snapshot, std::uint32_t columns) {
  for (std::uint32_t plane = 0; plane < isa::kChannelPlanes; ++plane) {
    UnitInputs inputs;
    inputs.channel_valid = true;
    inputs.channel_plane = plane;
    inputs.channel_data = snapshot.channels.data() + std::size_t{plane} * columns;
    unit.step(inputs);
  }
  std::vector<std::uint8_t> entries(columns);
  for (std::uint32_t row = 0; row * columns < snapshot.table.size(); ++row) {
    const std::size_t left = snapshot.table.size() - std::size_t{row} * columns;
    std::copy_n(&snapshot.table[std::size_t{row} * columns], std::min<std::size_t>(left, columns),
                entries.begin());
    UnitInputs inputs;
    inputs.table_valid = true;
    inputs.table_row = row;
    inputs.table_data = entries.data();
    unit.step(inputs);
  }
}

/// A tile as the weight registers of all PEs hold it.
struct TileRegisters {
  std::vector<std::uint8_t> values;
  std::vector<std::uint8_t> mask;
  std::size_t lane_bytes;

  explicit TileRegisters(const ArrayConfig& config)
      : values(std::size_t{config.rows} * config.columns * isa::lane_bytes(config.pe)),
        mask(std::size_t{config.rows} * config.columns),
        lane_bytes(isa::lane_bytes(config.pe)) {}

  /// The first `rows` of the array's rows become those of the tile.
  void take(const Snapshot::Tile& tile, std::size_t rows, std::size_t columns) {
    std::copy_n(tile.values.begin(), rows * columns * lane_bytes, values.begin());
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t column = 0; column < columns; ++column) {
        mask[row * columns + column] = row < tile.rows && column < tile.columns ? 1 : 0;
      }
    }
  }
};

/// Weights that are on their way to the shadow registers arrive at once: no wave can tell.
void restore_registers(MatrixUnit& unit, const Snapshot& snapshot, const ArrayConfig& config) {
  UnitContents contents;
  contents.accumulators = snapshot.accumulators.data();
  if (unit_shape(config).output_stationary) {
    contents.partial_sums = snapshot.sums.data();
    unit.restore(contents);
    return;
  }
  TileRegisters active(config);
  active.take(snapshot.active, config.rows, config.columns);
  TileRegisters shadow = active;
  if (snapshot.shadow) {
    const std::uint64_t gone = (snapshot.cycle - *snapshot.shifted).count();
    shadow.take(*snapshot.shadow, std::min<std::uint64_t>(gone, config.rows), config.columns);
  }
  contents.weights = active.values.data();
  contents.weight_mask = active.mask.data();
  contents.shadow_weights = shadow.values.data();
  contents.shadow_mask = shadow.mask.data();
  unit.restore(contents);
}

}  // namespace

Resumed resume(const ArrayConfig& config, Snapshot& snapshot, CommandSource& commands,
               std::span<const std::string> nodes, const UnitFactories& make_units,
               const SystemOptions& options, std::optional<Cycles> until, Observer* observer) {
  const Kernel kernel;
  WatchedUnits watched(config, make_units, options);
  watched.unit->watch();
  restore_parameters(*watched.unit, snapshot, config.columns);
  restore_registers(*watched.unit, snapshot, config);
  renew_kernel();
  System system("system", config, *watched.unit, *watched.vector, snapshot.memory, commands, nodes,
                observer, watched.probe(), false);
  system.restore(snapshot, until);
  const Cycles end = system.run().cycles;
  watched.close();
  Resumed resumed{end, watched.wave ? watched.wave->note() : "", system.buffer(), {}, {}};
  for (std::uint32_t row = 0; row < config.accumulator_rows; ++row) {
    const std::span<const std::int32_t> sums = watched.unit->accumulators(row);
    resumed.accumulators.insert(resumed.accumulators.end(), sums.begin(), sums.end());
  }
  if (unit_shape(config).output_stationary) {
    for (std::uint32_t pe = 0; pe < config.rows * config.columns; ++pe) {
      resumed.sums.push_back(
          watched.unit->pe(pe / config.columns, pe % config.columns).partial_sum);
    }
  }
  return resumed;
}

UnitShape unit_shape(const ArrayConfig& config) {
  return {config.rows, config.columns, config.accumulator_rows,
          config.dataflow == Dataflow::OutputStationary, config.pe};
}

std::unique_ptr<Device> make_systemc_device(std::string engine, const ArrayConfig& config,
                                            UnitFactories make_units, SystemOptions options) {
  return std::make_unique<SystemcDevice>(std::move(engine), config, std::move(make_units),
                                         std::move(options));
}

}  // namespace systol
