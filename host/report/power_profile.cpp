#include "host/report/power_profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "host/report/command_activity.h"
#include "sim/base/error.h"

namespace systol {
namespace {

constexpr std::uint64_t kFirstLength = 16;
constexpr std::size_t kMostFixedWindows = 1'000'000;

double in_cycles(Cycles cycles) { return static_cast<double>(cycles.count()); }

}  // namespace

PowerProfile::PowerProfile(const ArrayConfig& config, const EnergyTable& table,
                           std::optional<Cycles> window)
    : config_(config),
      energy_(config, table),
      length_(window ? window->count() : kFirstLength),
      fixed_(window.has_value()) {
  if (length_ == 0) {
    throw InputError("power over time: found windows of 0 cycles, allowed: 1 or more");
  }
}

void PowerProfile::begin_run(std::size_t nodes) {
  begin_ = end_;
  first_node_ = next_node_;
  next_node_ += nodes;
}

void PowerProfile::completed(std::uint64_t /*index*/, const isa::Command& command, Cycles start,
                             Cycles end) {
  const Activity activity = actions_of(command.operation, config_);
  const double from = in_cycles(begin_ + start);
  const double to = in_cycles(begin_ + end);
  end_ = std::max(end_, begin_ + end);
  spread(energy_.rest(activity), from, to,
         [](Window& window, double energy) { window.rest += energy; });
  const std::size_t node = first_node_ + command.origin.node;
  spread(energy_.products(activity), from, to,
         [node](Window& window, double energy) { window.products[node] += energy; });
}

void PowerProfile::moved(const Transport& transport) {
  const double begin = in_cycles(begin_);
  spread(energy_.rest(actions_of(transport, config_)), begin + transport.from, begin + transport.to,
         [](Window& window, double energy) { window.rest += energy; });
}

template <class Add>
void PowerProfile::spread(Picojoules energy, double from, double to, Add add) {
  if (energy.count() == 0) {
    return;
  }
  if (from == to) {
    add(window_at(from), energy.count());
    return;
  }
  window_at(std::nextafter(to, from));  // the windows are as long as they get before they are used
  const double per_cycle = energy.count() / (to - from);
  for (double at = from; at < to;) {
    const double length = static_cast<double>(length_);
    const double until = std::min(to, (std::floor(at / length) + 1) * length);
    add(window_at(at), per_cycle * (until - at));
    at = until;
  }
}

PowerProfile::Window& PowerProfile::window_at(double cycle) {
  const auto index = [&] { return static_cast<std::size_t>(cycle / static_cast<double>(length_)); };
  while (!fixed_ && index() >= kMostWindows) {
    double_length();
  }
  if (index() >= kMostFixedWindows) {
    throw InputError(
        fmt::format("power over time: windows of {} cycles are more than {}; choose longer ones",
                    length_, kMostFixedWindows));
  }
  if (index() >= windows_.size()) {
    windows_.resize(index() + 1);
  }
  return windows_[index()];
}

void PowerProfile::double_length() {
  length_ *= 2;
  std::vector<Window> pairs((windows_.size() + 1) / 2);
  for (std::size_t i = 0; i < windows_.size(); ++i) {
    pairs[i / 2].rest += windows_[i].rest;
    for (const auto& [node, energy] : windows_[i].products) {
      pairs[i / 2].products[node] += energy;
    }
  }
  windows_ = std::move(pairs);
}

/// The energy of each node's PEs over what its commands were charged for them.
std::vector<double> PowerProfile::product_factors(const RunReport& report) const {
  std::vector<double> factors(report.nodes.size());
  for (const Window& window : windows_) {
    for (const auto& [node, charged] : window.products) {
      factors[node] += charged;
    }
  }
  for (std::size_t node = 0; node < factors.size(); ++node) {
    if (factors[node] != 0) {
      factors[node] = products_of(report.nodes[node].energy).count() / factors[node];
    }
  }
  return factors;
}

double PowerProfile::used(const Window& window, const std::vector<double>& factors) {
  double energy = window.rest;
  for (const auto& [node, charged] : window.products) {
    energy += charged * factors[node];
  }
  return energy;
}

PowerOverTime PowerProfile::over_time(const RunReport& report) const {
  PowerOverTime power{Cycles(length_), {}, Watts(0.0)};
  const std::uint64_t cycles = report.cycles.count();
  if (cycles == 0) {
    return power;
  }
  const std::vector<double> factors = product_factors(report);
  // What takes no time at the very end belongs to the last window.
  std::vector<double> energies((cycles + length_ - 1) / length_);
  for (std::size_t i = 0; i < windows_.size(); ++i) {
    energies[std::min(i, energies.size() - 1)] += used(windows_[i], factors);
  }
  const double per_cycle =
      (report.energy.total.count() - std::accumulate(energies.begin(), energies.end(), 0.0)) /
      static_cast<double>(cycles);
  for (std::size_t i = 0; i < energies.size(); ++i) {
    const Cycles length(std::min(length_, cycles - i * length_));
    const Picojoules energy(energies[i] + per_cycle * in_cycles(length));
    power.average.push_back(average_power(energy, length, config_.clock));
    if (length.count() == length_ || energies.size() == 1) {
      power.peak = std::max(power.peak, power.average.back());
    }
  }
  return power;
}

}  // namespace systol
