// What the cycles went to in which nothing was fed, node by node.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/device.h"

namespace systol {

/// Cycles by what they went to; with the array's they are all of a node's.
using Waits = std::array<Cycles, kWaits>;

/// Adds up the stalls of a run of an engine without a clock.
class WaitTally : public Observer {
 public:
  explicit WaitTally(std::size_t nodes) : nodes_(nodes) {}

  void stalled(const Stall& stall) override;
  const std::vector<Waits>& nodes() const { return nodes_; }

 private:
  std::vector<Waits> nodes_;
};

}  // namespace systol
