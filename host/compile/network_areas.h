// Places in the buffer for the tensors of any network, and for what else its steps need.
#pragma once

#include <cstdint>

#include "host/compile/plan.h"

namespace systol {

/// How many rows of int16 values a normalise step makes at a time.
std::uint64_t wide_rows(const Graph& graph, const Step& step);
/// Of those values; 0 for other steps.
std::uint64_t wide_bytes(const Graph& graph, const Step& step);

/// All tensors and areas in the buffer, for as many samples as fit. Throws InputError where not
/// even those of one sample do.
void place_network(Plan& plan);

}  // namespace systol
