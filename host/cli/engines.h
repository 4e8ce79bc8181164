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
#include "sim/window/window_finder.h"

namespace systol {

inline constexpr std::array<std::string_view, 3> kEngineNames = {"fast", "rtl", "systemc"};

struct EngineOptions {
  std::optional<WaveOptions> wave;
  std::optional<WindowRequest> window;  ///< the wave's, fast engine only
  std::string window_engine = "rtl";    ///< what simulates the window
  std::optional<StuckBit> fault;
  bool data = true;           ///< without: time and traffic only, fast engine only
  bool check_program = true;  ///< without: no search for hazards, fast engine only
};

/// The engine that runs when none is named: fast, or rtl where something asks for a clock all
/// along.
std::string default_engine(const EngineOptions& options);

/// Throws InputError for a name that is not in kEngineNames. The RTL of a new size is built first,
/// with its progress on standard error.
std::unique_ptr<Device> make_engine(const std::string& name, const ArrayConfig& config,
                                    const EngineOptions& options);

/// For the tests of the hand-over: the first half fast, the second on the named clocked engine.
std::unique_ptr<Device> make_hand_over_engine(const std::string& clocked,
                                              const ArrayConfig& config);

/// Says on standard error what takes long.
void show_progress(std::string_view step);

}  // namespace systol
