// The account command by command: what an action costs, worked out once.
#pragma once

#include <array>

#include "host/account/energy.h"
#include "host/account/energy_table.h"
#include "sim/activity.h"
#include "sim/config/array_config.h"

namespace systol {

/// What a report says of the PEs' products, which depend on the data: components `pe` and
/// `pe_wires`, and what regulators lose of them.
Picojoules products_of(const EnergyReport& report);

/// account() is a sum over actions and time. For many small activities this is the same sum
/// without the account's list of components.
class ActionEnergy {
 public:
  ActionEnergy(const ArrayConfig& config, const EnergyTable& table);

  /// In and between the PEs, as if bits that changed were not known.
  Picojoules products(const Activity& activity) const { return sum(products_, activity); }
  /// In all other components, but for what costs by time.
  Picojoules rest(const Activity& activity) const { return sum(rest_, activity); }

 private:
  using PerAction = std::array<Picojoules, kActions>;
  static Picojoules sum(const PerAction& each, const Activity& activity);

  PerAction products_;
  PerAction rest_;
};

}  // namespace systol
