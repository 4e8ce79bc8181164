#include "sim/fast/event_history.h"

#include "sim/timing.h"

namespace systol {
namespace {

Wait transfer_of(isa::Space moved, isa::Space waits) {
  if (moved == waits) {
    return moved == isa::Space::Weights ? Wait::WeightsTransfer : Wait::ActivationsTransfer;
  }
  return moved == isa::Space::Weights ? Wait::WeightsBeforeActivations
                                      : Wait::ActivationsBeforeWeights;
}

/// What an event that is no request is busy with.
Wait work_of(const Event& event) {
  if (event.shift) {
    return Wait::WeightShift;
  }
  switch (event.unit) {
    case isa::Unit::Matrix:
      return Wait::Array;
    case isa::Unit::Activate:
      return Wait::ActivationUnit;
    case isa::Unit::Vector:
      return Wait::VectorUnit;
    default:
      return event.load_tile ? Wait::LoadTile : Wait::Dispatch;
  }
}

}  // namespace

void EventHistory::add(const Event& event) {
  events_.push_back(event);
  if (events_.size() > kLongest) {
    events_.pop_front();
    ++first_;
  }
}

void EventHistory::forget(Cycles before) {
  while (!events_.empty() && events_.front().end <= before) {
    events_.pop_front();
    ++first_;
  }
}

/// The cycles from `from` up to the earliest link went to this.
void EventHistory::link(const Event& event, Wait wait, Reason reason, Cycles from) {
  from = std::max(from, earliest_);
  if (from < time_) {
    links_.push_back({wait, reason, event.unit, event.command, event.node, from, time_});
    time_ = from;
  }
}

/// A request is complete: it was on its way, it left its memory, and those before it left.
Moment EventHistory::before_request(const Event& event) {
  const bool weights = event.space == isa::Space::Weights;
  link(event, weights ? Wait::WeightsLatency : Wait::ActivationsLatency, event.cause.reason,
       event.moved);
  const Event* moving = &event;
  while (true) {
    const bool waited = moving->channel >= first_;
    link(*moving, transfer_of(moving->space, event.space),
         waited ? Reason::Channel : moving->cause.reason, moving->from);
    if (!waited) {
      return moving->cause;
    }
    moving = &at(moving->channel);
  }
}

Moment EventHistory::before_completion(EventId id) {
  const Event* event = &at(id);
  while (event->in_order >= first_) {
    event = &at(event->in_order);
  }
  if (event->is_request()) {
    return before_request(*event);
  }
  link(*event, work_of(*event), event->cause.reason, event->cause.time);
  return event->cause;
}

/// Of what is no completion of a request.
Moment EventHistory::before_end_of(EventId id, Reason reason) {
  const Event& event = at(id);
  if (event.unit == isa::Unit::Matrix && !event.shift && reason != Reason::ShadowBusy) {
    link(event, Wait::Accumulators, event.cause.reason, event.fed);
  }
  link(event, work_of(event), event.cause.reason, event.cause.time);
  return event.cause;
}

std::span<const StallLink> EventHistory::chain(Moment last, Cycles from, std::uint64_t command,
                                               std::uint32_t node) {
  links_.clear();
  earliest_ = from;
  time_ = last.time;
  Event waits;
  waits.command = command;
  waits.node = node;
  while (time_ > earliest_) {
    const bool dispatched = last.reason == Reason::Dispatched || last.reason == Reason::QueueFull;
    if (dispatched) {
      // A start makes room for a dispatch one cycle later.
      const Cycles begun = last.event == 0 ? last.since : last.since - Cycles(1);
      link(waits, Wait::Dispatch, last.reason, begun);
    }
    if (last.event < first_) {
      // Nothing is known before the run, or before the history's limit.
      if (time_ > earliest_) {
        link(waits, links_.empty() ? Wait::Dispatch : links_.back().wait, Reason::Begin, earliest_);
      }
      break;
    }
    const Event& event = at(last.event);
    waits = event;
    const bool completed = event.is_request() || event.load_tile || event.in_order != 0;
    if (dispatched) {
      last = event.cause;
    } else if (completed && last.reason != Reason::UnitBusy) {
      last = before_completion(last.event);
    } else {
      last = before_end_of(last.event, last.reason);
    }
  }
  return links_;
}

}  // namespace systol
