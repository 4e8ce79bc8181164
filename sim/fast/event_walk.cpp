#include "sim/fast/event_walk.h"

#include <algorithm>

#include "sim/timing.h"

namespace systol {
namespace {

constexpr std::array<isa::Unit, isa::kUnits> kUnits = {isa::Unit::Weights,  isa::Unit::Load,
                                                       isa::Unit::Store,    isa::Unit::Matrix,
                                                       isa::Unit::Activate, isa::Unit::Vector};

bool is_dma(isa::Unit unit) {
  return unit == isa::Unit::Weights || unit == isa::Unit::Load || unit == isa::Unit::Store;
}

}  // namespace

bool Watched::fetch(CommandSource& source, const ArrayConfig& config, Command& command) {
  if (!source.next(command.whole)) {
    return false;
  }
  static_cast<TimedCommand&>(command) = timed_command(command.whole, config);
  return true;
}

template <class Kind>
BasicEventWalk<Kind>::BasicEventWalk(const ArrayConfig& config, std::size_t nodes,
                                     Observer* observer)
    : config_(config),
      memory_of_space_(config.memory_of_space()),
      dram_counts_(nodes),
      ledger_(nodes, observer),
      observer_(observer) {
  for (const MemoryConfig& memory : config.memories) {
    memories_.emplace_back(memory, config.clock);
  }
  last_request_.resize(memories_.size());
  candidates_.fill(Moment{kNever});
  for (Queue& queue : queues_) {
    queue.entries.resize(config.command_queue_depth);
    queue.started.resize(config.command_queue_depth);
  }
}

template <class Kind>
void BasicEventWalk<Kind>::run(Source& commands, const OnStart& on_start) {
  run_until(Cycles(UINT64_MAX), commands, on_start);
  if constexpr (Kind::kWatched) {
    show_last_stall();
    ledger_.no_command(finish_.time);
  }
}

template <class Kind>
void BasicEventWalk<Kind>::run_until(Cycles limit, Source& commands, const OnStart& on_start) {
  while (step(limit, commands, on_start)) {
  }
}

/// The earliest start that is possible anywhere; false if there is none before `limit`.
template <class Kind>
bool BasicEventWalk<Kind>::step(Cycles limit, Source& commands, const OnStart& on_start) {
  dispatch(commands);
  changed_.for_each([&](isa::Unit unit) { candidates_[isa::index_of(unit)] = candidate(unit); });
  changed_ = {};
  Moment earliest{kNever};
  isa::Unit unit = isa::Unit::Weights;
  for (const isa::Unit other : kUnits) {
    const Moment& start = candidates_[isa::index_of(other)];
    if (start.time < earliest.time) {
      earliest = start;
      unit = other;
    }
  }
  const Moment shift = shift_candidate();
  const bool shifts = shift.time < earliest.time;
  if (shifts) {
    earliest = shift;
  }
  if (earliest.time == kNever) {
    const auto idle = [](const Queue& queue) { return queue.empty(); };
    if (!fetched_all_ || has_next_ || !std::ranges::all_of(queues_, idle)) {
      report_deadlock();
    }
    return false;
  }
  if (earliest.time >= limit) {
    return false;
  }
  if (shifts) {
    commit_shift(shift);
  } else {
    commit(unit, earliest, on_start);
  }
  return true;
}

/// The front end: one command a cycle, in order; a command waits until its unit's queue has room.
template <class Kind>
void BasicEventWalk<Kind>::dispatch(Source& commands) {
  while (!fetched_all_) {
    if (!has_next_) {
      if (!Kind::fetch(commands, config_, next_)) {
        fetched_all_ = true;
        return;
      }
      has_next_ = true;
    }
    const isa::Unit unit = next_.unit;
    Queue& target = queue(unit);
    const std::size_t depth = target.started.size();
    if (target.waiting == depth) {
      return;
    }
    Moment when = next_dispatch_;
    if (target.was_full) {
      const Moment& left = target.started[target.next_entered];
      const Cycles room = left.time + Cycles(1);
      when = later(when, Moment{room, Reason::QueueFull, left.event, room});
    }
    auto& entry = target.entries[target.next_entered];
    if (++target.next_entered == depth) {
      target.next_entered = 0;
      target.was_full = true;
    }
    next_dispatch_ = when;
    next_dispatch_.time += Cycles(1);
    if (target.empty()) {
      changed_.add(unit);
    }
    ++target.waiting;
    entry.index = fetched_++;
    entry.command = next_;
    entry.dispatched = when;
    has_next_ = false;
  }
}

/// The earliest start of the unit's head, or never while that is not known.
template <class Kind>
typename Kind::Moment BasicEventWalk<Kind>::candidate(isa::Unit unit) const {
  const Queue& own = queue(unit);
  if (own.empty()) {
    return Moment{kNever};
  }
  const auto& head = own.front();
  Moment start = later(later(head.dispatched, own.free), tokens_time(unit, head.command.wait));
  if (is_dma(unit) && own.in_flight.size() == config_.dma_outstanding) {
    const Moment& done = own.in_flight.front();
    start = later(start, Moment{done.time, Reason::Outstanding, done.event});
  }
  if (unit == isa::Unit::Weights) {
    return later(start, weights_time());
  }
  if (unit != isa::Unit::Matrix) {
    return start;
  }
  const bool stationary = head.command.kind == TimedCommand::Kind::Matmul;
  return later(start,
               stationary ? matrix_time(head.command) : output_stationary_time(head.command));
}

template <class Kind>
typename Kind::Moment BasicEventWalk<Kind>::tokens_time(isa::Unit unit, isa::UnitSet wait) const {
  Moment time;
  wait.for_each([&](isa::Unit source) {
    const std::deque<Moment>& given = tokens(source, unit);
    time = later(time, given.empty() ? Moment{kNever} : given.front());
  });
  return time;
}

/// A tile needs a slot of the FIFO: the one of the tile `tiles` before it.
template <class Kind>
typename Kind::Moment BasicEventWalk<Kind>::weights_time() const {
  if (requested_tiles_ < config_.weight_fifo_tiles) {
    return Moment{};
  }
  return slot_free_.empty() ? Moment{kNever} : slot_free_.front();
}

template <class Kind>
typename Kind::Moment BasicEventWalk<Kind>::matrix_time(const TimedCommand& matmul) const {
  Moment start;
  if (!matmul.reuse) {
    if (tiles_.empty() || !tiles_.front().shift) {
      return Moment{kNever};
    }
    start = usable(tiles_.front());
  }
  if (matmul.add && last_fed_ && matmul.accumulator == last_accumulator_) {
    start = later(start, Moment{last_fed_->time + timing::kAccumulateDistance, Reason::Accumulating,
                                last_fed_->event});
  }
  return start;
}

/// When the first row may meet a tile whose shift has a start.
template <class Kind>
typename Kind::Moment BasicEventWalk<Kind>::usable(const Tile& tile) const {
  const Cycles rows(config_.tile_use == TileUse::Whole ? config_.rows : 1);
  return Moment{tile.shift->time + rows, Reason::TileShifted, tile.shift->event};
}

/// The tile is fed from the FIFO; products drain at least R cycles apart, last step to last step.
template <class Kind>
typename Kind::Moment BasicEventWalk<Kind>::output_stationary_time(
    const TimedCommand& matmul) const {
  if (tiles_.empty()) {
    return Moment{kNever};
  }
  Moment start = tiles_.front().ready;
  if (matmul.drain && last_drain_) {
    const Cycles last_step = last_drain_->time + Cycles(config_.rows);
    if (last_step >= matmul.busy) {
      start = later(start, Moment{last_step - (matmul.busy - Cycles(1)), Reason::Draining,
                                  last_drain_->event});
    }
  }
  return start;
}

/// The next tile shifts when it has arrived and the shadow registers are free.
template <class Kind>
typename Kind::Moment BasicEventWalk<Kind>::shift_candidate() const {
  const bool fed_directly = config_.dataflow == Dataflow::OutputStationary;
  if (fed_directly || !swapped_ || tiles_.empty() || tiles_.front().shift) {
    return Moment{kNever};
  }
  return later(tiles_.front().ready, shadow_free_);
}

template <class Kind>
void BasicEventWalk<Kind>::commit_shift(const Moment& start) {
  const Cycles end = start.time + Cycles(config_.rows);
  const EventId id = history_.next();
  Tile& tile = tiles_.front();
  tile.shift = Moment{start.time, Reason::TileShifted, id};
  last_shift_ = start.time;
  swapped_ = false;
  shadow_free_ = Moment{end, Reason::ShadowBusy, id};
  slot_free_.push_back(Moment{end, Reason::FifoFull, id});
  changed_.add(isa::Unit::Weights);
  changed_.add(isa::Unit::Matrix);
  if constexpr (Kind::kWatched) {
    ledger_.in_flight(start.time, end);
    if (observer_ != nullptr) {
      Event event;
      event.cause = start;
      event.shift = true;
      event.command = tile.command;
      event.node = tile.node;
      event.end = end;
      history_.add(event);
    }
  }
}

template <class Kind>
void BasicEventWalk<Kind>::commit(isa::Unit unit, const Moment& start, const OnStart& on_start) {
  Queue& own = queue(unit);
  const auto& entry = own.front();
  const Command& command = entry.command;
  const EventId id = history_.next();
  own.started[own.next_started] = Moment{start.time, Reason::QueueFull, id};
  if constexpr (Kind::kWatched) {
    if (unit == isa::Unit::Matrix) {
      enter_ledger(entry, start);
    }
  }
  command.wait.for_each([&](isa::Unit source) { tokens(source, unit).pop_front(); });
  Event event;
  event.unit = unit;
  event.command = entry.index;
  event.node = command.node;
  const Cycles end = end_of(command, start.time, event);
  command.signal.for_each([&](isa::Unit target) {
    tokens(unit, target).push_back(Moment{end, Reason::Token, id});
    changed_.add(target);
  });
  changed_.add(unit);
  // Tiles come from the one to the other, and their slots go back.
  if (unit == isa::Unit::Weights || unit == isa::Unit::Matrix) {
    changed_.add(isa::Unit::Weights);
    changed_.add(isa::Unit::Matrix);
  }
  if (end > finish_.time) {
    finish_ = Moment{end, Reason::Token, id};
    last_command_ = entry.index;
  }
  if constexpr (Kind::kWatched) {
    ledger_.in_flight(start.time, end);
    if (observer_ != nullptr) {
      event.cause = start;
      event.end = end;
      history_.add(event);
    }
  }
  if constexpr (Kind::kWhole) {
    on_start({entry.index, command.whole, start.time, end});
  }
  own.next_started = own.next_started + 1 == own.entries.size() ? 0 : own.next_started + 1;
  --own.waiting;
}

/// Also notes what the unit can do next.
template <class Kind>
Cycles BasicEventWalk<Kind>::end_of(const Command& command, Cycles start, Event& event) {
  const EventId id = history_.next();
  Queue& own = queue(command.unit);
  own.free = Moment{start + command.busy, Reason::UnitBusy, id};
  if (command.unit == isa::Unit::Matrix) {
    event.fed = own.free.time;
    begin_matmul(command, start, event.fed);
    const auto steps = static_cast<std::uint32_t>(command.busy.count());
    return start + (command.kind == TimedCommand::Kind::Matmul
                        ? timing::matmul_latency(steps, config_.rows, config_.columns)
                        : timing::output_stationary_latency(steps, config_.rows, config_.columns));
  }
  if (!is_dma(command.unit)) {
    return own.free.time;
  }
  event.load_tile = command.kind == TimedCommand::Kind::LoadTile;
  Cycles end = event.load_tile ? own.free.time : request(command, start, event);
  if (!own.in_flight.empty() && own.in_flight.back().time > end) {
    end = own.in_flight.back().time;
    event.in_order = own.in_flight.back().event;
  }
  if (own.in_flight.size() == config_.dma_outstanding) {
    own.in_flight.pop_front();
  }
  own.in_flight.push_back(Moment{end, Reason::InOrder, id});
  if (command.unit == isa::Unit::Weights) {
    if (++requested_tiles_ > config_.weight_fifo_tiles) {
      slot_free_.pop_front();
    }
    tiles_.push_back(
        {Moment{end, Reason::TileArrived, id}, event.command, event.node, std::nullopt});
  }
  return end;
}

template <class Kind>
void BasicEventWalk<Kind>::begin_matmul(const TimedCommand& command, Cycles start, Cycles fed) {
  const EventId id = history_.next();
  if (command.kind == TimedCommand::Kind::OutputStationary) {
    tiles_.pop_front();
    slot_free_.push_back(Moment{fed, Reason::FifoFull, id});
    if (command.drain) {
      last_drain_ = Moment{fed - Cycles(1), Reason::Draining, id};
    }
    return;
  }
  if (!command.reuse) {
    tiles_.pop_front();
    swapped_ = true;
    shadow_free_ = later(shadow_free_, Moment{start, Reason::ShadowBusy, id});
  }
  last_fed_ = Moment{fed - Cycles(1), Reason::Accumulating, id};
  last_accumulator_ = command.accumulator + static_cast<std::uint32_t>(command.busy.count()) - 1;
}

template class BasicEventWalk<Watched>;
template class BasicEventWalk<Retimed>;
template class BasicEventWalk<Unwatched>;

}  // namespace systol
