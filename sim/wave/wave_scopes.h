// Which parts of the machine a waveform shows.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/unit/matrix_unit.h"

namespace systol {

/// PEs from (first_row, first_column) to (last_row, last_column), both included.
struct PeBlock {
  std::uint32_t first_row = 0;
  std::uint32_t last_row = 0;
  std::uint32_t first_column = 0;
  std::uint32_t last_column = 0;

  bool has(std::uint32_t row, std::uint32_t column) const {
    return row >= first_row && row <= last_row && column >= first_column && column <= last_column;
  }
  bool operator==(const PeBlock&) const = default;
};

struct WaveScopes {
  bool ports = false;
  bool commands = false;
  bool accumulators = false;
  std::vector<PeBlock> pes;
};

/// More PEs than this are not shown unless asked for.
inline constexpr std::uint32_t kMaxDefaultPes = 1024;
/// Then the first ones are shown: this many rows and columns.
inline constexpr std::uint32_t kDefaultPeBlock = 8;

/// From `ports`, `pe`, `pe:R,C`, `pe:R0-R1,C0-C1`, `commands`, `accumulators`, `all`. An empty list
/// means ports, commands, and the PEs as above. Throws WaveRequestError that lists what is allowed.
WaveScopes parse_wave_scopes(std::span<const std::string> texts, const UnitShape& shape);

}  // namespace systol
