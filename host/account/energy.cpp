#include "host/account/energy.h"

#include <fmt/format.h>

#include <utility>

#include "host/account/array_energy.h"
#include "host/account/factors.h"
#include "host/account/hardware.h"

namespace systol {
namespace {

using enum Action;

constexpr double kBytesPerSramAccess = 8.0;
constexpr double kBytesPerSum = 4.0;
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

/// `bytes` to or from an SRAM of which each access takes its width's part of one of 64 bits.
Picojoules sram_bytes(const EnergyTable& table, Bytes capacity, double bytes) {
  return table.sram_access(capacity) * (bytes / kBytesPerSramAccess);
}

Picojoules accumulators(const Activity& a, const ArrayConfig& config, const EnergyTable& table) {
  const double words = times(a[AccumulatorReads]) + times(a[AccumulatorWrites]);
  return sram_bytes(table, accumulator_bank(config), words * kBytesPerSum) +
         sum_addition(config.pe, table).value * times(a[AccumulatorReads]);
}

/// A byte's slice, and its way out of the buffer or in.
Picojoules unified_buffer(const Activity& a, const ArrayConfig& config, const EnergyTable& table) {
  const double bytes = times(a[BufferReadBytes]) + times(a[BufferWriteBytes]);
  return sram_bytes(table, buffer_slice(config), bytes) +
         table.wire.value * (bytes * kBitsPerByte * buffer_reach(config, table));
}

Picojoules weight_fifo(const Activity& a, const ArrayConfig& config, const EnergyTable& table) {
  return sram_bytes(table, fifo_bank(config), times(a[FifoReadBytes]) + times(a[FifoWriteBytes]));
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

/// Bytes of rows that are activated. A channel alone has no rows: its bytes are taken to be whole
/// ones, each with its part of a row's activation.
double activated_bytes(const Activity& a, const MemoryConfig& memory, double moved) {
  if (!memory.dram) {
    return moved;
  }
  double rows = 0.0;
  for (const isa::Space space : memory.holds) {
    rows += times(a[dram_action(space, DramEvent::Activates)]);
  }
  return rows * times(memory.dram->row.count());
}

Picojoules memory_energy(const Activity& a, const MemoryConfig& memory, const EnergyTable& table) {
  const MemoryFigures& figures = table.memory(memory);
  double read = 0.0;
  double written = 0.0;
  for (isa::Space space : memory.holds) {
    read += times(a[memory_read(space)]);
    written += times(a[memory_write(space)]);
  }
  const Picojoules activation = figures.activate ? figures.activate->value : Picojoules(0.0);
  return figures.read.value * (read * kBitsPerByte) +
         figures.write.value * (written * kBitsPerByte) +
         activation * activated_bytes(a, memory, read + written);
}

double seconds(Cycles cycles, Hertz clock) { return times(cycles.count()) / times(clock.count()); }

/// Of each component of hardware(), in its order, without Component::idle.
std::vector<Picojoules> work_energies(const AccountedWork& work, const ArrayConfig& config,
                                      const EnergyTable& table) {
  const Activity& a = work.activity;
  std::vector<Picojoules> energies = {pe_energy(work, config, table),
                                      pe_wire_energy(work, config, table),
                                      pe_register_energy(work, config, table),
                                      skew_register_energy(work, config, table),
                                      accumulators(a, config, table),
                                      unified_buffer(a, config, table),
                                      weight_fifo(a, config, table),
                                      activation_unit(a, table),
                                      vector_unit(a, table)};
  for (const MemoryConfig& memory : config.memories) {
    energies.push_back(memory_energy(a, memory, table));
  }
  energies.emplace_back(0.0);  // the clock tree does no work
  return energies;
}

}  // namespace

EnergyReport account(const AccountedWork& work, const ArrayConfig& config,
                     const EnergyTable& table) {
  const double time = seconds(work.time.cycles, config.clock) * kPicojoulesPerJoule;
  EnergyReport report;
  const auto add = [&report](std::string name, Picojoules energy) {
    report.components.push_back({std::move(name), energy});
    report.total += energy;
  };
  const std::vector<Picojoules> energies = work_energies(work, config, table);
  Picojoules leakage;
  auto energy = energies.begin();
  for (Component& component : hardware(config, table)) {
    add(std::move(component.name), *energy++ + Picojoules(component.idle.count() * time));
    leakage += Picojoules(component.leakage.count() * time);
  }
  add("leakage", leakage);
  add("regulators", report.total * table.regulators.value);
  return report;
}

std::string operand_basis(const ArrayConfig& config, const EnergyTable& table,
                          std::optional<SumBits> sum_toggles) {
  if (!has_measured_pe(config, table)) {
    return fmt::format(
        "an estimate from published operations, as this PE was not measured in its gates: {}",
        isa::describe(config.pe).operation == isa::PeOperation::Multiply
            ? "zero operands are counted, other bits are not"
            : "the same for all operands");
  }
  if (sum_toggles) {
    return "bits that changed";
  }
  if (has_stated_operands(config, table)) {
    return "assumed: operands that change as many bits as those of trained networks do";
  }
  return isa::is_float(config.pe)
             ? "assumed: operands of a normal distribution in all useful products"
             : "assumed: uniform random operands in all useful products";
}

EnergyReport idle_second(const ArrayConfig& config, const EnergyTable& table) {
  const Cycles second(config.clock.count());
  return account({{}, {second, second}}, config, table);
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
