#include "host/report/timeline.h"

#include <algorithm>
#include <utility>

#include "host/report/timeline_trace.h"

namespace systol {

Timeline::Timeline(const ArrayConfig& config, const EnergyTable& table,
                   std::span<const std::string> nodes, TimelineWindow window)
    : config_(config), table_(table), most_commands_(window.most_commands), occupancy_(config.pe) {
  record_.from = window.from;
  record_.to = window.to;
  Timeline::begin_run(nodes);
}

void Timeline::begin_run(std::span<const std::string> nodes) {
  begin_ = end_;
  first_command_ += next_index_;
  next_index_ = 0;
  first_node_ = static_cast<std::uint32_t>(record_.nodes.size());
  record_.nodes.insert(record_.nodes.end(), nodes.begin(), nodes.end());
}

void Timeline::completed(std::uint64_t index, const isa::Command& command, Cycles start,
                         Cycles end) {
  TimelineRecord::Command entry{first_command_ + index, command, begin_ + start,
                                begin_ + end,           {},      {}};
  entry.command.origin.node += first_node_;
  end_ = std::max(end_, entry.end);
  count_tokens(command, entry);
  enter_occupancy(index, command.operation, entry.end);
  enter_tiles(command.operation, entry.start, entry.end);
  if (shows(entry.start, entry.end)) {
    record_.commands.push_back(std::move(entry));
    if (record_.commands.size() > most_commands_) {
      cut_short();
    }
  }
}

/// The k-th token from one unit to another is taken by the other's k-th wait for it. A unit's
/// commands are shown in the order of the program.
void Timeline::count_tokens(const isa::Command& command, TimelineRecord::Command& entry) {
  const auto unit = static_cast<std::size_t>(isa::unit_of(command));
  for (std::size_t other = 0; other < isa::kUnits; ++other) {
    if (command.wait.has(static_cast<isa::Unit>(other))) {
      entry.taken[other] = taken_[other][unit]++;
    }
    if (command.signal.has(static_cast<isa::Unit>(other))) {
      entry.given[other] = given_[unit][other]++;
    }
  }
}

/// The buffer's bytes are followed in the order of the program.
void Timeline::enter_occupancy(std::uint64_t index, const isa::Operation& operation, Cycles end) {
  early_[index] = {operation, end};
  while (!early_.empty() && early_.begin()->first == next_index_) {
    const auto& [next, ended] = early_.begin()->second;
    occupancy_.add(next, ended);
    early_.erase(early_.begin());
    ++next_index_;
  }
}

void Timeline::enter_tiles(const isa::Operation& operation, Cycles start, Cycles end) {
  const auto* matmul = std::get_if<isa::Matmul>(&operation);
  const bool arrives = isa::unit_of(operation) == isa::Unit::Weights;
  const bool leaves =
      isa::unit_of(operation) == isa::Unit::Matrix && (matmul == nullptr || !matmul->reuse);
  const Cycles at = arrives ? end : start;
  const int change = arrives ? 1 : -1;
  if (!(arrives || leaves) || at >= record_.to) {
    return;
  }
  if (at < record_.from) {
    record_.tiles_before += change;
  } else {
    record_.tiles.emplace_back(at, change);
  }
}

/// Without the commands that started last, so that the window is whole again.
void Timeline::cut_short() {
  const auto last = std::ranges::max_element(record_.commands, {}, &TimelineRecord::Command::start);
  record_.to = std::max(last->start, record_.from + Cycles(1));
  cut_ = record_.to;
  std::erase_if(record_.commands, [&](const TimelineRecord::Command& entry) {
    return !shows(entry.start, entry.end);
  });
}

void Timeline::matrix_cycles(std::uint32_t node, CycleClass kind, Cycles from, Cycles to) {
  const TimelineRecord::Stretch stretch{first_node_ + node, kind,
                                        std::max(begin_ + from, record_.from),
                                        std::min(begin_ + to, record_.to)};
  if (stretch.from >= stretch.to) {
    return;
  }
  std::vector<TimelineRecord::Stretch>& all = record_.stretches;
  if (!all.empty() && all.back().node == stretch.node && all.back().kind == kind &&
      kind != CycleClass::ArrayActive && all.back().to == stretch.from) {
    all.back().to = stretch.to;
    return;
  }
  all.push_back(stretch);
}

void Timeline::moved(const Transport& transport) {
  Transport shifted = transport;
  shifted.from += static_cast<double>(begin_.count());
  shifted.to += static_cast<double>(begin_.count());
  if (shifted.from < static_cast<double>(record_.to.count()) &&
      shifted.to >= static_cast<double>(record_.from.count())) {
    if (record_.transports.empty() || !record_.transports.back().extend(shifted)) {
      record_.transports.push_back(shifted);
    }
  }
}

std::string Timeline::json() { return timeline_trace(take(), config_, table_); }

TimelineRecord Timeline::take() {
  std::ranges::sort(record_.commands, {}, &TimelineRecord::Command::index);
  record_.to = std::max(record_.from, std::min(record_.to, end_));
  record_.buffer = occupancy_.finish();
  for (TimelineRecord::Stretch& stretch : record_.stretches) {
    stretch.to = std::min(stretch.to, record_.to);
  }
  std::erase_if(record_.stretches,
                [](const TimelineRecord::Stretch& stretch) { return stretch.from >= stretch.to; });
  return std::move(record_);
}

}  // namespace systol
