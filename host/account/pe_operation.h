// What a PE's operation uses and takes by the table's figures for multiplications and additions:
// for PEs whose gates were not measured.
#pragma once

#include <string>
#include <vector>

#include "host/account/energy_table.h"
#include "hw/isa/pe_type.h"
#include "sim/activity.h"

namespace systol {

/// Throws InputError for a type for which the tables have no figures: that of floats.
void check_figures(isa::PeType type, const EnergyTable& table);

/// Adding to a sum in the accumulators: integers, or fp32. Throws InputError where the table has no
/// figure for it.
const EnergyFigure& sum_addition(isa::PeType type, const EnergyTable& table);
/// What adds there.
const AreaFigure& sum_adder(isa::PeType type, const EnergyTable& table);

/// Making what is added to the sum, for the useful operand pairs of `activity`, and adding it in
/// all PEs that a row passes. A multiplication with a zero operand is not charged; a difference
/// always is, as the part of an int32 addition that its bits are.
Picojoules operation_energy(isa::PeType type, const EnergyTable& table, const Activity& activity);

/// The cells of one PE without its registers.
SquareMicrometres operation_area(isa::PeType type, const EnergyTable& table);

/// The figures that both are made of, a sentence each.
std::vector<std::string> operation_sources(isa::PeType type, const EnergyTable& table);

/// The bits of the difference of two operands, with its sign.
double difference_bits(const isa::PeDescription& pe);

}  // namespace systol
