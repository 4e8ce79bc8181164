#include "host/report/machine_profile.h"

#include <algorithm>

#include "host/report/timeline_record.h"

namespace systol {
namespace {

double as_time(Cycles cycles) { return static_cast<double>(cycles.count()); }

template <std::size_t kSize>
void add(std::array<double, kSize>& sum, const std::array<double, kSize>& part) {
  for (std::size_t i = 0; i < kSize; ++i) {
    sum[i] += part[i];
  }
}

}  // namespace

MachineWindow& MachineWindow::operator+=(const MachineWindow& other) {
  add(busy, other.busy);
  add(matrix, other.matrix);
  add(bytes, other.bytes);
  return *this;
}

MachineProfile::MachineProfile() : series_("the machine over time", kMostWindows) {}

void MachineProfile::begin_run(std::span<const std::string> /*nodes*/) { begin_ = end_; }

/// Commands of a unit overlap, and the time counts once.
void MachineProfile::completed(std::uint64_t index, const isa::Command& command, Cycles start,
                               Cycles end) {
  const TimelineRecord::Command entry{index, command, begin_ + start, begin_ + end, {}, {}};
  end_ = std::max(end_, entry.end);
  array_.add(command.operation);
  const std::size_t unit = index_of(isa::unit_of(command));
  const Cycles from = std::max(entry.start, busy_until_[unit]);
  const Cycles to = std::max(from, entry.occupies_until());
  busy_until_[unit] = to;
  series_.spread(as_time(to - from), as_time(from), as_time(to),
                 [unit](MachineWindow& window, double cycles) { window.busy[unit] += cycles; });
}

void MachineProfile::matrix_cycles(std::uint32_t /*node*/, CycleClass kind, Cycles from,
                                   Cycles to) {
  const auto which = static_cast<std::size_t>(kind);
  end_ = std::max(end_, begin_ + to);
  series_.spread(as_time(to - from), as_time(begin_ + from), as_time(begin_ + to),
                 [which](MachineWindow& window, double cycles) { window.matrix[which] += cycles; });
}

void MachineProfile::moved(const Transport& transport) {
  const double begin = as_time(begin_);
  const std::size_t memory = transport.memory;
  series_.spread(static_cast<double>(transport.bytes.count()), begin + transport.from,
                 begin + transport.to,
                 [memory](MachineWindow& window, double bytes) { window.bytes[memory] += bytes; });
}

}  // namespace systol
