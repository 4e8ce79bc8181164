// The fast engine, with a waveform of one layer or tile from a clocked engine.
#pragma once

#include <memory>
#include <string>

#include "sim/config/array_config.h"
#include "sim/device.h"
#include "sim/systemc/systemc_device.h"
#include "sim/window/window_finder.h"

namespace systol {

struct WindowedOptions {
  WindowRequest request;
  WaveOptions wave;           ///< its cycles are the window's
  std::string clocked;        ///< "rtl" or "systemc", for notes
  bool check_program = true;  ///< search the program for hazards
  unsigned threads = 1;       ///< of the fast engine
};

/// Runs the program on the fast engine; then goes through it a second time, up to the window fast
/// and through the window clocked, with the wave. All results are the fast engine's; failures()
/// says where the window's cycles or values are others, and what the machine holds after it.
std::unique_ptr<Device> make_windowed_device(const ArrayConfig& config, UnitFactories make_units,
                                             WindowedOptions options);

}  // namespace systol
