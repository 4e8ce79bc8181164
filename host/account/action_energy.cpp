#include "host/account/action_energy.h"

#include <algorithm>
#include <string_view>

namespace systol {
namespace {

Picojoules component(const EnergyReport& report, std::string_view name) {
  return std::ranges::find(report.components, name, &EnergyComponent::name)->energy;
}

}  // namespace

Picojoules products_of(const EnergyReport& report) {
  const Picojoules regulated = report.total - component(report, "regulators");
  const double with_losses =
      regulated.count() != 0.0 ? report.total.count() / regulated.count() : 1.0;
  return (component(report, "pe") + component(report, "pe_wires")) * with_losses;
}

ActionEnergy::ActionEnergy(const ArrayConfig& config, const EnergyTable& table)
    : products_{}, rest_{} {
  for (std::size_t i = 0; i < kActions; ++i) {
    Activity one;
    one.counts[i] = 1;
    const EnergyReport report = account({one, {}}, config, table);
    products_[i] = products_of(report);
    rest_[i] = report.total - products_[i];
  }
}

Picojoules ActionEnergy::sum(const PerAction& each, const Activity& activity) {
  Picojoules total;
  for (std::size_t i = 0; i < kActions; ++i) {
    total += each[i] * static_cast<double>(activity.counts[i]);
  }
  return total;
}

}  // namespace systol
