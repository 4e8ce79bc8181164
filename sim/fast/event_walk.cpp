#include "sim/fast/event_walk.h"

#include <algorithm>

#include "sim/deadlock.h"
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

EventWalk::EventWalk(const ArrayConfig& config, std::size_t nodes, Observer* observer)
    : config_(config),
      memory_of_space_(config.memory_of_space()),
      dram_counts_(nodes),
      ledger_(nodes, observer),
      observer_(observer) {
  for (const MemoryConfig& memory : config.memories) {
    memories_.emplace_back(memory, config.clock);
  }
  last_request_.resize(memories_.size());
  for (Queue& queue : queues_) {
    queue.started.resize(config.command_queue_depth);
  }
}

void EventWalk::run(CommandSource& commands, const OnStart& on_start) {
  run_until(Cycles(UINT64_MAX), commands, on_start);
  show_last_stall();
  ledger_.no_command(finish_.time);
}

void EventWalk::run_until(Cycles limit, CommandSource& commands, const OnStart& on_start) {
  while (step(limit, commands, on_start)) {
  }
}

/// The earliest start that is possible anywhere; false if there is none before `limit`.
bool EventWalk::step(Cycles limit, CommandSource& commands, const OnStart& on_start) {
  dispatch(commands);
  changed_.for_each([&](isa::Unit unit) { candidates_[isa::index_of(unit)] = candidate(unit); });
  changed_ = {};
  std::optional<Moment> earliest;
  std::optional<isa::Unit> unit;
  for (const isa::Unit other : kUnits) {
    const std::optional<Moment>& start = candidates_[isa::index_of(other)];
    if (start && (!earliest || start->time < earliest->time)) {
      earliest = start;
      unit = other;
    }
  }
  const std::optional<Moment> shift = shift_candidate();
  const bool shifts = shift && (!earliest || shift->time < earliest->time);
  if (shifts) {
    earliest = shift;
  }
  if (!earliest) {
    const auto idle = [](const Queue& queue) { return queue.waiting.empty(); };
    if (!fetched_all_ || has_next_ || !std::ranges::all_of(queues_, idle)) {
      report_deadlock();
    }
    return false;
  }
  if (earliest->time >= limit) {
    return false;
  }
  if (shifts) {
    commit_shift(*shift);
  } else {
    commit(*unit, *earliest, on_start);
  }
  return true;
}

/// The front end: one command a cycle, in order; a command waits until its unit's queue has room.
void EventWalk::dispatch(CommandSource& commands) {
  while (!fetched_all_) {
    if (!has_next_) {
      if (!commands.next(next_)) {
        fetched_all_ = true;
        return;
      }
      has_next_ = true;
    }
    const isa::Unit unit = isa::unit_of(next_);
    Queue& target = queue(unit);
    const std::size_t depth = target.started.size();
    if (target.waiting.size() == depth) {
      return;
    }
    Moment when = next_dispatch_;
    if (target.entered >= depth) {
      const Moment& left = target.started[target.entered % depth];
      const Cycles room = left.time + Cycles(1);
      when = later(when, {room, Reason::QueueFull, left.event, room});
    }
    ++target.entered;
    next_dispatch_ = when;
    next_dispatch_.time += Cycles(1);
    if (target.waiting.empty()) {
      changed_.add(unit);
    }
    Queue::Entry& entry = target.waiting.push_back();
    entry.index = fetched_++;
    entry.command = next_;
    entry.dispatched = when;
    has_next_ = false;
  }
}

/// The earliest start of the unit's head, or nothing while that is not known.
std::optional<Moment> EventWalk::candidate(isa::Unit unit) const {
  const Queue& own = queue(unit);
  if (own.waiting.empty()) {
    return std::nullopt;
  }
  const Queue::Entry& head = own.waiting.front();
  std::optional<Moment> start = tokens_time(unit, head.command.wait);
  if (!start) {
    return std::nullopt;
  }
  start = later(later(head.dispatched, own.free), *start);
  if (is_dma(unit) && own.in_flight.size() == config_.dma_outstanding) {
    Moment done = own.in_flight.front();
    done.reason = Reason::Outstanding;
    start = later(*start, done);
  }
  std::optional<Moment> more = Moment{};
  if (unit == isa::Unit::Weights) {
    more = weights_time();
  } else if (unit == isa::Unit::Matrix) {
    const auto* matmul = std::get_if<isa::Matmul>(&head.command.operation);
    more =
        matmul != nullptr
            ? matrix_time(*matmul)
            : output_stationary_time(std::get<isa::MatmulOutputStationary>(head.command.operation));
  }
  return more ? std::optional(later(*start, *more)) : std::nullopt;
}

std::optional<Moment> EventWalk::tokens_time(isa::Unit unit, isa::UnitSet wait) const {
  std::optional<Moment> time = Moment{};
  wait.for_each([&](isa::Unit source) {
    const std::deque<Moment>& given = tokens(source, unit);
    if (given.empty()) {
      time.reset();
    } else if (time) {
      time = later(*time, given.front());
    }
  });
  return time;
}

/// A tile needs a slot of the FIFO: the one of the tile `tiles` before it.
std::optional<Moment> EventWalk::weights_time() const {
  if (requested_tiles_ < config_.weight_fifo_tiles) {
    return Moment{};
  }
  return slot_free_.empty() ? std::nullopt : std::optional(slot_free_.front());
}

std::optional<Moment> EventWalk::matrix_time(const isa::Matmul& matmul) const {
  Moment start;
  if (!matmul.reuse) {
    if (tiles_.empty() || !tiles_.front().shift) {
      return std::nullopt;
    }
    start = usable(tiles_.front());
  }
  if (matmul.add && last_fed_ && matmul.accumulator == last_accumulator_) {
    start = later(start, {last_fed_->time + timing::kAccumulateDistance, Reason::Accumulating,
                          last_fed_->event});
  }
  return start;
}

/// When the first row may meet a tile whose shift has a start.
Moment EventWalk::usable(const Tile& tile) const {
  const Cycles rows(config_.tile_use == TileUse::Whole ? config_.rows : 1);
  return {tile.shift->time + rows, Reason::TileShifted, tile.shift->event};
}

/// The tile is fed from the FIFO; products drain at least R cycles apart, last step to last step.
std::optional<Moment> EventWalk::output_stationary_time(
    const isa::MatmulOutputStationary& matmul) const {
  if (tiles_.empty()) {
    return std::nullopt;
  }
  Moment start = tiles_.front().ready;
  if (matmul.drain && last_drain_) {
    const Cycles last_step = last_drain_->time + Cycles(config_.rows);
    if (last_step >= Cycles(matmul.depth)) {
      start = later(start,
                    {last_step - Cycles(matmul.depth - 1), Reason::Draining, last_drain_->event});
    }
  }
  return start;
}

/// The next tile shifts when it has arrived and the shadow registers are free.
std::optional<Moment> EventWalk::shift_candidate() const {
  const bool fed_directly = config_.dataflow == Dataflow::OutputStationary;
  if (fed_directly || !swapped_ || tiles_.empty() || tiles_.front().shift) {
    return std::nullopt;
  }
  return later(tiles_.front().ready, shadow_free_);
}

void EventWalk::commit_shift(const Moment& start) {
  const Cycles end = start.time + Cycles(config_.rows);
  const EventId id = history_.next();
  Tile& tile = tiles_.front();
  tile.shift = Moment{start.time, Reason::TileShifted, id};
  last_shift_ = start.time;
  swapped_ = false;
  shadow_free_ = {end, Reason::ShadowBusy, id};
  slot_free_.push_back({end, Reason::FifoFull, id});
  changed_.add(isa::Unit::Weights);
  changed_.add(isa::Unit::Matrix);
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

void EventWalk::commit(isa::Unit unit, const Moment& start, const OnStart& on_start) {
  Queue& own = queue(unit);
  const Queue::Entry& entry = own.waiting.front();
  const std::uint64_t number = own.entered - own.waiting.size();
  own.started[number % own.started.size()] = {start.time, Reason::QueueFull, history_.next()};
  if (unit == isa::Unit::Matrix) {
    enter_ledger(entry, start);
  }
  entry.command.wait.for_each([&](isa::Unit source) { tokens(source, unit).pop_front(); });
  Started started{entry.index, entry.command, start.time, {}};
  Event event;
  event.cause = start;
  event.unit = unit;
  event.command = started.index;
  event.node = started.command.origin.node;
  const EventId id = history_.next();
  started.end = event.end = end_of(started, event);
  started.command.signal.for_each([&](isa::Unit target) {
    tokens(unit, target).push_back({started.end, Reason::Token, id});
    changed_.add(target);
  });
  changed_.add(unit);
  // Tiles come from the one to the other, and their slots go back.
  if (unit == isa::Unit::Weights || unit == isa::Unit::Matrix) {
    changed_.add(isa::Unit::Weights);
    changed_.add(isa::Unit::Matrix);
  }
  if (started.end > finish_.time) {
    finish_ = {started.end, Reason::Token, id};
    last_command_ = started.index;
  }
  ledger_.in_flight(started.start, started.end);
  if (observer_ != nullptr) {
    history_.add(event);
  }
  on_start(started);
  own.waiting.pop_front();
}

/// Also notes what the unit can do next.
Cycles EventWalk::end_of(const Started& started, Event& event) {
  const isa::Operation& operation = started.command.operation;
  const EventId id = history_.next();
  const auto busy = [&](Cycles until) { return Moment{until, Reason::UnitBusy, id}; };
  Queue& own = queue(event.unit);
  if (event.unit == isa::Unit::Matrix) {
    event.fed = started.start + timing::feed_time(operation);
    begin_matmul(started, event);
    own.free = busy(event.fed);
    return started.start + timing::matrix_latency(operation, config_.rows, config_.columns);
  }
  if (event.unit == isa::Unit::Activate) {
    own.free = busy(started.start + timing::activate_unit_time(operation, config_.columns));
    return own.free.time;
  }
  if (event.unit == isa::Unit::Vector) {
    own.free = busy(started.start + timing::vector_unit_time(operation, config_.columns));
    return own.free.time;
  }
  const auto* tile = std::get_if<isa::LoadTile>(&operation);
  event.load_tile = tile != nullptr;
  own.free = busy(started.start + (tile != nullptr ? timing::load_tile_time(*tile) : Cycles(1)));
  Cycles end = tile != nullptr ? own.free.time : request(started.command, started.start, event);
  if (!own.in_flight.empty() && own.in_flight.back().time > end) {
    end = own.in_flight.back().time;
    event.in_order = own.in_flight.back().event;
  }
  if (own.in_flight.size() == config_.dma_outstanding) {
    own.in_flight.pop_front();
  }
  own.in_flight.push_back({end, Reason::InOrder, id});
  if (event.unit == isa::Unit::Weights) {
    if (++requested_tiles_ > config_.weight_fifo_tiles) {
      slot_free_.pop_front();
    }
    tiles_.push_back({{end, Reason::TileArrived, id}, event.command, event.node, std::nullopt});
  }
  return end;
}

void EventWalk::begin_matmul(const Started& started, Event& event) {
  const EventId id = history_.next();
  if (const auto* output_stationary =
          std::get_if<isa::MatmulOutputStationary>(&started.command.operation)) {
    tiles_.pop_front();
    slot_free_.push_back({event.fed, Reason::FifoFull, id});
    if (output_stationary->drain) {
      last_drain_ = Moment{event.fed - Cycles(1), Reason::Draining, id};
    }
    return;
  }
  const auto& matmul = std::get<isa::Matmul>(started.command.operation);
  if (!matmul.reuse) {
    tiles_.pop_front();
    swapped_ = true;
    shadow_free_ = later(shadow_free_, {started.start, Reason::ShadowBusy, id});
  }
  last_fed_ = Moment{event.fed - Cycles(1), Reason::Accumulating, id};
  last_accumulator_ = matmul.accumulator + matmul.rows() - 1;
}

/// The cycles since the last feed, in the order in which MatrixSequencer::stall asks.
void EventWalk::enter_ledger(const Queue::Entry& entry, const Moment& start) {
  const auto* matmul = std::get_if<isa::Matmul>(&entry.command.operation);
  const std::uint32_t node = entry.command.origin.node;
  const auto given = [&](isa::Unit source) {
    return entry.command.wait.has(source) ? tokens(source, isa::Unit::Matrix).front().time
                                          : Cycles(0);
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
  if (matmul == nullptr || !matmul->reuse) {
    ledger_.stall(node, CycleClass::WeightStall, tiles_.front().ready.time);
  }
  if (matmul != nullptr && !matmul->reuse) {
    ledger_.stall(node, CycleClass::WeightShift, usable(tiles_.front()).time);
  }
  ledger_.stall(node, CycleClass::RawStall, start.time);
  ledger_.feed(node, start.time + timing::feed_time(entry.command.operation));
}

/// `last` is why the stall ended when it did.
void EventWalk::show_stall(Stall stall, const Moment& last) {
  if (observer_ == nullptr) {
    return;
  }
  history_.forget(stall.from);
  if (stall.to <= stall.from) {
    return;
  }
  stall.waiting_from = std::clamp(stall.waiting_from, stall.from, stall.to);
  stall.links = history_.chain(last, stall.from, stall.command, stall.node);
  observer_->stalled(stall);
}

/// What is in flight when all has been fed.
void EventWalk::show_last_stall() {
  const std::uint32_t node = ledger_.last_node();
  show_stall({node, node, last_command_, ledger_.now(), finish_.time, finish_.time, {}}, finish_);
}

void EventWalk::report_deadlock() const {
  Deadlock deadlock;
  deadlock.cycle = std::max({finish_.time, next_dispatch_.time, shadow_free_.time});
  for (const isa::Unit unit : kUnits) {
    const Queue& own = queue(unit);
    if (own.waiting.empty()) {
      continue;
    }
    const Queue::Entry& head = own.waiting.front();
    isa::UnitSet missing;
    head.command.wait.for_each([&](isa::Unit source) {
      if (tokens(source, unit).empty()) {
        missing.add(source);
      }
    });
    deadlock.heads.push_back({head.index, head.command, missing});
  }
  if (has_next_) {
    deadlock.blocked = {fetched_, next_};
  }
  throw_deadlock(deadlock);
}

}  // namespace systol
