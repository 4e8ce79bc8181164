#include "host/cli/engines.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "sim/base/error.h"
#include "sim/fast/fast_device.h"
#include "sim/rtl/unit_library.h"
#include "sim/rtl/verilated_unit.h"
#include "sim/systemc/systemc_device.h"
#include "sim/unit/model_unit.h"
#include "sim/window/hand_over_device.h"
#include "sim/window/windowed_device.h"

namespace systol {
namespace {

void check_fault(const ArrayConfig& config, const StuckBit& fault) {
  if (fault.row >= config.rows || fault.column >= config.columns) {
    throw InputError(
        fmt::format("--inject-fault pe:{},{}: there is no such PE; the array has rows "
                    "0 to {} and columns 0 to {}",
                    fault.row, fault.column, config.rows - 1, config.columns - 1));
  }
}

/// The matrix unit of a clocked engine. The RTL of a new size is built first.
MatrixUnitFactory unit_factory(const std::string& engine, const ArrayConfig& config) {
  if (engine == "systemc") {
    return make_model_unit;
  }
  const auto library = build_unit_library(unit_shape(config), show_progress);
  return [library](const UnitShape& shape) { return make_verilated_unit(library, shape); };
}

std::unique_ptr<Device> make_fast_engine(const ArrayConfig& config, const EngineOptions& options) {
  if (options.fault || (options.wave && !options.window)) {
    throw InputError(
        "--engine fast has no clock: --wave needs --wave-layer, or --engine rtl or systemc; "
        "--inject-fault needs one of these");
  }
  if (!options.window) {
    return make_fast_device(config, {options.data, options.check_program});
  }
  if (!options.data) {
    throw InputError("--no-data with --wave-layer: the wave shows data");
  }
  return make_windowed_device(
      config, unit_factory(options.window_engine, config),
      {*options.window, *options.wave, options.window_engine, options.check_program});
}

}  // namespace

void show_progress(std::string_view step) { fmt::print(stderr, "systol: {}\n", step); }

std::string default_engine(const EngineOptions& options) {
  return (options.wave && !options.window) || options.fault ? "rtl" : "fast";
}

std::unique_ptr<Device> make_engine(const std::string& name, const ArrayConfig& config,
                                    const EngineOptions& options) {
  if (std::ranges::find(kEngineNames, name) == kEngineNames.end()) {
    throw InputError(fmt::format("--engine {}: there are {}", name, fmt::join(kEngineNames, ", ")));
  }
  if (options.fault) {
    check_fault(config, *options.fault);
  }
  if (options.wave) {  // before the RTL is built for it
    parse_wave_scopes(options.wave->scopes, unit_shape(config));
  }
  if (name == "fast") {
    return make_fast_engine(config, options);
  }
  if (options.window) {
    throw InputError(fmt::format(
        "--wave-layer needs --engine fast; {} has all cycles: see --wave-from and --wave-to",
        name));
  }
  if (!options.data) {
    throw InputError(fmt::format("--no-data needs --engine fast; {} moves data by nature", name));
  }
  return make_systemc_device(name, config, unit_factory(name, config),
                             {options.wave, options.fault});
}

std::unique_ptr<Device> make_hand_over_engine(const std::string& clocked,
                                              const ArrayConfig& config) {
  return make_hand_over_device(config, unit_factory(clocked, config));
}

}  // namespace systol
