// What only a walk that is watched says: its ledger, its stalls, and what a deadlock hangs on.
#include <algorithm>

#include "sim/base/error.h"
#include "sim/deadlock.h"
#include "sim/fast/event_walk.h"

namespace systol {

/// The cycles since the last feed, in the order in which MatrixSequencer::stall asks.
template <class Kind>
void BasicEventWalk<Kind>::enter_ledger(const typename Queue::Entry& entry, const Moment& start) {
  const Command& command = entry.command;
  const bool swaps = command.kind == TimedCommand::Kind::Matmul && !command.reuse;
  const std::uint32_t node = command.node;
  const auto given = [&](isa::Unit source) {
    return command.wait.has(source) ? tokens(source, isa::Unit::Matrix).front().time : Cycles(0);
  };
  show_stall({ledger_.last_node(),
              node,
              entry.index,
              ledger_.now(),
              entry.dispatched.time,
              start.time,
              {}},
             start);
  ledger_.no_command(entry.dispatched.time);
  ledger_.stall(node, CycleClass::WeightStall, given(isa::Unit::Weights));
  ledger_.stall(node, CycleClass::InputStall, given(isa::Unit::Load));
  ledger_.stall(
      node, CycleClass::RawStall,
      std::max({given(isa::Unit::Store), given(isa::Unit::Activate), given(isa::Unit::Vector)}));
  if (!command.reuse) {
    ledger_.stall(node, CycleClass::WeightStall, tiles_.front().ready.time);
  }
  if (swaps) {
    ledger_.stall(node, CycleClass::WeightShift, usable(tiles_.front()).time);
  }
  ledger_.stall(node, CycleClass::RawStall, start.time);
  ledger_.feed(node, start.time + command.busy);
}

/// `last` is why the stall ended when it did.
template <class Kind>
void BasicEventWalk<Kind>::show_stall(Stall stall, const Moment& last) {
  if (observer_ == nullptr) {
    return;
  }
  history_.forget(stall.from);
  if (stall.to <= stall.from) {
    return;
  }
  stall.waiting_from = std::clamp(stall.waiting_from, stall.from, stall.to);
  if constexpr (Kind::kWatched) {
    stall.links = history_.chain(last, stall.from, stall.command, stall.node);
    observer_->stalled(stall);
  }
}

/// What is in flight when all has been fed.
template <class Kind>
void BasicEventWalk<Kind>::show_last_stall() {
  const std::uint32_t node = ledger_.last_node();
  show_stall({node, node, last_command_, ledger_.now(), finish_.time, finish_.time, {}}, finish_);
}

template <>
void BasicEventWalk<Watched>::report_deadlock() const {
  Deadlock deadlock;
  deadlock.cycle = std::max({finish_.time, next_dispatch_.time, shadow_free_.time});
  for (int i = 0; i < isa::kUnits; ++i) {
    const auto unit = static_cast<isa::Unit>(i);
    const Queue& own = queue(unit);
    if (own.empty()) {
      continue;
    }
    const auto& head = own.front();
    isa::UnitSet missing;
    head.command.wait.for_each([&](isa::Unit source) {
      if (tokens(source, unit).empty()) {
        missing.add(source);
      }
    });
    deadlock.heads.push_back({head.index, head.command.whole, missing});
  }
  if (has_next_) {
    deadlock.blocked = {fetched_, next_.whole};
  }
  throw_deadlock(deadlock);
}

template <class Kind>
void BasicEventWalk<Kind>::report_deadlock() const {
  throw InputError("every unit waits for a token, or for room in a queue, that never comes");
}

template void EventWalk::enter_ledger(const Queue::Entry&, const Moment&);
template void EventWalk::show_stall(Stall, const Moment&);
template void EventWalk::show_last_stall();
template void RetimedWalk::enter_ledger(const Queue::Entry&, const Moment&);
template void RetimedWalk::show_stall(Stall, const Moment&);
template void RetimedWalk::show_last_stall();
template void RetimedWalk::report_deadlock() const;
template void TimeWalk::report_deadlock() const;

}  // namespace systol
