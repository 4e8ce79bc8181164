// The engine without a clock.
#pragma once

#include <memory>

#include "sim/config/array_config.h"
#include "sim/device.h"
#include "sim/timed_command.h"

namespace systol {

struct FastOptions {
  bool data = true;           ///< without: only time and traffic; outputs stay zero
  bool check_program = true;  ///< without: for programs that are known to be free of hazards
  bool switching = true;      ///< counts which bits of operands change; with data only
  unsigned threads = 1;       ///< for multiplications that are worth it
};

std::unique_ptr<Device> make_fast_device(const ArrayConfig& config, FastOptions options);

/// How long the commands take on `config`, and nothing else. `observer` sees what it sees of a run
/// without data, but no command completed; without one it is many times faster than a run. Throws
/// InputError on a deadlock.
Cycles time_of(TimedSource& commands, const ArrayConfig& config, std::size_t nodes,
               Observer* observer);

}  // namespace systol
