// How far work is that takes long, for those who wait for it.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>

#include "sim/base/units.h"

namespace systol {

/// A place in a step that goes from layer to layer, or from one of something else to the next.
struct ProgressPosition {
  std::size_t layer = 0;  ///< from 1
  std::size_t layers = 0;
  std::string_view name;               ///< of the layer
  std::optional<Cycles> cycle;         ///< of the machine, in a step that simulates it
  double done = 0;                     ///< how much of the step's work is behind it, 0 to 1
  std::string_view counted = "layer";  ///< what is counted
};

/// The texts live as long as the call that has them.
struct ProgressReport {
  std::string_view step;  ///< "simulating", "compiling the RTL of 16x16"; empty: the work is over
  std::optional<ProgressPosition> position;  ///< nothing where the step only begins
};

/// Is called often, from the thread that works, and should return soon. What it throws ends a run
/// of the fast engine.
using Progress = std::function<void(const ProgressReport& report)>;

}  // namespace systol
