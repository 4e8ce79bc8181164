// Whether an array's PEs compute what a network needs.
#pragma once

#include <span>

#include "host/compile/steps.h"
#include "host/graph/graph.h"
#include "sim/config/array_config.h"

namespace systol {

/// Throws InputError for PEs of floating-point numbers, as programs of networks are of integers.
void check_integers(const ArrayConfig& config);

/// Throws InputError, naming the node, for a multiplication on PEs that take differences, for a
/// product of two activations on PEs whose weights have fewer bits than those, for an L1
/// similarity on PEs that multiply, and for one on the vector unit, which has none.
void check_pes(const Graph& graph, std::span<const Step> steps, const ArrayConfig& config);

}  // namespace systol
