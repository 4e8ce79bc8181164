// What the units around the array use: activation and vector unit, softmax and normalisation.
#pragma once

#include <vector>

#include "host/account/energy.h"

namespace systol {

/// Operations, tables and clocks without those of Component::idle, of each unit in the order of
/// hardware().
std::vector<Picojoules> unit_energies(const AccountedWork& work, const ArrayConfig& config,
                                      const EnergyTable& table);

/// Bytes to or from an SRAM of which each access takes its width's part of one of 64 bits.
Picojoules sram_bytes(const EnergyTable& table, Bytes capacity, double bytes);

}  // namespace systol
