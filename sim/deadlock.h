// What every engine says when nothing can move any more.
#pragma once

#include <cstdint>
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
  Cycles cycle;
  std::vector<Head> heads;  ///< the first command of each unit that has one
};

/// Throws InputError that names every unit's first command and what it waits for.
[[noreturn]] void throw_deadlock(const Deadlock& deadlock);

}  // namespace systol
