// What no way of placing tensors makes possible.
#pragma once

#include <cstdint>

#include "host/compile/plan.h"

namespace systol {

/// Throws InputError, naming the node: for a product on an input-stationary array, and for a step
/// that needs more than `capacity` bytes however it is cut.
void check_steps(const Plan& plan, std::uint64_t capacity);

/// The last step in which a state's next value must be in the buffer: that which needs it last, or
/// what it replaces. A graph's output stays to the end.
std::size_t last_need(const Plan& plan, const StatePlace& state);

/// Throws that the step needs so many bytes at a time; where they are no more than `capacity`, that
/// they find no places.
[[noreturn]] void refuse_step(const Plan& plan, const Step& step, std::uint64_t bytes,
                              std::uint64_t capacity);

}  // namespace systol
