// Random networks whose layers multiply signs, small enough to be run by every engine.
#pragma once

#include <cstdint>

#include "host/graph/graph.h"
#include "host/import/synthetic.h"

namespace systol {

/// A network for `pe: xnor`, of layers of signs for about `nodes` operations; with its weights. It
/// is one that such an array of so many columns runs: groups begin with a byte of their own.
Graph draw_sign_network(std::uint64_t seed, std::uint32_t nodes, std::uint32_t columns);

}  // namespace systol
