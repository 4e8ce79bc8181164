// The command line whose wave shows some cycles of a run.
#pragma once

#include <string>
#include <utility>

#include "sim/base/units.h"

namespace systol {

/// `command_line`, a `systol run`, with a wave of the cycles from the first up to the second: on
/// the clocked engine that it has, or on the RTL, and without the waves, reports and timelines that
/// it writes.
std::string wave_command(const std::string& command_line, std::pair<Cycles, Cycles> cycles);

}  // namespace systol
