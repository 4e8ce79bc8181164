#include "host/account/energy.h"

#include <fmt/format.h>

#include <utility>

#include "sim/config/quantity_text.h"

namespace systol {
namespace {

using enum Action;

constexpr std::uint64_t kOperandBits = 8;
constexpr std::uint64_t kSumBits = 32;
constexpr double kBitsPerByte = 8.0;
constexpr double kBytesPerSramAccess = 8.0;
constexpr double kBytesPerSum = 4.0;
constexpr double kPicojoulesPerJoule = 1e12;
/// Registers of a measured PE that a row clocks: activation, mask, sum. Its clock gates: of these,
/// of the active weight, of the shadow weight.
constexpr double kWaveRegisters = 8 + 1 + 32;
constexpr double kClockGates = 3.0;
constexpr Bytes kTableSram(8192);  // the smallest SRAM with a published figure

// The softmax unit, per element: the running maximum, the difference to it, the sum; one multiply
// by the reciprocal of the sum; a 16-bit value from the exponential's table.
constexpr double kSoftmaxAdds = 3.0;
constexpr double kSoftmaxEntryBytes = 2.0;
// A lane operation: two zero points, the operation itself, the join; copies take fewer.
constexpr double kLaneAdds = 4.0;
// Normalisation, per value: its square; two sums, the difference to the mean, the rounding; a
// multiplication by the row's length and one by the reciprocal of its deviation.
constexpr double kNormaliseAdds = 4.0;
constexpr double kNormaliseMultiplies = 2.0;

/// An action count as a factor; exact up to 2^53.
double times(std::uint64_t count) { return static_cast<double>(count); }

/// 0 + 1 + ... + (lanes - 1): the registers of a skew triangle.
std::uint64_t triangle(std::uint64_t lanes) { return lanes * (lanes - 1) / 2; }

bool output_stationary(const ArrayConfig& config) {
  return config.dataflow == Dataflow::OutputStationary;
}

std::uint64_t pes(const ArrayConfig& config) { return std::uint64_t{config.rows} * config.columns; }

/// The table's PE is the array's.
bool measured(const ArrayConfig& config, const EnergyTable& table) {
  return table.pe && !output_stationary(config);
}

const PeFigures& figures_of(const ArrayConfig& config, const EnergyTable::Pe& pe) {
  return config.clock_gating == ClockGating::None ? pe.measured.held : pe.measured.gated;
}

/// From the technology that was measured to the table's.
double scale_of(const EnergyTable::Pe& pe) {
  return pe.uniform.value.count() / pe.measured.gated.uniform.count();
}

/// Bits that what is fed in a cycle clocks in the PEs: activations go right, sums go down; with
/// sums in place both operands move, and the sum is written where it is.
std::uint64_t pe_bits_per_row(const ArrayConfig& config) {
  const std::uint64_t operands = output_stationary(config) ? 2 : 1;
  return pes(config) * (operands * kOperandBits + kSumBits);
}

/// Bits that it clocks in the skew.
std::uint64_t feed_skew_bits(const ArrayConfig& config) {
  const std::uint64_t lanes =
      triangle(config.rows) + (output_stationary(config) ? triangle(config.columns) : 0);
  return lanes * kOperandBits;
}

/// Bits that a row of sums clocks in the output register and the de-skew.
std::uint64_t deskew_bits(const ArrayConfig& config) {
  return (config.columns + triangle(config.columns)) * kSumBits;
}

/// Bits that a drained PE row clocks on its way down, on average: each sum is copied once, and
/// passes (R - 1) / 2 more PEs.
double drain_bits_per_row(const ArrayConfig& config) {
  return static_cast<double>(config.columns * kSumBits) *
         (1.0 + static_cast<double>(config.rows - 1) / 2.0);
}

/// Bits of the PEs: besides, active and shadow weights, or sums on their way out.
std::uint64_t pe_register_bits(const ArrayConfig& config) {
  const std::uint64_t rest = output_stationary(config) ? kSumBits : 2 * kOperandBits;
  return pe_bits_per_row(config) + pes(config) * rest;
}

std::uint64_t skew_register_bits(const ArrayConfig& config) {
  const std::uint64_t weights =
      output_stationary(config) ? 0 : triangle(config.columns) * kOperandBits;
  return feed_skew_bits(config) + weights + deskew_bits(config);
}

Bytes accumulator_bank(const ArrayConfig& config) {
  return Bytes(config.accumulator_rows * (kSumBits / 8));
}

Bytes fifo_capacity(const ArrayConfig& config) {
  return Bytes(std::uint64_t{config.weight_fifo_tiles} * config.rows * config.columns);
}

Picojoules sram_bytes(const EnergyTable& table, Bytes capacity, double bytes) {
  return table.sram_access(capacity) * (bytes / kBytesPerSramAccess);
}

/// A product in each useful PE of uniform random operands: what they really were is not known.
Picojoules uniform_products(const Activity& a, const ArrayConfig& config,
                            const EnergyTable::Pe& pe) {
  const PeFigures& figures = figures_of(config, pe);
  const double clocked =
      config.clock_gating == ClockGating::None ? times(pe.measured.registers) : kWaveRegisters;
  return (figures.uniform - figures.register_clock * clocked) * times(a[MacsUseful]);
}

/// What switches in the PEs because operands and sums change.
Picojoules pe(const Activity& a, const ArrayConfig& config, const EnergyTable& table,
              std::optional<double> sum_toggles) {
  if (!measured(config, table)) {
    return table.int8_multiply.value * (times(a[MacsUseful]) - times(a[MacsZero])) +
           table.int32_add.value * (times(a[MacsUseful]) + times(a[MacsUnused]));
  }
  const PeFigures& figures = figures_of(config, *table.pe);
  const double fed = times(a[FedRows]) * times(pes(config));
  return (sum_toggles ? switching_energy(figures, a, *sum_toggles, fed)
                      : uniform_products(a, config, *table.pe)) *
         scale_of(*table.pe);
}

/// A weight row enters the shadow registers, and each tile moves on to the active ones once.
Picojoules gated_pe_registers(const Activity& a, const ArrayConfig& config,
                              const EnergyTable& table) {
  const double fed = times(a[FedRows]) * times(pe_bits_per_row(config));
  const double weights = times(a[ShiftedRows]) * times(2 * config.columns * kOperandBits);
  const double drained = times(a[DrainedRows]) * drain_bits_per_row(config);
  return table.flip_flop.value * (fed + weights + drained);
}

/// The same of a measured PE, whose masks are registers, too, and whose clock gates, one for each
/// of three groups, have a clock pin as a register has.
Picojoules measured_pe_registers(const Activity& a, Cycles cycles, const ArrayConfig& config,
                                 const EnergyTable::Pe& pe) {
  const double always = times(cycles.count()) * times(pes(config));
  const double bits =
      config.clock_gating == ClockGating::None
          ? always * times(pe.measured.registers)
          : times(a[FedRows]) * times(pes(config)) * kWaveRegisters +
                times(a[ShiftedRows]) * times(2 * config.columns * (kOperandBits + 1)) +
                always * kClockGates;
  return figures_of(config, pe).register_clock * bits * scale_of(pe);
}

Picojoules pe_registers(const Activity& a, Cycles cycles, const ArrayConfig& config,
                        const EnergyTable& table) {
  if (measured(config, table)) {
    return measured_pe_registers(a, cycles, config, *table.pe);
  }
  return config.clock_gating == ClockGating::None
             ? table.flip_flop.value * (times(cycles.count()) * times(pe_register_bits(config)))
             : gated_pe_registers(a, config, table);
}

Picojoules skew_registers(const Activity& a, Cycles cycles, const ArrayConfig& config,
                          const EnergyTable& table) {
  if (config.clock_gating == ClockGating::None) {
    return table.flip_flop.value * (times(cycles.count()) * times(skew_register_bits(config)));
  }
  const std::uint64_t rows_out = output_stationary(config) ? a[DrainedRows] : a[FedRows];
  const double fed = times(a[FedRows]) * times(feed_skew_bits(config)) +
                     times(rows_out) * times(deskew_bits(config));
  const double weights = times(a[ShiftedRows]) * times(triangle(config.columns) * kOperandBits);
  return table.flip_flop.value * (fed + weights);
}

Picojoules accumulators(const Activity& a, const ArrayConfig& config, const EnergyTable& table) {
  const double words = times(a[AccumulatorReads]) + times(a[AccumulatorWrites]);
  return sram_bytes(table, accumulator_bank(config), words * kBytesPerSum) +
         table.int32_add.value * times(a[AccumulatorReads]);
}

Picojoules activation_unit(const Activity& a, const EnergyTable& table) {
  const double values = times(a[Requantised]);
  return table.int32_add.value * values + table.int32_multiply.value * values +
         sram_bytes(table, kTableSram, times(a[TableLookups]));
}

Picojoules vector_unit(const Activity& a, const EnergyTable& table) {
  const double adds = kSoftmaxAdds * times(a[SoftmaxElements]) +
                      kLaneAdds * times(a[VectorOperations]) +
                      kNormaliseAdds * times(a[NormalisedElements]);
  const double multiplies = times(a[SoftmaxElements]) + times(a[VectorMultiplications]) +
                            kNormaliseMultiplies * times(a[NormalisedElements]);
  return table.int32_add.value * adds + table.int32_multiply.value * multiplies +
         table.int8_multiply.value * times(a[NormalisedElements]) +
         sram_bytes(table, kTableSram, kSoftmaxEntryBytes * times(a[SoftmaxElements]));
}

Picojoules memory_energy(const Activity& a, const MemoryConfig& memory, const EnergyTable& table) {
  double bytes = 0.0;
  for (isa::Space space : memory.holds) {
    bytes += times(a[memory_read(space)]) + times(a[memory_write(space)]);
  }
  return table.memory_bit(memory).value * (bytes * kBitsPerByte);
}

double seconds(Cycles cycles, Hertz clock) { return times(cycles.count()) / times(clock.count()); }

template <class Q>
std::string figure_text(std::string_view action, const Figure<Q>& figure) {
  return fmt::format("{} {} ({}): {}", action, figure.text, name_of(figure.status), figure.source);
}

/// The figures that an SRAM's energy is interpolated between.
std::vector<std::string> sram_sources(const EnergyTable& table, Bytes capacity) {
  std::vector<std::string> texts = {fmt::format("SRAM of {}: {:.3g} pJ per 64 bit, from",
                                                to_text(capacity),
                                                table.sram_access(capacity).count())};
  for (const SramFigure& figure : table.sram) {
    texts.push_back(
        figure_text(fmt::format("SRAM of {}", to_text(figure.capacity)), figure.access));
  }
  return texts;
}

std::vector<std::string> with(std::vector<std::string> texts, std::string text) {
  texts.push_back(std::move(text));
  return texts;
}

}  // namespace

std::uint64_t array_register_bits(const ArrayConfig& config) {
  return pe_register_bits(config) + skew_register_bits(config);
}

EnergyReport account(const Activity& activity, Cycles cycles, const ArrayConfig& config,
                     const EnergyTable& table, std::optional<double> sum_toggles) {
  const Activity& a = activity;
  const double bits = times(array_register_bits(config));
  EnergyReport report;
  const auto add = [&report](std::string name, Picojoules energy) {
    report.components.push_back({std::move(name), energy});
    report.total += energy;
  };
  add("pe", pe(a, config, table, sum_toggles));
  add("pe_registers", pe_registers(a, cycles, config, table));
  add("skew_registers", skew_registers(a, cycles, config, table));
  add("accumulators", accumulators(a, config, table));
  add("unified_buffer", sram_bytes(table, config.unified_buffer,
                                   times(a[BufferReadBytes]) + times(a[BufferWriteBytes])));
  add("weight_fifo",
      sram_bytes(table, fifo_capacity(config), times(a[FifoReadBytes]) + times(a[FifoWriteBytes])));
  add("activation_unit", activation_unit(a, table));
  add("vector_unit", vector_unit(a, table));
  for (const MemoryConfig& memory : config.memories) {
    add("memory_" + memory.name, memory_energy(a, memory, table));
  }
  add("clock", table.clock_tree.value * (bits * times(cycles.count())));
  add("leakage", Picojoules(table.leakage.value.count() * bits * seconds(cycles, config.clock) *
                            kPicojoulesPerJoule));
  return report;
}

std::string operand_basis(const ArrayConfig& config, const EnergyTable& table,
                          std::optional<double> sum_toggles) {
  if (!measured(config, table)) {
    return "zero operands are counted, other bits are not";
  }
  return sum_toggles ? "bits that changed"
                     : "assumed: uniform random operands in all useful products";
}

std::vector<EnergySource> energy_sources(const ArrayConfig& config, const EnergyTable& table) {
  const std::string add = figure_text("int32 add", table.int32_add);
  const std::string multiply = figure_text("int32 multiply", table.int32_multiply);
  const std::string small_multiply = figure_text("int8 multiply", table.int8_multiply);
  const std::string flip_flop = figure_text("clocked flip-flop", table.flip_flop);
  std::vector<std::string> pe_figures;
  if (table.pe) {
    pe_figures = {table.pe->measured.source,
                  figure_text("a fed cycle of a PE on uniform operands", table.pe->uniform)};
  }
  std::vector<EnergySource> sources = {
      {"pe", measured(config, table) ? pe_figures : std::vector{small_multiply, add}},
      {"pe_registers", measured(config, table) ? pe_figures : std::vector{flip_flop}},
      {"skew_registers", {flip_flop}},
      {"accumulators", with(sram_sources(table, accumulator_bank(config)), add)},
      {"unified_buffer", sram_sources(table, config.unified_buffer)},
      {"weight_fifo", sram_sources(table, fifo_capacity(config))},
      {"activation_unit", with(with(sram_sources(table, kTableSram), add), multiply)},
      {"vector_unit",
       with(with(with(sram_sources(table, kTableSram), add), multiply), small_multiply)}};
  for (const MemoryConfig& memory : config.memories) {
    sources.push_back(
        {"memory_" + memory.name, {figure_text(memory.energy, table.memory_bit(memory))}});
  }
  sources.push_back({"clock", {figure_text("clock tree", table.clock_tree)}});
  sources.push_back({"leakage", {figure_text("flip-flop leakage", table.leakage)}});
  if (!table.scaling.empty()) {
    sources.push_back({"voltage", {table.scaling}});
  }
  return sources;
}

void check_memories(const ArrayConfig& config, const EnergyTable& table) {
  for (const MemoryConfig& memory : config.memories) {
    table.memory_bit(memory);
  }
}

EnergyReport idle_second(const ArrayConfig& config, const EnergyTable& table) {
  return account({}, Cycles(config.clock.count()), config, table);
}

Watts watts_of(Picojoules energy_per_second) {
  return Watts(energy_per_second.count() / kPicojoulesPerJoule);
}

Watts idle_power(const ArrayConfig& config, const EnergyTable& table) {
  return watts_of(idle_second(config, table).total);
}

Watts average_power(Picojoules energy, Cycles cycles, Hertz clock) {
  if (cycles.count() == 0) {
    return Watts(0.0);
  }
  return Watts(energy.count() / kPicojoulesPerJoule / seconds(cycles, clock));
}

TopsPerWatt efficiency(const Activity& activity, Picojoules energy) {
  if (energy.count() <= 0.0) {
    return TopsPerWatt(0.0);
  }
  return TopsPerWatt(2.0 * times(activity[MacsUseful]) / energy.count());
}

}  // namespace systol
