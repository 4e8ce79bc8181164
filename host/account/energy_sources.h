// Where each figure of an account comes from.
#pragma once

#include <string>
#include <vector>

#include "host/account/energy_table.h"
#include "sim/config/array_config.h"

namespace systol {

/// Of a component: "int8 multiply 0.2 pJ (confirmed): Horowitz, ...".
struct EnergySource {
  std::string name;
  std::vector<std::string> figures;
};

/// In the order of EnergyReport::components, `area` after them; then, of a config with a voltage,
/// how it changed them.
std::vector<EnergySource> energy_sources(const ArrayConfig& config, const EnergyTable& table);

}  // namespace systol
