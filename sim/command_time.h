// How long commands take.
#pragma once

#include <cstddef>

#include "sim/base/units.h"
#include "sim/config/array_config.h"
#include "sim/device.h"
#include "sim/timed_command.h"

namespace systol {

/// How long the commands take on `config`, and nothing else; sim/fast computes it. `nodes` are as
/// many as the commands name. `observer` sees what it sees of a run without data, but no command
/// completed; without one it is many times faster than a run. Throws InputError on a deadlock.
Cycles time_of(TimedSource& commands, const ArrayConfig& config, std::size_t nodes,
               Observer* observer = nullptr);

}  // namespace systol
