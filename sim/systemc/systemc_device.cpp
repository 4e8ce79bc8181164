#include "sim/systemc/systemc_device.h"

#include <fmt/format.h>

#include "hw/isa/text.h"
#include "sim/systemc/system.h"

/// libsystemc brings a main() that calls this; our programs have a main() of their own.
int sc_main(int /*argc*/, char* /*argv*/[]) { return 1; }

namespace systol {
namespace {

/// SystemC allows one elaboration per kernel context and offers no way to end it. A run therefore
/// gets a context of its own, which is never freed (docs/adr/0003).
void renew_kernel() {
  sc_core::sc_curr_simcontext = new sc_core::sc_simcontext;
  sc_core::sc_default_global_context = sc_core::sc_curr_simcontext;
  sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
}

class SystemcDevice : public Device {
 public:
  SystemcDevice(std::string engine, const ArrayConfig& config, MatrixUnitFactory make_unit,
                SystemOptions options)
      : engine_(std::move(engine)),
        config_(config),
        make_unit_(std::move(make_unit)),
        options_(std::move(options)) {}

  std::string_view engine() const override { return engine_; }
  std::vector<std::string> notes() const override { return notes_; }

  RunResult run(CommandSource& commands, std::span<const std::string> layers, MemoryImage& memory,
                Observer* observer) override {
    const std::unique_ptr<MatrixUnit> unit = make_unit_(unit_shape(config_));
    if (options_.fault) {
      unit->inject(*options_.fault);
    }
    std::optional<UnitWave> wave;
    System::Probe probe;
    if (options_.wave) {
      wave.emplace(*options_.wave, unit_shape(config_), config_.clock);
      notes_ = {wave->note()};
      unit->state();  // a model tracks its registers from here on
      probe = wave_probe(*wave, *unit);
    }
    renew_kernel();
    System system("system", config_, *unit, memory, commands, layers, observer, probe);
    RunResult result = system.run();
    if (wave) {
      wave->close();
      if (options_.wave->from >= result.cycles) {
        notes_.push_back(fmt::format(
            "the wave is empty: its window starts at cycle {}, after the run's last cycle, {}",
            options_.wave->from.count(), result.cycles.count() - 1));
      }
    }
    return result;
  }

 private:
  static System::Probe wave_probe(UnitWave& wave, MatrixUnit& unit) {
    return [&wave, &unit](const CycleView& view, const UnitInputs& inputs,
                          const UnitOutputs& outputs) {
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

  std::string engine_;
  const ArrayConfig& config_;
  MatrixUnitFactory make_unit_;
  SystemOptions options_;
  std::vector<std::string> notes_;
};

}  // namespace

UnitShape unit_shape(const ArrayConfig& config) {
  return {config.rows, config.columns, config.accumulator_rows};
}

std::unique_ptr<Device> make_systemc_device(std::string engine, const ArrayConfig& config,
                                            MatrixUnitFactory make_unit, SystemOptions options) {
  return std::make_unique<SystemcDevice>(std::move(engine), config, std::move(make_unit),
                                         std::move(options));
}

}  // namespace systol
