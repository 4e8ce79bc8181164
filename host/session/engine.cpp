#include "host/session/engine.h"

#include <fmt/format.h>

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

std::string_view name_of(ClockedUnit unit) { return unit == ClockedUnit::Rtl ? "rtl" : "systemc"; }

void check_fault(const ArrayConfig& config, const StuckBit& fault) {
  if (fault.row >= config.rows || fault.column >= config.columns) {
    throw InputError(
        fmt::format("fault pe:{},{}: there is no such PE; the array has rows 0 to {} and columns 0 "
                    "to {}",
                    fault.row, fault.column, config.rows - 1, config.columns - 1));
  }
}

struct MakeEngine {
  const ArrayConfig& config;
  const Progress& progress;

  /// The matrix unit and the vector unit of a clocked engine.
  UnitFactories unit_factories(ClockedUnit unit) const {
    if (unit == ClockedUnit::SystemC) {
      return make_model_unit;
    }
    const UnitShape whole = unit_shape(config);
    const auto library = build_unit_library(whole, [this](std::string_view step) {
      if (progress) {
        progress({step, std::nullopt});
      }
    });
    return {[library](const UnitShape& shape) { return make_verilated_unit(library, shape); },
            [library, whole](std::uint32_t) { return make_verilated_vector_unit(library, whole); }};
  }

  std::unique_ptr<Device> operator()(const FastEngine& fast) const {
    // Hazards cannot change times, and ranges need the memories that hold the values.
    return make_fast_device(config, {.data = fast.values,
                                     .check_program = fast.values && fast.search_hazards,
                                     .switching = fast.switching,
                                     .threads = fast.values ? fast.threads : 1});
  }

  std::unique_ptr<Device> operator()(const ClockedEngine& clocked) const {
    if (clocked.fault) {
      check_fault(config, *clocked.fault);
    }
    if (clocked.wave) {  // before the RTL is built for it
      parse_wave_scopes(clocked.wave->scopes, unit_shape(config));
    }
    return make_systemc_device(std::string(name_of(clocked.unit)), config,
                               unit_factories(clocked.unit),
                               {clocked.wave, clocked.fault, clocked.switching});
  }

  std::unique_ptr<Device> operator()(const WindowedEngine& windowed) const {
    parse_wave_scopes(windowed.wave.scopes, unit_shape(config));
    return make_windowed_device(
        config, unit_factories(windowed.unit),
        {windowed.window, windowed.wave, std::string(name_of(windowed.unit)),
         windowed.search_hazards, windowed.threads});
  }
};

}  // namespace

std::string_view name_of(const EngineSpec& engine) {
  const auto* clocked = std::get_if<ClockedEngine>(&engine);
  return clocked == nullptr ? "fast" : name_of(clocked->unit);
}

bool has_values(const EngineSpec& engine) {
  const auto* fast = std::get_if<FastEngine>(&engine);
  return fast == nullptr || fast->values;
}

std::unique_ptr<Device> make_engine(const EngineSpec& engine, const ArrayConfig& config,
                                    const Progress& progress) {
  return std::visit(MakeEngine{config, progress}, engine);
}

std::unique_ptr<Device> make_hand_over_engine(ClockedUnit unit, const ArrayConfig& config,
                                              const Progress& progress) {
  return make_hand_over_device(config, MakeEngine{config, progress}.unit_factories(unit));
}

}  // namespace systol
