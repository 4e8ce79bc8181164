// The array's registers while a tile goes through it, cycle by cycle.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/config/array_config.h"
#include "sim/device.h"
#include "sim/unit/matrix_unit.h"
#include "sim/window/window_finder.h"

namespace systol {

/// During one cycle: PE (r, c) is at r * columns + c.
struct ArrayCycle {
  std::string_view ledger;  ///< the name of the cycle's class
  std::vector<PeRegisters> pes;
};

struct ArrayRecording {
  Cycles from;  ///< of the first of `cycles`; they follow each other
  Cycles to;    ///< where the tile's window ends; beyond `cycles` if cut short
  std::vector<ArrayCycle> cycles;
};

/// Runs `commands` up to the tile's window, fast as far as that is possible, and through it with a
/// clock; the registers are those of the C++ model of the matrix unit. It begins where the tile's
/// weights shift in and records `most` cycles at most. Throws WaveRequestError for a tile that
/// there is not, and as Device::run does.
ArrayRecording record_array(const ArrayConfig& config, CommandSource& commands,
                            std::span<const std::string> nodes, const MemoryImage& memory,
                            const WindowRequest& request, std::size_t most);

}  // namespace systol
