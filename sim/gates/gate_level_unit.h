// A matrix unit, some of whose PEs also run as gates: what they used, and what they did.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "sim/gates/gate_level_pe.h"
#include "sim/unit/matrix_unit.h"

namespace systol::gates {

/// What an observed PE did in the cycles of one wave, or in many: what its energy is made of.
struct PeActivity {
  double data_energy = 0.0;   ///< pJ
  double clock_energy = 0.0;  ///< pJ
  std::uint64_t cycles = 0;
  std::uint64_t waves = 0;               ///< cycles in which a row passes
  std::uint64_t loads = 0;               ///< of a weight into the shadow register
  std::uint64_t swaps = 0;               ///< of the shadow weight to the active one
  std::uint64_t activation_toggles = 0;  ///< bits of the activation register that changed
  std::uint64_t product_toggles = 0;     ///< as Action::ProductToggles
  std::uint64_t sign_toggles = 0;        ///< as Action::SignToggles
  std::uint64_t weight_toggles = 0;      ///< bits of the active weight
  std::uint64_t shadow_toggles = 0;      ///< bits of the shadow weight
  std::uint64_t sum_toggles = 0;         ///< bits of the partial sum
  std::uint64_t weight_bus_toggles = 0;  ///< bits of the column's weight pins
  // Of bf16 only:
  std::uint64_t multiplications = 0;        ///< of operands neither of which is 0
  std::uint64_t exponent_changes = 0;       ///< as Action::ExponentChanges
  std::uint64_t product_changes = 0;        ///< as Action::ProductChanges
  std::uint64_t idle_exponent_toggles = 0;  ///< as Action::IdleExponentToggles
  std::uint64_t sum_exponent_toggles = 0;   ///< bits of the partial sum's exponent
  // Sums in place only:
  std::uint64_t met_weight_toggles = 0;  ///< of the weight's bits, those that meet an activation
  std::uint64_t drains = 0;              ///< cycles in which a sum enters the way out

  PeActivity& operator+=(const PeActivity& other);
};

struct PePlace {
  std::uint32_t row = 1;     ///< at least 1
  std::uint32_t column = 1;  ///< at least 1
};

/// What a gate-level unit saw; it outlives the unit.
struct GateLevelRecord {
  /// Entry t: of all observed PEs, in the cycle in which they saw what entered the array in cycle
  /// t.
  std::vector<PeActivity> by_entry;
  std::optional<std::string> difference;  ///< the first between gates and RTL
  std::uint64_t changes = 0;
  std::uint64_t glitches = 0;
};

/// Steps `inner` and, with the values that its registers show, the PEs at `places` as gates.
/// Nothing is restored into gates.
std::unique_ptr<MatrixUnit> make_gate_level_unit(std::unique_ptr<MatrixUnit> inner,
                                                 const UnitShape& shape, const Netlist& netlist,
                                                 const std::vector<PePlace>& places,
                                                 GateLevelRecord& record);

}  // namespace systol::gates
