#include "host/account/energy_tables.h"

namespace systol {

EnergyTable EnergyTables::of(const ArrayConfig& config) {
  const std::lock_guard lock(mutex_);
  auto found = read_.find(config.energy);
  if (found == read_.end()) {
    found = read_.emplace(config.energy, load_energy_table(config.energy)).first;
  }
  return for_array(found->second, config);
}

}  // namespace systol
