#include "host/report/power_profile.h"

#include <algorithm>
#include <numeric>

#include "host/report/command_activity.h"
#include "host/report/window_peaks.h"

namespace systol {
namespace {

double in_cycles(Cycles cycles) { return static_cast<double>(cycles.count()); }

}  // namespace

PowerProfile::PowerProfile(const ArrayConfig& config, const EnergyTable& table,
                           std::optional<Cycles> window)
    : config_(config),
      energy_(config, table),
      series_("power over time", kMostWindows, window),
      stretches_("peaks of power", kMostStretches, {}, 1) {}

void PowerProfile::Window::add(std::size_t node, double energy) {
  const auto found = std::ranges::find(products, node, &std::pair<std::size_t, double>::first);
  if (found == products.end()) {
    products.emplace_back(node, energy);
  } else {
    found->second += energy;
  }
}

PowerProfile::Window& PowerProfile::Window::operator+=(const Window& other) {
  rest += other.rest;
  for (const auto& [node, energy] : other.products) {
    add(node, energy);
  }
  return *this;
}

void PowerProfile::begin_run(std::span<const std::string> nodes) {
  begin_ = end_;
  first_node_ = next_node_;
  next_node_ += nodes.size();
}

template <class Add>
void PowerProfile::spread(Picojoules energy, double from, double to, Add add) {
  series_.spread(energy.count(), from, to, add);
  stretches_.spread(energy.count(), from, to, add);
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
         [node](Window& window, double energy) { window.add(node, energy); });
}

void PowerProfile::moved(const Transport& transport) {
  const double begin = in_cycles(begin_);
  spread(energy_.rest(actions_of(transport, config_)), begin + transport.from, begin + transport.to,
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

/// In each window of the run, the last of which may be shorter.
std::vector<Watts> PowerProfile::averages(const WindowSeries<Window>& series,
                                          const RunReport& report) const {
  const std::uint64_t window = series.length().count();
  const std::uint64_t cycles = report.cycles.count();
  const std::vector<double> factors = product_factors(report);
  // What takes no time at the very end belongs to the last window.
  std::vector<double> energies((cycles + window - 1) / window);
  for (std::size_t i = 0; i < series.windows().size(); ++i) {
    energies[std::min(i, energies.size() - 1)] += used(series.windows()[i], factors);
  }
  const double per_cycle =
      (report.energy.total.count() - std::accumulate(energies.begin(), energies.end(), 0.0)) /
      static_cast<double>(cycles);
  std::vector<Watts> averages;
  for (std::size_t i = 0; i < energies.size(); ++i) {
    const Cycles length(std::min(window, cycles - i * window));
    const Picojoules energy(energies[i] + per_cycle * in_cycles(length));
    averages.push_back(average_power(energy, length, config_.clock));
  }
  return averages;
}

PowerOverTime PowerProfile::over_time(const RunReport& report) const {
  PowerOverTime power{series_.length(), {}, Watts(0.0), {}, stretches_.length()};
  const std::uint64_t cycles = report.cycles.count();
  if (cycles == 0) {
    return power;
  }
  power.average = averages(series_, report);
  const std::uint64_t window = power.window.count();
  const std::size_t whole = std::max<std::size_t>(cycles / window, 1);
  power.largest = *std::max_element(power.average.begin(),
                                    power.average.begin() + static_cast<std::ptrdiff_t>(whole));
  const std::uint64_t stretch = power.resolution.count();
  std::vector<Watts> stretches = averages(stretches_, report);
  stretches.resize(cycles / stretch);  // without one that is shorter
  power.peaks = window_peaks(power.average, window, stretches, stretch);
  return power;
}

}  // namespace systol
