// How much a node or a network multiplies, and what it multiplies by: from shapes alone.
#pragma once

#include <cstdint>

#include "host/graph/graph.h"

namespace systol {

/// Of one sample.
struct Work {
  std::uint64_t macs = 0;  ///< multiplications of matmuls and convolutions, each with an addition
  std::uint64_t weights = 0;  ///< constants that these multiply by
  std::uint64_t biases = 0;   ///< constants that these add
  std::uint64_t others = 0;   ///< constants of other nodes: scales, shifts, positions, masks
  bool operator==(const Work&) const = default;
};

/// How many products each sum of a matmul or a convolution adds; 0 for another operation. The node
/// fits its inputs (verify.h).
std::uint64_t depth_of(const Graph& graph, const Node& node);

/// The node's multiplications, and all constants that it reads.
Work work_of(const Graph& graph, const Node& node);

/// All nodes' multiplications. A constant counts once, as what its first reader takes it for,
/// however many nodes read it.
Work total_work(const Graph& graph);

}  // namespace systol
