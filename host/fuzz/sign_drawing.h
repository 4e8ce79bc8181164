// Random networks whose layers multiply signs, small enough to be run by every engine.
#pragma once

#include <cstdint>

#include "host/graph/graph.h"
#include "host/import/synthetic.h"

namespace systol {

/// A network for `pe: xnor`, of layers of signs for about `nodes` operations; with its weights. It
/// is one that such an array of so many columns runs: without padding and groups, and where tiles
/// of its columns would cut bytes, of no more outputs than columns.
Graph draw_sign_network(std::uint64_t seed, std::uint32_t nodes, std::uint32_t columns);

}  // namespace systol
