// Energy tables that are read once, for many runs.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>

#include "host/account/energy_table.h"

namespace systol {

/// Files that change meanwhile are not read again. Several threads may ask at once.
class EnergyTables {
 public:
  /// As load_energy_table() does.
  EnergyTable of(const ArrayConfig& config);

 private:
  std::mutex mutex_;
  std::map<std::filesystem::path, EnergyTable> read_;
};

}  // namespace systol
