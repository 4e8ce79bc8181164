// What no way of placing tensors makes possible.
#pragma once

#include <cstdint>

#include "host/compile/plan.h"

namespace systol {

/// Throws InputError, naming the node: for a product on an input-stationary array, and for a step
/// that needs more than `capacity` bytes however it is cut.
void check_steps(const Plan& plan, std::uint64_t capacity);

/// Throws that the step needs so many bytes at a time; where they are no more than `capacity`, that
/// they find no places.
[[noreturn]] void refuse_step(const Plan& plan, const Step& step, std::uint64_t bytes,
                              std::uint64_t capacity);

}  // namespace systol
