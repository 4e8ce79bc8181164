// Which cycles of a run are recorded as a wave.
#pragma once

#include <pybind11/pybind11.h>

#include <string>

#include "host/session/engine_spec.h"

namespace systol::python {

/// What run() was given; None is what was not.
struct WaveWords {
  pybind11::object file;
  pybind11::object window;  ///< two cycles
  pybind11::object layer;   ///< a name or a number
  pybind11::object tile;    ///< a number or a place
  std::string engine;       ///< of a layer's wave
  pybind11::object scopes;
};

/// The engine with a wave, if one was asked for: `spec` records it, or, for a layer, an engine with
/// a clock in its cycles. Throws InputError and TypeError, which begin with the parameter's name.
EngineSpec with_wave(const WaveWords& words, EngineSpec spec, bool check, unsigned threads);

}  // namespace systol::python
