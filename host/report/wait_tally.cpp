#include "host/report/wait_tally.h"

#include <algorithm>

namespace systol {

void WaitTally::stalled(const Stall& stall) {
  for (const StallLink& link : stall.links) {
    const auto wait = static_cast<std::size_t>(link.wait);
    const Cycles border = std::clamp(stall.waiting_from, link.from, link.to);
    nodes_[stall.node_before][wait] += border - link.from;
    nodes_[stall.node][wait] += link.to - border;
  }
}

}  // namespace systol
