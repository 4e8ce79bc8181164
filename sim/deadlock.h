// What every engine says when nothing can move any more.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "hw/isa/command.h"
#include "sim/base/units.h"

namespace systol {

struct Deadlock {
  struct Head {
    std::uint64_t index = 0;
    isa::Command command;
    isa::UnitSet missing;  ///< units whose token it lacks; none: a FIFO slot or a weight tile
  };
  /// A command whose unit's queue is full, and which holds up all after it.
  struct Blocked {
    std::uint64_t index = 0;
    isa::Command command;
  };
  Cycles cycle;
  std::vector<Head> heads;         ///< the first command of each unit that has one
  std::optional<Blocked> blocked;  ///< in the front end, if there is one
};

/// Throws InputError that names every unit's first command and the front end's, and what each waits
/// for.
[[noreturn]] void throw_deadlock(const Deadlock& deadlock);

}  // namespace systol
