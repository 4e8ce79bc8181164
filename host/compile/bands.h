// A step, band by band: all of it as one, some rows for the sake of overlap, or what fits the
// buffer of tensors that come from memory and go back.
#pragma once

#include <cstdint>

#include "host/compile/frame.h"

namespace systol {

/// Appends the step's commands. Its bands are the plan's; otherwise it is one band or, on the
/// vector unit, some that let the steps before and after it overlap with it.
void lower_in_bands(const Group& group, std::size_t step, TileLowering& tiles,
                    std::uint32_t block_rows);

}  // namespace systol
