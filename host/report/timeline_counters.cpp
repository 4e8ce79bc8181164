#include "host/report/timeline_counters.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/account/energy.h"
#include "host/report/command_activity.h"

namespace systol {
namespace {

constexpr std::uint64_t kBins = 1000;  ///< points per curve of amounts
constexpr double kGiga = 1e9;
constexpr double kPicojoulesPerMillijoule = 1e9;

double as_double(Cycles cycles) { return static_cast<double>(cycles.count()); }

/// Amounts over time, in the window's equal pieces; the last may be shorter.
class Bins {
 public:
  explicit Bins(const TimelineRecord& record)
      : from_(as_double(record.from)),
        to_(as_double(record.to)),
        width_(
            std::max<std::uint64_t>(1, ((record.to - record.from).count() + kBins - 1) / kBins)) {
    amounts_.resize(((record.to - record.from).count() + width_ - 1) / width_);
  }

  /// Spreads `amount` evenly from `from` to `to`; all at once where they are the same.
  void add(double amount, double from, double to) {
    if (from == to) {
      add_at(amount, from);
      return;
    }
    const double per_cycle = amount / (to - from);
    for (double at = std::max(from, from_); at < std::min(to, to_);) {
      const auto index = static_cast<std::size_t>((at - from_) / static_cast<double>(width_));
      const double until = std::min({to, to_, end_of(index)});
      amounts_[index] += per_cycle * (until - at);
      at = until;
    }
  }

  /// The amounts per second, each from the beginning of its piece on.
  std::vector<std::pair<Cycles, double>> rates(Hertz clock, double scale) const {
    std::vector<std::pair<Cycles, double>> points;
    for (std::size_t i = 0; i < amounts_.size(); ++i) {
      const double begin = end_of(i) - static_cast<double>(width_);
      const double seconds =
          (std::min(end_of(i), to_) - begin) / static_cast<double>(clock.count());
      points.emplace_back(Cycles(static_cast<std::uint64_t>(begin)), amounts_[i] / seconds * scale);
    }
    return points;
  }

 private:
  void add_at(double amount, double at) {
    if (at >= from_ && at < to_) {
      amounts_[static_cast<std::size_t>((at - from_) / static_cast<double>(width_))] += amount;
    }
  }
  double end_of(std::size_t index) const {
    return from_ + static_cast<double>((index + 1) * width_);
  }

  double from_;
  double to_;
  std::uint64_t width_;
  std::vector<double> amounts_;
};

TimelineCounter power(const TimelineRecord& record, const ArrayConfig& config,
                      const EnergyTable& table) {
  const auto dynamic = [&](const Activity& activity) {
    return account(activity, Cycles(0), config, table).total.count();
  };
  Bins bins(record);
  for (const TimelineRecord::Command& entry : record.commands) {
    bins.add(dynamic(actions_of(entry.command.operation, config)), as_double(entry.start),
             as_double(entry.end));
  }
  for (const Transport& transport : record.transports) {
    bins.add(dynamic(actions_of(transport, config)), transport.from, transport.to);
  }
  const Cycles window = record.to - record.from;
  bins.add(account({}, window, config, table).total.count(), as_double(record.from),
           as_double(record.to));
  return {"power", "mW", bins.rates(config.clock, 1 / kPicojoulesPerMillijoule)};
}

TimelineCounter traffic(const TimelineRecord& record, const ArrayConfig& config,
                        std::size_t memory) {
  Bins bins(record);
  for (const Transport& transport : record.transports) {
    if (transport.memory == memory) {
      bins.add(static_cast<double>(transport.bytes.count()), transport.from, transport.to);
    }
  }
  return {fmt::format("traffic of {}", config.memories[memory].name), "GB/s",
          bins.rates(config.clock, 1 / kGiga)};
}

TimelineCounter buffer(const TimelineRecord& record) {
  TimelineCounter counter{"unified buffer", "bytes in use", {}};
  for (const auto& [at, held] : record.buffer) {
    if (at < record.to) {
      // Of what was before the window only the last counts.
      if (at <= record.from) {
        counter.points.clear();
      }
      counter.points.emplace_back(std::max(at, record.from), static_cast<double>(held));
    }
  }
  return counter;
}

TimelineCounter tiles(const TimelineRecord& record) {
  TimelineCounter counter{"weight tiles", "arrived and not yet active", {}};
  std::vector<std::pair<Cycles, int>> changes = record.tiles;
  std::ranges::stable_sort(changes, {}, &std::pair<Cycles, int>::first);
  int waiting = record.tiles_before;
  if (waiting != 0) {
    counter.points.emplace_back(record.from, waiting);
  }
  for (const auto& [at, change] : changes) {
    waiting += change;
    if (at < record.to) {
      counter.points.emplace_back(at, waiting);
    }
  }
  return counter;
}

}  // namespace

std::vector<TimelineCounter> timeline_counters(const TimelineRecord& record,
                                               const ArrayConfig& config,
                                               const EnergyTable& table) {
  std::vector<TimelineCounter> counters;
  if (record.from < record.to) {
    for (std::size_t memory = 0; memory < config.memories.size(); ++memory) {
      counters.push_back(traffic(record, config, memory));
    }
    counters.push_back(power(record, config, table));
  }
  counters.push_back(buffer(record));
  counters.push_back(tiles(record));
  return counters;
}

}  // namespace systol
