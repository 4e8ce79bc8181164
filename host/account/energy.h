// The energy account: action counts times energy per action, plus what the hardware uses whatever
// it does times time.
//
// docs/energy.md states every formula with its source and its limits. The account is additive:
// the layers' accounts sum to the account of the whole run.
#pragma once

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

/// How long something took, and for how many of these cycles the whole machine had nothing to do.
struct Duration {
  Cycles cycles;
  Cycles idle{};
};

/// All cycles but the idle ones: in these, clocks of the whole machine can stand as one.
inline Cycles busy_cycles(const Duration& time) {
  return Cycles(time.cycles.count() - time.idle.count());
}

inline Duration duration_of(const Ledger& ledger) {
  return {ledger.total(), ledger[CycleClass::Idle]};
}

/// What the machine did.
struct AccountedWork {
  const Activity& activity;
  Duration time;
  /// Bits of partial sums that changed. Without them the activity's toggles are not known either,
  /// and where the table has a measured PE each useful product is charged as one of uniform random
  /// operands.
  std::optional<SumBits> sum_toggles{};
};

/// What `work` uses on `config`. Throws InputError if a memory's kind is not in the table.
EnergyReport account(const AccountedWork& work, const ArrayConfig& config,
                     const EnergyTable& table);

/// What the PEs' energy was made of, for people: that bits were counted, or what was assumed.
std::string operand_basis(const ArrayConfig& config, const EnergyTable& table,
                          std::optional<SumBits> sum_toggles);

/// What a second in which nothing happens uses: clocks that are not gated, leakage, memories.
EnergyReport idle_second(const ArrayConfig& config, const EnergyTable& table);
/// What so much energy is as power, if it is used in a second.
Watts watts_of(Picojoules energy_per_second);
/// Power while nothing happens.
Watts idle_power(const ArrayConfig& config, const EnergyTable& table);

/// Energy over time; 0 for a run of no cycles.
Watts average_power(Picojoules energy, Cycles cycles, Hertz clock);

/// Two operations per useful MAC, over the energy; 0 if there is no energy.
TopsPerWatt efficiency(const Activity& activity, Picojoules energy);

}  // namespace systol
