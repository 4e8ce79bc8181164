// An array of PEs that a reader steps through, cycle by cycle.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace systol {

/// What the PEs hold during a cycle, PE (r, c) at r * columns + c.
struct ArrayPlayerCycle {
  std::string ledger;     ///< what the cycle is called
  std::string registers;  ///< base64 of five planes: weights, next weights and activations as int8,
                          ///< marks, and sums as int32 with the lowest byte first. A mark's bits
                          ///< 0 to 2 say which of the first three are there.
};

struct ArrayPlayer {
  std::string caption;
  std::string description;  ///< for those who do not see it
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  bool in_place = false;    ///< the sums stay in the PEs, and there are no next weights
  std::uint64_t first = 0;  ///< the number of the first cycle
  std::vector<ArrayPlayerCycle> cycles;
};

}  // namespace systol
