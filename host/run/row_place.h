// Where in a tensor the rows belong that commands write.
#pragma once

#include <cstddef>
#include <cstdint>

#include "host/compile/plan.h"
#include "hw/isa/command.h"

namespace systol {

/// Values in the output [samples][outputs] of a step: of one sample, or of one output where the
/// command writes samples in columns.
struct RowPlace {
  std::uint32_t row = 0;     ///< of the first value
  std::uint32_t column = 0;  ///< of the first value
  bool transposed = false;   ///< the next value is that of the next sample
  std::size_t first = 0;     ///< number of the first value
  std::size_t stride = 1;    ///< from one value to the next
};

/// Of row `row` of what the command writes, as Observer::wrote_row shows it.
RowPlace row_place(const Plan& plan, const isa::Command& command, std::uint32_t row);

}  // namespace systol
