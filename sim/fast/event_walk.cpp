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
  for (Queue& queue : queues_) {
    queue.started.resize(config.command_queue_depth);
  }
}

void EventWalk::run(CommandSource& commands, const OnStart& on_start) {
  run_until(Cycles(UINT64_MAX), commands, on_start);
  ledger_.no_command(finish_);
}

void EventWalk::run_until(Cycles limit, CommandSource& commands, const OnStart& on_start) {
  while (step(limit, commands, on_start)) {
  }
}

/// The earliest start that is possible anywhere; false if there is none before `limit`.
bool EventWalk::step(Cycles limit, CommandSource& commands, const OnStart& on_start) {
  dispatch(commands);
  std::optional<Cycles> earliest;
  std::optional<isa::Unit> unit;
  for (const isa::Unit other : kUnits) {
    const std::optional<Cycles> start = candidate(other);
    if (start && (!earliest || *start < *earliest)) {
      earliest = start;
      unit = other;
    }
  }
  const std::optional<Cycles> shift = shift_candidate();
  const bool shifts = shift && (!earliest || *shift < *earliest);
  if (shifts) {
    earliest = shift;
  }
  if (!earliest) {
    const auto idle = [](const Queue& queue) { return queue.waiting.empty(); };
    if (!fetched_all_ || next_ || !std::ranges::all_of(queues_, idle)) {
      report_deadlock();
    }
    return false;
  }
  if (*earliest >= limit) {
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
    if (!next_) {
      isa::Command command;
      if (!commands.next(command)) {
        fetched_all_ = true;
        return;
      }
      next_ = std::move(command);
    }
    Queue& target = queue(isa::unit_of(*next_));
    const std::size_t depth = target.started.size();
    if (target.waiting.size() == depth) {
      return;
    }
    Cycles when = next_dispatch_;
    if (target.entered >= depth) {
      when = std::max(when, target.started[target.entered % depth] + Cycles(1));
    }
    ++target.entered;
    next_dispatch_ = when + Cycles(1);
    target.waiting.push_back({fetched_++, std::move(*next_), when});
    next_.reset();
  }
}

/// The earliest start of the unit's head, or nothing while that is not known.
std::optional<Cycles> EventWalk::candidate(isa::Unit unit) const {
  const Queue& own = queue(unit);
  if (own.waiting.empty()) {
    return std::nullopt;
  }
  const Queue::Entry& head = own.waiting.front();
  std::optional<Cycles> start = tokens_time(unit, head.command.wait);
  if (!start) {
    return std::nullopt;
  }
  start = std::max({*start, head.dispatched, own.free});
  if (is_dma(unit) && own.in_flight.size() == config_.dma_outstanding) {
    start = std::max(*start, own.in_flight.front());
  }
  std::optional<Cycles> more = Cycles(0);
  if (unit == isa::Unit::Weights) {
    more = weights_time();
  } else if (unit == isa::Unit::Matrix) {
    const auto* matmul = std::get_if<isa::Matmul>(&head.command.operation);
    more =
        matmul != nullptr
            ? matrix_time(*matmul)
            : output_stationary_time(std::get<isa::MatmulOutputStationary>(head.command.operation));
  }
  return more ? std::optional(std::max(*start, *more)) : std::nullopt;
}

std::optional<Cycles> EventWalk::tokens_time(isa::Unit unit, isa::UnitSet wait) const {
  std::optional<Cycles> time = Cycles(0);
  wait.for_each([&](isa::Unit source) {
    const std::deque<Cycles>& given = tokens(source, unit);
    if (given.empty()) {
      time.reset();
    } else if (time) {
      time = std::max(*time, given.front());
    }
  });
  return time;
}

/// A tile needs a slot of the FIFO: the one of the tile `tiles` before it.
std::optional<Cycles> EventWalk::weights_time() const {
  if (requested_tiles_ < config_.weight_fifo_tiles) {
    return Cycles(0);
  }
  return slot_free_.empty() ? std::nullopt : std::optional(slot_free_.front());
}

std::optional<Cycles> EventWalk::matrix_time(const isa::Matmul& matmul) const {
  Cycles start;
  if (!matmul.reuse) {
    if (tiles_.empty() || !tiles_.front().shift) {
      return std::nullopt;
    }
    start = usable(tiles_.front());
  }
  if (matmul.add && last_fed_ && matmul.accumulator == last_accumulator_) {
    start = std::max(start, *last_fed_ + timing::kAccumulateDistance);
  }
  return start;
}

/// When the first row may meet a tile whose shift has a start.
Cycles EventWalk::usable(const Tile& tile) const {
  return *tile.shift + Cycles(config_.tile_use == TileUse::Whole ? config_.rows : 1);
}

/// The tile is fed from the FIFO; products drain at least R cycles apart, last step to last step.
std::optional<Cycles> EventWalk::output_stationary_time(
    const isa::MatmulOutputStationary& matmul) const {
  if (tiles_.empty()) {
    return std::nullopt;
  }
  Cycles start = tiles_.front().ready;
  if (matmul.drain && last_drain_) {
    const Cycles last_step = *last_drain_ + Cycles(config_.rows);
    if (last_step >= Cycles(matmul.depth)) {
      start = std::max(start, last_step - Cycles(matmul.depth - 1));
    }
  }
  return start;
}

/// The next tile shifts when it has arrived and the shadow registers are free.
std::optional<Cycles> EventWalk::shift_candidate() const {
  const bool fed_directly = config_.dataflow == Dataflow::OutputStationary;
  if (fed_directly || !swapped_ || tiles_.empty() || tiles_.front().shift) {
    return std::nullopt;
  }
  return std::max(tiles_.front().ready, shadow_free_);
}

void EventWalk::commit_shift(Cycles start) {
  const Cycles end = start + Cycles(config_.rows);
  tiles_.front().shift = start;
  last_shift_ = start;
  swapped_ = false;
  shadow_free_ = end;
  slot_free_.push_back(end);
  ledger_.in_flight(start, end);
}

void EventWalk::commit(isa::Unit unit, Cycles start, const OnStart& on_start) {
  Queue& own = queue(unit);
  Queue::Entry entry = std::move(own.waiting.front());
  own.waiting.pop_front();
  const std::uint64_t number = own.entered - own.waiting.size() - 1;
  own.started[number % own.started.size()] = start;
  if (unit == isa::Unit::Matrix) {
    enter_ledger(entry, start);
  }
  entry.command.wait.for_each([&](isa::Unit source) { tokens(source, unit).pop_front(); });
  Started started{entry.index, std::move(entry.command), start, {}};
  started.end = end_of(started);
  started.command.signal.for_each(
      [&](isa::Unit target) { tokens(unit, target).push_back(started.end); });
  finish_ = std::max(finish_, started.end);
  ledger_.in_flight(start, started.end);
  on_start(started);
}

/// Also notes what the unit can do next.
Cycles EventWalk::end_of(const Started& started) {
  const isa::Operation& operation = started.command.operation;
  Queue& own = queue(isa::unit_of(operation));
  if (isa::unit_of(operation) == isa::Unit::Matrix) {
    begin_matmul(started);
    own.free = started.start + timing::feed_time(operation);
    return started.start + timing::matrix_latency(operation, config_.rows, config_.columns);
  }
  if (isa::unit_of(operation) == isa::Unit::Activate) {
    own.free = started.start + timing::activate_unit_time(operation, config_.columns);
    return own.free;
  }
  if (isa::unit_of(operation) == isa::Unit::Vector) {
    own.free = started.start + timing::vector_unit_time(operation, config_.columns);
    return own.free;
  }
  const auto* tile = std::get_if<isa::LoadTile>(&operation);
  own.free = started.start + (tile != nullptr ? timing::load_tile_time(*tile) : Cycles(1));
  Cycles end = tile != nullptr ? own.free : request(started.command, started.start);
  if (!own.in_flight.empty()) {
    end = std::max(end, own.in_flight.back());
  }
  if (own.in_flight.size() == config_.dma_outstanding) {
    own.in_flight.pop_front();
  }
  own.in_flight.push_back(end);
  if (isa::unit_of(operation) == isa::Unit::Weights) {
    if (++requested_tiles_ > config_.weight_fifo_tiles) {
      slot_free_.pop_front();
    }
    tiles_.push_back({end, std::nullopt});
  }
  return end;
}

void EventWalk::begin_matmul(const Started& started) {
  if (const auto* output_stationary =
          std::get_if<isa::MatmulOutputStationary>(&started.command.operation)) {
    const Cycles fed = started.start + Cycles(output_stationary->depth);
    tiles_.pop_front();
    slot_free_.push_back(fed);
    if (output_stationary->drain) {
      last_drain_ = fed - Cycles(1);
    }
    return;
  }
  const auto& matmul = std::get<isa::Matmul>(started.command.operation);
  if (!matmul.reuse) {
    tiles_.pop_front();
    swapped_ = true;
    shadow_free_ = std::max(shadow_free_, started.start);
  }
  last_fed_ = started.start + Cycles(matmul.rows() - 1);
  last_accumulator_ = matmul.accumulator + matmul.rows() - 1;
}

/// The cycles since the last feed, in the order in which MatrixSequencer::stall asks.
void EventWalk::enter_ledger(const Queue::Entry& entry, Cycles start) {
  const auto* matmul = std::get_if<isa::Matmul>(&entry.command.operation);
  const std::uint32_t node = entry.command.origin.node;
  const auto given = [&](isa::Unit source) {
    return entry.command.wait.has(source) ? tokens(source, isa::Unit::Matrix).front() : Cycles(0);
  };
  ledger_.no_command(entry.dispatched);
  ledger_.stall(node, CycleClass::WeightStall, given(isa::Unit::Weights));
  ledger_.stall(node, CycleClass::InputStall, given(isa::Unit::Load));
  ledger_.stall(
      node, CycleClass::RawStall,
      std::max({given(isa::Unit::Store), given(isa::Unit::Activate), given(isa::Unit::Vector)}));
  if (matmul == nullptr || !matmul->reuse) {
    ledger_.stall(node, CycleClass::WeightStall, tiles_.front().ready);
  }
  if (matmul != nullptr && !matmul->reuse) {
    ledger_.stall(node, CycleClass::WeightShift, usable(tiles_.front()));
  }
  ledger_.stall(node, CycleClass::RawStall, start);
  ledger_.feed(node, start + timing::feed_time(entry.command.operation));
}

void EventWalk::report_deadlock() const {
  Deadlock deadlock;
  deadlock.cycle = std::max({finish_, next_dispatch_, shadow_free_});
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
  if (next_) {
    deadlock.blocked = {fetched_, *next_};
  }
  throw_deadlock(deadlock);
}

}  // namespace systol
