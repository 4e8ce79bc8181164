#include "host/report/power_profile.h"

#include <algorithm>
#include <numeric>

#include "host/report/command_activity.h"

namespace systol {
namespace {

double in_cycles(Cycles cycles) { return static_cast<double>(cycles.count()); }

}  // namespace

PowerProfile::PowerProfile(const ArrayConfig& config, const EnergyTable& table,
                           std::optional<Cycles> window)
    : config_(config), energy_(config, table), series_("power over time", kMostWindows, window) {}

PowerProfile::Window& PowerProfile::Window::operator+=(const Window& other) {
  rest += other.rest;
  for (const auto& [node, energy] : other.products) {
    products[node] += energy;
  }
  return *this;
}

void PowerProfile::begin_run(std::span<const std::string> nodes) {
  begin_ = end_;
  first_node_ = next_node_;
  next_node_ += nodes.size();
}

void PowerProfile::completed(std::uint64_t /*index*/, const isa::Command& command, Cycles start,
                             Cycles end) {
  const Activity activity = actions_of(command.operation, config_);
  const double from = in_cycles(begin_ + start);
  const double to = in_cycles(begin_ + end);
  end_ = std::max(end_, begin_ + end);
  series_.spread(energy_.rest(activity).count(), from, to,
                 [](Window& window, double energy) { window.rest += energy; });
  const std::size_t node = first_node_ + command.origin.node;
  series_.spread(energy_.products(activity).count(), from, to,
                 [node](Window& window, double energy) { window.products[node] += energy; });
}

void PowerProfile::moved(const Transport& transport) {
  const double begin = in_cycles(begin_);
  series_.spread(energy_.rest(actions_of(transport, config_)).count(), begin + transport.from,
                 begin + transport.to,
                 [](Window& window, double energy) { window.rest += energy; });
}

/// The energy of each node's PEs over what its commands were charged for them.
std::vector<double> PowerProfile::product_factors(const RunReport& report) const {
  std::vector<double> factors(report.nodes.size());
  for (const Window& window : series_.windows()) {
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
  const std::uint64_t window = series_.length().count();
  PowerOverTime power{Cycles(window), {}, Watts(0.0)};
  const std::uint64_t cycles = report.cycles.count();
  if (cycles == 0) {
    return power;
  }
  const std::vector<double> factors = product_factors(report);
  // What takes no time at the very end belongs to the last window.
  std::vector<double> energies((cycles + window - 1) / window);
  for (std::size_t i = 0; i < series_.windows().size(); ++i) {
    energies[std::min(i, energies.size() - 1)] += used(series_.windows()[i], factors);
  }
  const double per_cycle =
      (report.energy.total.count() - std::accumulate(energies.begin(), energies.end(), 0.0)) /
      static_cast<double>(cycles);
  for (std::size_t i = 0; i < energies.size(); ++i) {
    const Cycles length(std::min(window, cycles - i * window));
    const Picojoules energy(energies[i] + per_cycle * in_cycles(length));
    power.average.push_back(average_power(energy, length, config_.clock));
    if (length.count() == window || energies.size() == 1) {
      power.peak = std::max(power.peak, power.average.back());
    }
  }
  return power;
}

}  // namespace systol
