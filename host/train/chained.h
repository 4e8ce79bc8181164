// Two networks one after the other.
#pragma once

#include "host/graph/graph.h"

namespace systol {

/// The network whose input is that of `first`, and which computes `second` of its output. Constants
/// have their values, and those of `first` come before those of `second`; names of `second` that
/// `first` has, too, are followed by a number. Both have one input and one output, and as many
/// values in between; nothing else is in them that training refuses (batched). Throws InputError
/// where the values in between are not as many.
Graph chained(const Graph& first, const Graph& second);

}  // namespace systol
