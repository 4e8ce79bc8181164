// The stalls of a run, put together by the chain of commands that they waited for.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "sim/device.h"

namespace systol {

/// A link of a chain without its times and its command's number.
struct ChainStep {
  Wait wait = Wait::Dispatch;
  Reason reason = Reason::Begin;
  std::uint32_t node = 0;
  auto operator<=>(const ChainStep&) const = default;
};

/// Stalls of one node that went the same way back. Links of one kind that follow each other are a
/// step.
struct ChainGroup {
  std::uint32_t node = 0;
  std::vector<ChainStep> steps;  ///< from the feed backwards
  std::vector<Cycles> cycles;    ///< that went to each step
  std::uint64_t stalls = 0;
  Cycles total;
  // The first of them, as an example.
  std::uint64_t command = 0;
  Cycles from;
  Cycles to;
  std::vector<StallLink> links;
};

/// Keeps at most kMostGroups ways; what comes after them goes to those of its node with no steps.
class ChainGroups : public Observer {
 public:
  static constexpr std::size_t kMostGroups = 20'000;
  static constexpr std::size_t kMostSteps = 16;  ///< of a way; the last stands for what was before

  void stalled(const Stall& stall) override;
  /// Those of most cycles first.
  std::vector<ChainGroup> take();

 private:
  using Key = std::pair<std::uint32_t, std::vector<ChainStep>>;
  std::map<Key, ChainGroup> groups_;
};

}  // namespace systol
