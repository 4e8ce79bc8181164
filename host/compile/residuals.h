// Residual additions on the sums' way to the buffer.
#pragma once

#include <cstddef>
#include <set>

#include "host/compile/steps.h"

namespace systol {

/// Lets the step of a matmul or a convolution with constants add what an Add or a Subtract adds to
/// its results, where nothing else reads these, no table is looked up before, both operands have
/// one shape, and the other operand is there before the step begins. Such an addition is no step of
/// its own any more; what follows it follows the matmul. Nodes in `apart` stay as they are.
void add_residuals(const Graph& graph, const std::set<std::size_t>& apart, Steps& steps);

}  // namespace systol
