#include "host/account/array_energy.h"

#include "host/account/array_registers.h"
#include "host/account/factors.h"
#include "host/account/hardware.h"
#include "host/account/pe_operation.h"

namespace systol {
namespace {

using enum Action;

/// Of random bits every second one changes.
constexpr double kRandomBitsPerToggle = 2.0;

/// Registers of a measured PE that a row clocks: activation, mask, sum.
double wave_registers(const ArrayConfig& config) {
  return times(operand_bits(config) + 1 + kSumBits);
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
  return (figures.uniform - figures.register_clock * clocked) * times(a[MacsUseful]);
}

/// Random bits that go from PE to PE where it is not known which of them changed.
double uniform_hops(const Activity& a, const ArrayConfig& config) {
  if (sums_in_place(config)) {
    return times(a[MacsUseful]) * times(operand_bits(config) + weight_bits(config)) +
           times(a[DrainedRows]) * drain_bits_per_row(config);
  }
  return times(a[MacsUseful]) * times(operand_bits(config) + kSumBits) +
         times(a[ShiftedRows]) * times(pes(config) * weight_bits(config));
}

/// Of registers whose clocks stand as one while the machine is idle.
double cycles_of_array(const AccountedWork& work) {
  return times(work.time.cycles.count()) - times(work.time.idle.count());
}

/// A weight row enters the shadow registers, and each tile moves on to the active ones once.
Picojoules gated_pe_registers(const Activity& a, const ArrayConfig& config,
                              const EnergyTable& table) {
  if (has_measured_pe(config, table)) {
    const double bits =
        times(a[FedRows]) * times(pes(config)) * wave_registers(config) +
        times(a[ShiftedRows]) * times(2 * config.columns * (weight_bits(config) + 1));
    return table.pe->measured.gated.register_clock * (bits * pe_scale(*table.pe));
  }
  const double fed = times(a[FedRows]) * times(pe_bits_per_row(config));
  const double weights = times(a[ShiftedRows]) * times(2 * config.columns * weight_bits(config));
  const double drained = times(a[DrainedRows]) * drain_bits_per_row(config);
  return table.flip_flop.value * (fed + weights + drained);
}

Picojoules gated_skew_registers(const Activity& a, const ArrayConfig& config,
                                const EnergyTable& table) {
  const std::uint64_t rows_out = sums_in_place(config) ? a[DrainedRows] : a[FedRows];
  const double fed = times(a[FedRows]) * times(feed_skew_bits(config)) +
                     times(rows_out) * times(deskew_bits(config));
  const double weights =
      times(a[ShiftedRows]) * times(triangle(config.columns) * weight_bits(config));
  return table.flip_flop.value * (fed + weights);
}

}  // namespace

Picojoules pe_energy(const AccountedWork& work, const ArrayConfig& config,
                     const EnergyTable& table) {
  const Activity& a = work.activity;
  if (!has_measured_pe(config, table)) {
    return operation_energy(config.pe, table, a);
  }
  const PeFigures& figures = figures_of(config, *table.pe);
  const double fed = times(a[FedRows]) * times(pes(config));
  return (work.sum_toggles ? switching_energy(figures, a, *work.sum_toggles, fed)
                           : uniform_products(a, config, *table.pe)) *
         pe_scale(*table.pe);
}

Picojoules pe_wire_energy(const AccountedWork& work, const ArrayConfig& config,
                          const EnergyTable& table) {
  const Activity& a = work.activity;
  // Narrow weights are counted in lanes of 8 bits, of which they have a part.
  const double bus =
      times(a[WeightBusToggles]) * times(weight_bits(config)) / times(operand_bits(config));
  const bool counted = work.sum_toggles && !sums_in_place(config);
  const double bits =
      counted ? kRandomBitsPerToggle * (times(a[ActivationToggles]) + bus + *work.sum_toggles)
              : uniform_hops(a, config);
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
      return gated_pe_registers(work.activity, config, table);
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
      return gated_skew_registers(work.activity, config, table);
  }
  return Picojoules(0.0);
}

}  // namespace systol
