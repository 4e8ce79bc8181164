#include "host/explain/retiming.h"

#include "host/report/bound.h"
#include "sim/command_time.h"

namespace systol {

Retiming::Retiming(const KeptCommands& commands, const ArrayConfig& array, const RunResult& result,
                   std::span<const Waits> waits)
    : commands_(commands),
      array_(array),
      nodes_(result.nodes.size()),
      now_(sum_of(result, waits)) {}

ProgramTime Retiming::with(const Change& change) const {
  const ArrayConfig changed = with_change(array_, change);
  // Why nothing is fed is asked for where it may matter: it doubles the time of a walk.
  if (feeds_most(now_.ledger.total())) {
    const Cycles cycles = time_of(*commands_.again(), changed, nodes_);
    if (feeds_most(cycles)) {
      return {cycles, seconds_of(cycles, changed), bound_with({})};
    }
  }
  WaitTally tally(nodes_);
  const Cycles cycles = time_of(*commands_.again(), changed, nodes_, &tally);
  return {cycles, seconds_of(cycles, changed), bound_with(sum_of(tally.nodes()))};
}

bool Retiming::feeds_most(Cycles cycles) const {
  return cycles <= now_.ledger[CycleClass::ArrayActive] * 2;
}

/// No change of a parameter changes what is fed, and in how many cycles.
std::string_view Retiming::bound_with(const Waits& waits) const {
  NodeReport then;
  then.ledger = now_.ledger;
  then.activity = now_.activity;
  then.waits = waits;
  return bound_of(then);
}

}  // namespace systol
