#include "host/account/action_energy.h"

#include <algorithm>
#include <string_view>

namespace systol {
namespace {

constexpr std::string_view kProducts = "pe";

}  // namespace

Picojoules products_of(const EnergyReport& report) {
  return std::ranges::find(report.components, kProducts, &EnergyComponent::name)->energy;
}

ActionEnergy::ActionEnergy(const ArrayConfig& config, const EnergyTable& table)
    : products_{}, rest_{}, idle_(account({}, Cycles(1), config, table).total) {
  for (std::size_t i = 0; i < kActions; ++i) {
    Activity one;
    one.counts[i] = 1;
    const EnergyReport report = account(one, Cycles(0), config, table);
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
