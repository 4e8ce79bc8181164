#include "host/explain/chain_groups.h"

#include <algorithm>

namespace systol {
namespace {

constexpr std::size_t kMostLinks = 64;  ///< of an example

/// The way back of a stall, and what each step of it took.
void follow(const Stall& stall, std::size_t most, std::vector<ChainStep>& steps,
            std::vector<Cycles>& cycles) {
  for (const StallLink& link : stall.links) {
    const ChainStep step{link.wait, link.reason, link.node};
    const bool same =
        !steps.empty() && steps.back().wait == step.wait && steps.back().node == step.node;
    if (same || steps.size() == most) {
      steps.back().reason = same ? step.reason : steps.back().reason;
      cycles.back() += link.to - link.from;
    } else {
      steps.push_back(step);
      cycles.push_back(link.to - link.from);
    }
  }
}

}  // namespace

void ChainGroups::stalled(const Stall& stall) {
  std::vector<ChainStep> steps;
  std::vector<Cycles> cycles;
  follow(stall, kMostSteps, steps, cycles);
  Key key{stall.node, std::move(steps)};
  if (groups_.size() >= kMostGroups && !groups_.contains(key)) {
    key.second.clear();
    cycles.clear();
  }
  ChainGroup& group = groups_[key];
  if (group.stalls++ == 0) {
    group.node = stall.node;
    group.steps = key.second;
    group.cycles.resize(cycles.size());
    group.command = stall.command;
    group.from = stall.from;
    group.to = stall.to;
    const auto kept = stall.links.first(std::min(stall.links.size(), kMostLinks));
    group.links.assign(kept.begin(), kept.end());
  }
  for (std::size_t i = 0; i < cycles.size(); ++i) {
    group.cycles[i] += cycles[i];
  }
  group.total += stall.to - stall.from;
}

std::vector<ChainGroup> ChainGroups::take() {
  std::vector<ChainGroup> groups;
  for (auto& [key, group] : groups_) {
    groups.push_back(std::move(group));
  }
  groups_.clear();
  std::ranges::stable_sort(groups, std::ranges::greater{}, &ChainGroup::total);
  return groups;
}

}  // namespace systol
