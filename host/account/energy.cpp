#include "host/account/energy.h"

#include <fmt/format.h>

#include <utility>

#include "host/account/array_energy.h"
#include "host/account/factors.h"
#include "host/account/hardware.h"
#include "host/account/unit_energy.h"

namespace systol {
namespace {

using enum Action;

constexpr double kBytesPerSum = 4.0;

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
                                      weight_fifo(a, config, table)};
  const std::vector<Picojoules> units = unit_energies(work, config, table);
  energies.insert(energies.end(), units.begin(), units.end());
  energies.emplace_back(0.0);  // control is charged for its leakage alone
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
