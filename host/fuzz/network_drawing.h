// Random networks of all operations, small enough to be run by every engine.
#pragma once

#include <cstdint>

#include "host/graph/graph.h"
#include "host/import/synthetic.h"

namespace systol {

/// A network of `nodes` operations, and what they need besides; with its weights. Products of
/// activations, and states that grow, are drawn where `products` says so. The first nodes of a
/// network do not depend on how many follow.
Graph draw_network(std::uint64_t seed, std::uint32_t nodes, bool products);

}  // namespace systol
