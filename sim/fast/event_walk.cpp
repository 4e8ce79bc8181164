#include "sim/fast/event_walk.h"

#include <algorithm>

#include "sim/deadlock.h"
#include "sim/timing.h"

namespace systol {
namespace {

constexpr std::array<isa::Unit, isa::kUnits> kUnits = {
    isa::Unit::Weights, isa::Unit::Load, isa::Unit::Store, isa::Unit::Matrix, isa::Unit::Activate};

bool is_dma(isa::Unit unit) {
  return unit == isa::Unit::Weights || unit == isa::Unit::Load || unit == isa::Unit::Store;
}

template <class Do>
void for_each_unit(isa::UnitSet set, Do action) {
  for (const isa::Unit unit : kUnits) {
    if (set.has(unit)) {
      action(unit);
    }
  }
}

}  // namespace

EventWalk::EventWalk(const ArrayConfig& config, std::size_t layers, Observer* observer)
    : config_(config), ledger_(layers, observer) {
  for (std::size_t i = 0; i < config.memories.size(); ++i) {
    memories_.emplace_back(config.memories[i], config.clock);
    for (const isa::Space space : config.memories[i].holds) {
      memory_of_space_[static_cast<std::size_t>(space)] = i;
    }
  }
  for (Queue& queue : queues_) {
    queue.started.resize(config.command_queue_depth);
  }
}

void EventWalk::run(CommandSource& commands, const OnStart& on_start) {
  while (true) {
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
    if (shift && (!earliest || *shift < *earliest)) {
      commit_shift(*shift);
    } else if (unit) {
      commit(*unit, *earliest, on_start);
    } else {
      break;
    }
  }
  const bool done = fetched_all_ && !next_ &&
                    std::ranges::all_of(queues_, [](const Queue& q) { return q.waiting.empty(); });
  if (!done) {
    report_deadlock();
  }
  ledger_.no_command(finish_);
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
    more = matrix_time(std::get<isa::Matmul>(head.command.operation));
  }
  return more ? std::optional(std::max(*start, *more)) : std::nullopt;
}

std::optional<Cycles> EventWalk::tokens_time(isa::Unit unit, isa::UnitSet wait) const {
  std::optional<Cycles> time = Cycles(0);
  for_each_unit(wait, [&](isa::Unit source) {
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
    start = *tiles_.front().shift + Cycles(1);
  }
  if (matmul.add && last_fed_ && matmul.accumulator == last_accumulator_) {
    start = std::max(start, *last_fed_ + timing::kAccumulateDistance);
  }
  return start;
}

/// The next tile shifts when it has arrived and the shadow registers are free.
std::optional<Cycles> EventWalk::shift_candidate() const {
  if (!swapped_ || tiles_.empty() || tiles_.front().shift) {
    return std::nullopt;
  }
  return std::max(tiles_.front().ready, shadow_free_);
}

void EventWalk::commit_shift(Cycles start) {
  const Cycles end = start + Cycles(config_.rows);
  tiles_.front().shift = start;
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
  for_each_unit(entry.command.wait, [&](isa::Unit source) { tokens(source, unit).pop_front(); });
  Started started{entry.index, std::move(entry.command), start, {}};
  started.end = end_of(started);
  for_each_unit(started.command.signal,
                [&](isa::Unit target) { tokens(unit, target).push_back(started.end); });
  finish_ = std::max(finish_, started.end);
  ledger_.in_flight(start, started.end);
  on_start(started);
}

/// Also notes what the unit can do next.
Cycles EventWalk::end_of(const Started& started) {
  const isa::Operation& operation = started.command.operation;
  Queue& own = queue(isa::unit_of(operation));
  if (const auto* matmul = std::get_if<isa::Matmul>(&operation)) {
    begin_matmul(started);
    own.free = started.start + Cycles(matmul->rows);
    return started.start + timing::matmul_latency(matmul->rows, config_.rows, config_.columns);
  }
  if (isa::unit_of(operation) == isa::Unit::Activate) {
    own.free = started.start + timing::activate_unit_time(operation, config_.columns);
    return own.free;
  }
  own.free = started.start + Cycles(1);
  Cycles end = request(operation, started.start);
  if (!own.in_flight.empty()) {
    end = std::max(end, own.in_flight.back());
  }
  if (own.in_flight.size() == config_.dma_outstanding) {
    own.in_flight.pop_front();
  }
  own.in_flight.push_back(end);
  if (std::holds_alternative<isa::LoadWeights>(operation)) {
    if (++requested_tiles_ > config_.weight_fifo_tiles) {
      slot_free_.pop_front();
    }
    tiles_.push_back({end, std::nullopt});
  }
  return end;
}

/// Enters a command's transactions at its memory; returns when the last one is complete.
Cycles EventWalk::request(const isa::Operation& operation, Cycles now) {
  if (const auto* weights = std::get_if<isa::LoadWeights>(&operation)) {
    return memories_[memory_of_space_[static_cast<std::size_t>(weights->space)]].request(
        now, Bytes(std::uint64_t{weights->rows} * weights->columns));
  }
  const auto* load = std::get_if<isa::Load>(&operation);
  const isa::Transfer& transfer =
      load != nullptr ? static_cast<const isa::Transfer&>(*load) : std::get<isa::Store>(operation);
  MemoryTiming& memory = memories_[memory_of_space_[static_cast<std::size_t>(transfer.space)]];
  // Back-to-back rows are one transaction, but the channel does not round between requests: the
  // last of many ends when one of their whole size would.
  return memory.request(now, Bytes(transfer.rows * transfer.row_bytes));
}

void EventWalk::begin_matmul(const Started& started) {
  const auto& matmul = std::get<isa::Matmul>(started.command.operation);
  if (!matmul.reuse) {
    tiles_.pop_front();
    swapped_ = true;
    shadow_free_ = std::max(shadow_free_, started.start);
  }
  last_fed_ = started.start + Cycles(matmul.rows - 1);
  last_accumulator_ = matmul.accumulator + matmul.rows - 1;
}

/// The cycles since the last feed, in the order in which MatrixSequencer::stall asks.
void EventWalk::enter_ledger(const Queue::Entry& entry, Cycles start) {
  const auto& matmul = std::get<isa::Matmul>(entry.command.operation);
  const std::uint32_t layer = entry.command.origin.layer;
  const auto given = [&](isa::Unit source) {
    return entry.command.wait.has(source) ? tokens(source, isa::Unit::Matrix).front() : Cycles(0);
  };
  ledger_.no_command(entry.dispatched);
  ledger_.stall(layer, CycleClass::WeightStall, given(isa::Unit::Weights));
  ledger_.stall(layer, CycleClass::InputStall, given(isa::Unit::Load));
  ledger_.stall(layer, CycleClass::RawStall,
                std::max(given(isa::Unit::Store), given(isa::Unit::Activate)));
  if (!matmul.reuse) {
    ledger_.stall(layer, CycleClass::WeightStall, tiles_.front().ready);
    ledger_.stall(layer, CycleClass::WeightShift, *tiles_.front().shift + Cycles(1));
  }
  ledger_.stall(layer, CycleClass::RawStall, start);
  ledger_.feed(layer, start + Cycles(matmul.rows));
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
    for_each_unit(head.command.wait, [&](isa::Unit source) {
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
