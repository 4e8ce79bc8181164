// Memories as the array's clock sees them, for estimates: a DRAM as a channel of its peak
// bandwidth.
#pragma once

#include <cstdint>
#include <vector>

#include "host/compile/tiling.h"
#include "hw/isa/command.h"
#include "sim/config/array_config.h"

namespace systol {

/// The way to one memory, in cycles of the array's clock.
struct Channel {
  double cycles_per_byte = 0;  ///< 0 where bandwidth is unlimited
  double latency = 0;

  /// Cycles in which `bytes` move: by bandwidth, or by `requests`, one a cycle and `outstanding` in
  /// flight, where pieces do not lie together.
  double time(double bytes, double requests, std::uint32_t outstanding) const;
};

Channel channel_of(const ArrayConfig& config, isa::Space space);

/// Whether weights and activations share a memory.
bool share_a_memory(const ArrayConfig& config);

/// The same machine with memories of other bandwidths, whatever its own are: from a quarter of a
/// byte a cycle, by powers of two, to no limit.
std::vector<ArrayConfig> machines_of_any_bandwidth(const ArrayConfig& config);

/// The same machine with less bandwidth down to a 64th, the least first, and at last itself: halves
/// of its own, and powers of two of GB/s and one and a half times these, so that many of the
/// machines are the same as for one of other bandwidth. Itself alone where no bandwidth limits it.
std::vector<ArrayConfig> machines_up_to(const ArrayConfig& config);

/// Cycles between consecutive tiles of weights: each takes a slot of the FIFO from its request
/// until it is in the array.
double interval_of_tiles(const Tiling& tiling, const ArrayConfig& config);

}  // namespace systol
