// What the PEs, their registers and the wires between them use.
#pragma once

#include "host/account/energy.h"

namespace systol {

/// What switches in the PEs because operands and sums change.
Picojoules pe_energy(const AccountedWork& work, const ArrayConfig& config,
                     const EnergyTable& table);
/// Operands and sums on their way from PE to PE.
Picojoules pe_wire_energy(const AccountedWork& work, const ArrayConfig& config,
                          const EnergyTable& table);
/// Clocks, without those of Component::idle.
Picojoules pe_register_energy(const AccountedWork& work, const ArrayConfig& config,
                              const EnergyTable& table);
Picojoules skew_register_energy(const AccountedWork& work, const ArrayConfig& config,
                                const EnergyTable& table);

}  // namespace systol
