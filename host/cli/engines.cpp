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

}  // namespace

void show_progress(std::string_view step) { fmt::print(stderr, "systol: {}\n", step); }

std::string default_engine(const EngineOptions& options) {
  return options.wave || options.fault ? "rtl" : "fast";
}

std::unique_ptr<Device> make_engine(const std::string& name, const ArrayConfig& config,
                                    const EngineOptions& options) {
  if (options.fault) {
    check_fault(config, *options.fault);
  }
  if (name == "fast") {
    if (options.wave || options.fault) {
      throw InputError(
          "--engine fast has no clock: --wave and --inject-fault need --engine rtl or "
          "systemc");
    }
    return make_fast_device(config, {options.data, options.check_program});
  }
  if (!options.data) {
    throw InputError(fmt::format("--no-data needs --engine fast; {} moves data by nature", name));
  }
  if (options.wave) {  // before the RTL is built for it
    parse_wave_scopes(options.wave->scopes, unit_shape(config));
  }
  SystemOptions system{options.wave, options.fault};
  if (name == "systemc") {
    return make_systemc_device(name, config, make_model_unit, std::move(system));
  }
  if (name == "rtl") {
    const auto library = build_unit_library(unit_shape(config), show_progress);
    auto make_unit = [library](const UnitShape& shape) {
      return make_verilated_unit(library, shape);
    };
    return make_systemc_device(name, config, std::move(make_unit), std::move(system));
  }
  throw InputError(fmt::format("--engine {}: there are {}", name, fmt::join(kEngineNames, ", ")));
}

}  // namespace systol
