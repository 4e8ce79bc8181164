// What a network's plan takes on machines of some bandwidths, by its commands.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "host/compile/plan.h"
#include "sim/base/units.h"
#include "sim/config/array_config.h"

namespace systol {

class TimedList;

/// Of the samples that are in the buffer at once.
class PlanCost {
 public:
  /// Between the chip and its memories.
  Bytes bytes() const;
  /// On a machine, by its number; found when it is asked for first.
  Cycles time(std::size_t machine);
  /// No more than that, from what is known already: the same commands never take less on a machine
  /// with less bandwidth.
  Cycles least_time(std::size_t machine) const { return least_[machine]; }

 private:
  friend std::optional<PlanCost> cost_of(Plan plan, const std::vector<ArrayConfig>& machines);
  PlanCost(std::shared_ptr<TimedList> commands, std::size_t steps,
           const std::vector<ArrayConfig>& machines);

  std::shared_ptr<TimedList> commands_;
  std::size_t steps_;
  const std::vector<ArrayConfig>* machines_;
  std::vector<Cycles> least_;
  std::vector<bool> known_;  ///< where `least_` is the time
};

/// On machines that differ from the plan's in their memories' bandwidths alone, the least first;
/// they outlive the cost. Nothing where the plan, which is no chain, takes more than 16,384
/// commands: a thousand take half a millisecond.
std::optional<PlanCost> cost_of(Plan plan, const std::vector<ArrayConfig>& machines);

}  // namespace systol
