// The engines by name; the only place that knows them all.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sim/config/array_config.h"
#include "sim/device.h"
#include "sim/unit/matrix_unit.h"
#include "sim/wave/unit_wave.h"

namespace systol {

inline constexpr std::array<std::string_view, 3> kEngineNames = {"fast", "rtl", "systemc"};

struct EngineOptions {
  std::optional<WaveOptions> wave;
  std::optional<StuckBit> fault;
  bool data = true;           ///< without: time and traffic only, fast engine only
  bool check_program = true;  ///< without: no search for hazards, fast engine only
};

/// The engine that runs when none is named: fast, or rtl where something asks for a clock.
std::string default_engine(const EngineOptions& options);

/// Throws InputError for a name that is not in kEngineNames. The RTL of a new size is built first,
/// with its progress on standard error.
std::unique_ptr<Device> make_engine(const std::string& name, const ArrayConfig& config,
                                    const EngineOptions& options);

/// Says on standard error what takes long.
void show_progress(std::string_view step);

}  // namespace systol
