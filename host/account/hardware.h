// The parts of the machine: what each takes on the die, leaks, and uses while nothing happens.
#pragma once

#include <string>
#include <vector>

#include "host/account/energy_table.h"
#include "host/account/figure.h"
#include "sim/base/units.h"
#include "sim/config/array_config.h"

namespace systol {

struct Component {
  std::string name;        ///< a key of the JSON report
  SquareMicrometres area;  ///< laid out; 0 of what is not on the die, or in another component's
  Watts leakage;
  Watts idle;  ///< beside leakage, while the machine has nothing to do
};

/// All components, in the order of EnergyReport::components, which has leakage and regulators after
/// them. Throws InputError if a memory's kind is not in the table.
std::vector<Component> hardware(const ArrayConfig& config, const EnergyTable& table);

SquareMicrometres total_area(const std::vector<Component>& hardware);

/// Throws InputError if the table lacks what the config names: call it before a long run.
void check_memories(const ArrayConfig& config, const EnergyTable& table);

/// The table's PE is the array's.
bool has_measured_pe(const ArrayConfig& config, const EnergyTable& table);
/// Where bits that change were not counted, PEs are charged for what the table says of operands,
/// which are those of tiles that stay: otherwise of uniform ones.
bool has_stated_operands(const ArrayConfig& config, const EnergyTable& table);
/// From the technology in which it was measured to the table's.
double pe_scale(const EnergyTable::Pe& pe);

/// What clocking all PEs' registers once uses.
Picojoules all_pe_clocks(const ArrayConfig& config, const EnergyTable& table);
/// What a cycle uses of a PE's clock gates, in all PEs: each has a clock pin as a register has.
Picojoules pe_gate_clocks(const ArrayConfig& config, const EnergyTable& table);

/// The SRAM that an access is to: an accumulator's column, a column's part of the weight FIFO, a
/// slice of the unified buffer, which is as wide as a byte; the tables of the activation and vector
/// units, of the smallest SRAM with a published figure.
Bytes accumulator_bank(const ArrayConfig& config);
Bytes fifo_bank(const ArrayConfig& config);
Bytes buffer_slice(const ArrayConfig& config);
inline constexpr Bytes kTableSram(8192);

/// From a PE to the next, and from the middle of the unified buffer to its edge, in mm: both are
/// taken for squares.
double pe_pitch(const ArrayConfig& config, const EnergyTable& table);
double buffer_reach(const ArrayConfig& config, const EnergyTable& table);

}  // namespace systol
