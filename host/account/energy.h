// The energy account: action counts times energy per action, plus clock and leakage times time.
//
// docs/energy.md states every formula with its source and its limits. The account is additive:
// the layers' accounts sum to the account of the whole run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/account/energy_table.h"
#include "sim/base/units.h"
#include "sim/config/array_config.h"
#include "sim/device.h"

namespace systol {

/// 10^12 operations per second and watt, that is operations per picojoule; a MAC is two.
using TopsPerWatt = Quantity<struct TopsPerWattUnit, double>;

/// One component: its name (a key of the JSON report) and what it used.
struct EnergyComponent {
  std::string name;
  Picojoules energy;
};

struct EnergyReport {
  std::vector<EnergyComponent> components;  ///< always all components, in the same order
  Picojoules total;
};

/// What `activity`, spread over `cycles`, uses on `config`. `sum_toggles` are the bits of partial
/// sums that changed; without them the activity's toggles are not known either, and where the table
/// has a measured PE each useful product is charged as one of uniform random operands. Throws
/// InputError if a memory's energy is not in the table.
EnergyReport account(const Activity& activity, Cycles cycles, const ArrayConfig& config,
                     const EnergyTable& table, std::optional<double> sum_toggles = std::nullopt);

/// What the PEs' energy was made of, for people: that bits were counted, or what was assumed.
std::string operand_basis(const ArrayConfig& config, const EnergyTable& table,
                          std::optional<double> sum_toggles);

/// Where a component's figures come from: "int8 multiply 0.2 pJ (confirmed): Horowitz, ...".
struct EnergySource {
  std::string name;  ///< of the component
  std::vector<std::string> figures;
};

/// In the order of EnergyReport::components; then, of a config with a voltage, how it changed them.
std::vector<EnergySource> energy_sources(const ArrayConfig& config, const EnergyTable& table);

/// Throws InputError if the table lacks what the config names: call it before a long run.
void check_memories(const ArrayConfig& config, const EnergyTable& table);

/// What a second in which nothing happens uses: clocks that are not gated, leakage.
EnergyReport idle_second(const ArrayConfig& config, const EnergyTable& table);
/// What so much energy is as power, if it is used in a second.
Watts watts_of(Picojoules energy_per_second);
/// Power while nothing happens.
Watts idle_power(const ArrayConfig& config, const EnergyTable& table);

/// Energy over time; 0 for a run of no cycles.
Watts average_power(Picojoules energy, Cycles cycles, Hertz clock);

/// Two operations per useful MAC, over the energy; 0 if there is no energy.
TopsPerWatt efficiency(const Activity& activity, Picojoules energy);

/// Register bits in the array with its skew and de-skew: what the clock and leakage act on.
std::uint64_t array_register_bits(const ArrayConfig& config);

}  // namespace systol
