#include "host/report/timeline_counters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "host/account/energy.h"
#include "host/report/command_activity.h"
#include "host/report/window_peaks.h"

namespace systol {
namespace {

constexpr std::uint64_t kBins = 1000;         ///< points per curve of amounts
constexpr std::uint64_t kStretches = 64'000;  ///< of which the peaks are
constexpr double kGiga = 1e9;
constexpr double kPicojoulesPerMillijoule = 1e9;

double as_double(Cycles cycles) { return static_cast<double>(cycles.count()); }

/// Amounts over time, in the window's equal pieces; the last may be shorter.
class Bins {
 public:
  explicit Bins(const TimelineRecord& record, std::uint64_t most = kBins)
      : from_(as_double(record.from)),
        to_(as_double(record.to)),
        width_(std::max<std::uint64_t>(1, ((record.to - record.from).count() + most - 1) / most)) {
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

  std::uint64_t width() const { return width_; }

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

/// An energy that is used evenly over a time.
struct Spent {
  double energy = 0.0;
  double from = 0.0;
  double to = 0.0;
};

std::vector<Spent> energies(const TimelineRecord& record, const ArrayConfig& config,
                            const EnergyTable& table) {
  const auto dynamic = [&](const Activity& activity) {
    return account({activity, {}}, config, table).total.count();
  };
  std::vector<Spent> all;
  for (const TimelineRecord::Command& entry : record.commands) {
    all.push_back({dynamic(actions_of(entry.command.operation, config)), as_double(entry.start),
                   as_double(entry.end)});
  }
  for (const Transport& transport : record.transports) {
    all.push_back({dynamic(actions_of(transport, config)), transport.from, transport.to});
  }
  const Cycles window = record.to - record.from;
  all.push_back({account({{}, {window}}, config, table).total.count(), as_double(record.from),
                 as_double(record.to)});
  return all;
}

Bins spread(const std::vector<Spent>& energies, const TimelineRecord& record, std::uint64_t most) {
  Bins bins(record, most);
  for (const Spent& spent : energies) {
    bins.add(spent.energy, spent.from, spent.to);
  }
  return bins;
}

/// Average power, and the most in each of its pieces.
std::array<TimelineCounter, 2> power_counters(const TimelineRecord& record,
                                              const ArrayConfig& config, const EnergyTable& table) {
  const std::vector<Spent> spent = energies(record, config, table);
  const Bins coarse = spread(spent, record, kBins);
  const Bins fine = spread(spent, record, kStretches);
  TimelineCounter average{"power", "mW", coarse.rates(config.clock, 1 / kPicojoulesPerMillijoule)};
  const auto values = [](const TimelineCounter& counter) {
    std::vector<double> all(counter.points.size());
    std::ranges::transform(counter.points, all.begin(), &std::pair<Cycles, double>::second);
    return all;
  };
  const TimelineCounter stretches{"", "", fine.rates(config.clock, 1 / kPicojoulesPerMillijoule)};
  const std::vector<double> peaks =
      window_peaks(values(average), coarse.width(), values(stretches), fine.width());
  TimelineCounter peak{fine.width() == 1 ? "peak power in a cycle"
                                         : fmt::format("peak power in {} cycles", fine.width()),
                       "mW", average.points};
  for (std::size_t i = 0; i < peaks.size(); ++i) {
    peak.points[i].second = peaks[i];
  }
  return {average, peak};
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
    std::ranges::move(power_counters(record, config, table), std::back_inserter(counters));
  }
  counters.push_back(buffer(record));
  counters.push_back(tiles(record));
  return counters;
}

}  // namespace systol
