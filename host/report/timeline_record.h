// What a timeline shows of a run.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/device.h"

namespace systol {

struct TimelineRecord {
  /// A number per unit.
  using Tokens = std::array<std::uint32_t, isa::kUnits>;

  struct Command {
    std::uint64_t index = 0;
    isa::Command command;
    Cycles start;
    Cycles end;
    Tokens taken{};  ///< for each unit that it waits for: which of that unit's tokens it takes
    Tokens given{};  ///< for each unit that it signals: which token for that unit it gives

    /// Until when it occupies its unit: a matmul's drain overlaps the next feed.
    Cycles occupies_until() const {
      return isa::unit_of(command) == isa::Unit::Matrix
                 ? start + Cycles(isa::feed_steps(command.operation))
                 : end;
    }
  };
  struct Stretch {
    std::uint32_t node = 0;
    CycleClass kind = CycleClass::Idle;
    Cycles from;
    Cycles to;
  };

  Cycles from;  ///< the window
  Cycles to;    ///< first cycle that is not in it
  std::vector<std::string> nodes;
  std::vector<Command> commands;
  std::vector<Stretch> stretches;
  std::vector<Transport> transports;                    ///< with times of the whole record
  std::vector<std::pair<Cycles, int>> tiles;            ///< tiles that arrive, or leave, when
  int tiles_before = 0;                                 ///< waiting when the window begins
  std::vector<std::pair<Cycles, std::int64_t>> buffer;  ///< bytes in use from each time on
};

}  // namespace systol
