// Which engine runs a program, and what it is asked for: what makes no sense together cannot be
// written down.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "sim/unit/matrix_unit.h"
#include "sim/wave/unit_wave.h"
#include "sim/window/window_finder.h"

namespace systol {

/// What implements the matrix unit in an engine with a clock.
enum class ClockedUnit : std::uint8_t { SystemC, Rtl };

/// No clock: from command to command.
struct FastEngine {
  bool values = true;          ///< without: time and traffic only; shapes are enough for it
  bool search_hazards = true;  ///< without: for programs that are known to have none
  unsigned threads = 1;        ///< of large multiplications
  bool switching = true;       ///< counts which bits of operands change; with values only
};

/// Every cycle.
struct ClockedEngine {
  ClockedUnit unit = ClockedUnit::Rtl;
  std::optional<WaveOptions> wave;
  std::optional<StuckBit> fault;
  bool switching = true;  ///< counts which bits of operands change
};

/// No clock but in the cycles of one node or tile, whose wave is recorded.
struct WindowedEngine {
  ClockedUnit unit = ClockedUnit::Rtl;
  WindowRequest window;
  WaveOptions wave;
  bool search_hazards = true;
  unsigned threads = 1;  ///< of large multiplications
};

using EngineSpec = std::variant<FastEngine, ClockedEngine, WindowedEngine>;

/// "fast", "systemc" or "rtl"; a windowed engine is a fast one.
std::string_view name_of(const EngineSpec& engine);

/// Whether the engine computes values, so that outputs can be had and checked.
bool has_values(const EngineSpec& engine);

}  // namespace systol
