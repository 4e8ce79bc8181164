// Functions that are the clamp of the node before them.
#pragma once

#include "host/graph/connections.h"
#include "host/graph/quant_graph.h"

namespace systol {

/// Whether `node` is a Relu, or a Clip around 0, that alone reads what a node with a clamp
/// computes: the clamp does its work, and it is a QuantView.
bool is_clamp(const Node& node, const Connections& connections);

struct Clamp {
  std::int8_t minimum = -128;
  std::int8_t maximum = 127;
};

/// Of the function that is_clamp, in its output's quantisation.
Clamp clamp_of(const Map& map, Quantisation output);

/// What of `sums` the function can use that alone reads them: beyond it, it does not change. (A
/// table's 256 steps shall lie where it moves.) `exact`: integers whose multiplier to int8 may be
/// as large as it likes, as those of a matmul, of which a sign then loses none.
ValueRange useful_range(const Map& map, ValueRange sums, bool exact = false);

}  // namespace systol
