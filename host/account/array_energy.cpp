#include "host/account/array_energy.h"

#include <optional>

#include "host/account/factors.h"
#include "host/account/hardware.h"
#include "host/account/pe_operation.h"
#include "sim/config/array_registers.h"

namespace systol {
namespace {

using enum Action;

/// Of random bits every second one changes.
constexpr double kRandomBitsPerToggle = 2.0;

/// Registers of a measured PE that a row clocks: activation, mask, sum; with sums in place the
/// weight and its mask, too.
double wave_registers(const ArrayConfig& config) {
  return times(operand_bits(config) + 1 + kSumBits) +
         (sums_in_place(config) ? times(weight_bits(config) + 1) : 0.0);
}

/// Cycles of PEs in which a sum enters their way out: PE row r passes r others on.
double drains(const Activity& a, const ArrayConfig& config) {
  return times(a[DrainedRows]) * times(config.columns) * (1.0 + (times(config.rows) - 1.0) / 2.0);
}

const PeFigures& figures_of(const ArrayConfig& config, const EnergyTable::Pe& pe) {
  return config.clock_gating == ClockGating::Pe ? pe.measured.gated : pe.measured.held;
}

/// A product in each useful PE of uniform random operands: what they really were is not known.
Picojoules uniform_products(const Activity& a, const ArrayConfig& config,
                            const EnergyTable::Pe& pe) {
  const PeFigures& figures = figures_of(config, pe);
  const double clocked = config.clock_gating == ClockGating::Pe ? wave_registers(config)
                                                                : times(pe.measured.registers);
  return (figures.uniform - figures.register_clock * clocked) * times(a[MacsUseful]) +
         figures.drain * drains(a, config);
}

/// What the engine counted. In place weights meet activations in the rows that have any: on average
/// as many as values were fed for each step.
SwitchedBits counted_bits(const Activity& a, const ArrayConfig& config, const SumBits& sums) {
  const double lanes = times(a[FedRows]) * times(config.rows);
  const double meets = sums_in_place(config) && lanes > 0 ? times(a[FedValues]) / lanes : 0.0;
  SwitchedBits bits;
  bits.activations = times(a[ActivationToggles]);
  bits.products = times(a[ProductToggles]);
  bits.signs = times(a[SignToggles]);
  bits.weights = times(a[WeightToggles]);
  bits.weight_bus = times(a[WeightBusToggles]);
  bits.sums = sums.all;
  bits.met_weights = times(a[WeightToggles]) * meets;
  bits.multiplications = times(a[MacsUseful]) - times(a[MacsZero]);
  bits.exponent_changes = times(a[ExponentChanges]);
  bits.product_changes = times(a[ProductChanges]);
  bits.idle_exponents = times(a[IdleExponentToggles]);
  bits.sum_exponents = sums.exponents;
  return bits;
}

/// What the table states of operands that are not known. Of sparse weights a PE holds a group of
/// activations, and the weight's index beside it.
SwitchedBits stated_bits(const Activity& a, const ArrayConfig& config,
                         const EnergyTable::Operands& of) {
  const double useful = times(a[MacsUseful]);
  const double group = isa::is_sparse(config.pe) ? times(std::uint64_t{isa::kGroupValues}) : 1.0;
  SwitchedBits bits;
  bits.activations = useful * group * of.activation_toggles.value;
  bits.products = useful * of.product_toggles.value;
  bits.signs = useful * of.sign_toggles.value;
  bits.weight_bus = times(a[ShiftedRows]) * times(pes(config)) * of.weight_bus_toggles.value;
  bits.sums = useful * of.sum_toggles.value;
  return bits;
}

/// Nothing where operands are taken for uniform.
std::optional<SwitchedBits> switched_bits(const AccountedWork& work, const ArrayConfig& config,
                                          const EnergyTable& table) {
  if (work.sum_toggles) {
    return counted_bits(work.activity, config, *work.sum_toggles);
  }
  return has_stated_operands(config, table)
             ? std::optional(stated_bits(work.activity, config, *table.operands))
             : std::nullopt;
}

/// Random bits that go from PE to PE where it is not known which of them changed.
double uniform_hops(const Activity& a, const ArrayConfig& config) {
  if (sums_in_place(config)) {
    return times(a[MacsUseful]) * times(operand_bits(config) + weight_bits(config)) +
           drains(a, config) * times(kSumBits);
  }
  return times(a[MacsUseful]) * times(operand_bits(config) + kSumBits) +
         times(a[ShiftedRows]) * times(pes(config) * weight_bits(config));
}

/// As random bits. Narrow weights are counted in lanes of 8 bits, of which they have a part; what
/// changes in sums on their way out is not counted.
double known_hops(const SwitchedBits& known, const Activity& a, const ArrayConfig& config) {
  if (sums_in_place(config)) {
    return kRandomBitsPerToggle * (known.activations + known.weights) +
           drains(a, config) * times(kSumBits);
  }
  const double lane = times(std::uint64_t{isa::describe(config.pe).operand_bits});
  const double bus = known.weight_bus * times(weight_bits(config)) / lane;
  return kRandomBitsPerToggle * (known.activations + bus + known.sums);
}

/// Of registers whose clocks stand as one while the machine is idle.
double cycles_of_array(const AccountedWork& work) { return times(busy_cycles(work.time).count()); }

/// A clock's energy in a register bit of a PE whose clocks are gated.
Picojoules gated_clock(const ArrayConfig& config, const EnergyTable& table) {
  return has_measured_pe(config, table)
             ? table.pe->measured.gated.register_clock * pe_scale(*table.pe)
             : table.flip_flop.value;
}

}  // namespace

Picojoules pe_energy(const AccountedWork& work, const ArrayConfig& config,
                     const EnergyTable& table) {
  const Activity& a = work.activity;
  if (!has_measured_pe(config, table)) {
    return operation_energy(config.pe, table, a);
  }
  const std::optional<SwitchedBits> bits = switched_bits(work, config, table);
  const double fed = times(a[FedRows]) * times(pes(config));
  return (bits ? switching_energy(figures_of(config, *table.pe), *bits, fed, drains(a, config))
               : uniform_products(a, config, *table.pe)) *
         pe_scale(*table.pe);
}

Picojoules pe_wire_energy(const AccountedWork& work, const ArrayConfig& config,
                          const EnergyTable& table) {
  const bool not_measured = sums_in_place(config) && !has_measured_pe(config, table);
  const auto known = switched_bits(work, config, table);
  const double bits = known && !not_measured ? known_hops(*known, work.activity, config)
                                             : uniform_hops(work.activity, config);
  return table.wire.value * (bits * pe_pitch(config, table));
}

Picojoules pe_register_energy(const AccountedWork& work, const ArrayConfig& config,
                              const EnergyTable& table) {
  switch (config.clock_gating) {
    case ClockGating::None:
      return Picojoules(0.0);
    case ClockGating::Array:
      return all_pe_clocks(config, table) * cycles_of_array(work);
    case ClockGating::Pe:
      return gated_clock(config, table) * times(work.activity[PeClockedBits]);
  }
  return Picojoules(0.0);
}

Picojoules skew_register_energy(const AccountedWork& work, const ArrayConfig& config,
                                const EnergyTable& table) {
  switch (config.clock_gating) {
    case ClockGating::None:
      return Picojoules(0.0);
    case ClockGating::Array:
      return table.flip_flop.value * (times(skew_register_bits(config)) * cycles_of_array(work));
    case ClockGating::Pe:
      return table.flip_flop.value * times(work.activity[SkewClockedBits]);
  }
  return Picojoules(0.0);
}

}  // namespace systol
