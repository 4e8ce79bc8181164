#include "host/compile/schedule.h"

#include <algorithm>

namespace systol {
namespace {}  // namespace

CommandId Schedule::append(const isa::Operation& operation, const isa::Origin& origin,
                           const std::vector<std::optional<CommandId>>& after) {
  const isa::Unit unit = isa::unit_of(operation);
  waits_.clear();
  const auto follow = [&](CommandId id) {
    if (!knows(unit, id)) {
      waits_.push_back({stand_in(id), id});
    }
  };
  for (const std::optional<CommandId>& id : after) {
    if (id) {
      follow(*id);
    }
  }
  const bool full = window_.size() == limit_;
  if (full && !first_may_leave()) {
    follow({first_, isa::unit_of(window_.front().command)});
  }
  // Latest first: what it implies needs no token of its own.
  std::ranges::sort(waits_, std::greater<>(), &Wait::token);
  isa::UnitSet wait;
  for (const Wait& earlier : waits_) {
    if (!knows(unit, earlier.id)) {
      take_token(unit, wait, earlier.token);
    }
  }
  const CommandId id{first_ + window_.size(), unit};
  Clock& clock = clocks_[index_of(unit)];
  clock[index_of(unit)] = id.index + 1;
  Entry& entry = window_.push_back();
  entry.command.operation = operation;
  entry.command.wait = wait;
  entry.command.signal = {};
  entry.command.origin = origin;
  entry.complete = clock;
  in_window_[index_of(unit)].push_back(id.index);
  if (full) {
    hand_over_first();
  }
  return id;
}

void Schedule::finish() {
  while (!window_.empty()) {
    hand_over_first();
  }
}

bool Schedule::knows(isa::Unit unit, CommandId id) const {
  return id.unit == unit || clocks_[index_of(unit)][index_of(id.unit)] > id.index;
}

/// A unit's later commands know all that its earlier ones do.
std::uint64_t Schedule::stand_in(CommandId id) const {
  if (id.index >= first_) {
    return id.index;
  }
  std::uint64_t found = first_ + window_.size();
  for (const std::deque<std::uint64_t>& commands : in_window_) {
    const auto knowing = std::ranges::partition_point(commands, [&](std::uint64_t index) {
      return entry(index).complete[index_of(id.unit)] <= id.index;
    });
    found = knowing == commands.end() ? found : std::min(found, *knowing);
  }
  return found;
}

void Schedule::take_token(isa::Unit unit, isa::UnitSet& wait, std::uint64_t from) {
  Entry& source = entry(from);
  source.command.signal.add(unit);
  wait.add(isa::unit_of(source.command));
  Clock& clock = clocks_[index_of(unit)];
  for (std::size_t i = 0; i < clock.size(); ++i) {
    clock[i] = std::max(clock[i], source.complete[i]);
  }
}

/// Whether the window would still hold, for each command that has left, one that knows it. A
/// unit's last command knows most.
bool Schedule::first_may_leave() const {
  const std::size_t own = index_of(isa::unit_of(window_.front().command));
  Clock known{};
  for (std::size_t i = 0; i < in_window_.size(); ++i) {
    const std::size_t stay = in_window_[i].size() - (i == own ? 1 : 0);
    for (std::size_t j = 0; stay > 0 && j < known.size(); ++j) {
      known[j] = std::max(known[j], clocks_[i][j]);
    }
  }
  Clock left = left_;
  left[own] = first_ + 1;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (known[i] < left[i]) {
      return false;
    }
  }
  return true;
}

void Schedule::hand_over_first() {
  const std::size_t own = index_of(isa::unit_of(window_.front().command));
  in_window_[own].pop_front();
  left_[own] = ++first_;
  sink_(std::move(window_.front().command));
  window_.pop_front();
}

}  // namespace systol
