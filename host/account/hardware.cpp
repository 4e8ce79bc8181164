#include "host/account/hardware.h"

#include <array>
#include <cmath>

#include "host/account/factors.h"
#include "host/account/pe_operation.h"
#include "host/account/unit_registers.h"
#include "hw/isa/requantisation.h"
#include "sim/config/array_registers.h"

namespace systol {
namespace {

constexpr double kWattsPerPicojouleAndHertz = 1e-12;
constexpr double kMillimetresPerMicrometre = 1e-3;
constexpr double kBytesPerGib = 1024.0 * 1024.0 * 1024.0;
/// Of the activation mask, of the active and of the shadow weights.
constexpr double kPeClockGates = 3.0;
constexpr double kTableEntries = 256.0;
constexpr double kTableBytes = 1.0;
// By published operations, a lane of the activation unit adds a bias and a zero point; one of the
// vector unit scales two operands and adds zero points, the operation and the join.
constexpr double kActivationAdders = 2.0;
constexpr double kVectorMultipliers = 2.0;
constexpr double kVectorAdders = 4.0;
/// Of an exponential.
constexpr double kSoftmaxTableBytes = 2.0;

/// Areas and leakage of what the table's figures are made of; cells are laid out with room.
class Parts {
 public:
  Parts(const ArrayConfig& config, const EnergyTable& table) : config_(config), table_(table) {}

  Component logic(std::string name, double cells) const {
    return {std::move(name), SquareMicrometres(cells / table_.area.utilisation.value),
            Watts(cells * table_.leakage.logic.value.count()), Watts(0.0)};
  }
  /// Logic with an SRAM of so many bits.
  Component memory(std::string name, double bits, double cells = 0.0) const {
    Component component = logic(std::move(name), cells);
    component.area += SquareMicrometres(bits * table_.area.sram_cell.value.count() /
                                        table_.area.sram_efficiency.value);
    component.leakage += Watts(bits * table_.leakage.sram.value.count());
    return component;
  }

  double pe_cells() const {
    if (has_measured_pe(config_, table_)) {
      return table_.pe->area.value.count();
    }
    return operation_area(config_.pe, table_).count() +
           flip_flops(times(pe_register_bits(config_)) / times(pes(config_)));
  }
  double flip_flops(double bits) const { return bits * table_.area.flip_flop.value.count(); }
  double columns(double cells) const { return times(config_.columns) * cells; }

  Component activation_unit() const {
    const double lane = table_.area.int32_multiply.value.count() +
                        kActivationAdders * table_.area.int32_add.value.count() +
                        flip_flops(kBitsPerByte * times(std::uint64_t{isa::kChannelPlanes}));
    return unit("activation_unit", kTableBytes, &EnergyTable::Units::activation, columns(lane));
  }
  Component vector_unit() const {
    const double lane = kVectorMultipliers * table_.area.int32_multiply.value.count() +
                        kVectorAdders * table_.area.int32_add.value.count();
    return unit("vector_unit", kTableBytes, &EnergyTable::Units::vector, columns(lane));
  }
  Component softmax_unit() const {
    return unit("softmax_unit", kSoftmaxTableBytes, &EnergyTable::Units::softmax, 0.0);
  }
  Component normalise_unit() const {
    return unit("normalise_unit", 0.0, &EnergyTable::Units::normalise, 0.0);
  }
  /// A part of the die that has `others`, without SRAMs.
  Component control(const std::vector<Component>& others) const {
    const double share = table_.units ? table_.units->control.value : 0.0;
    const double area = total_area(others).count() * share / (1.0 - share);
    return logic("control", area * table_.area.utilisation.value);
  }

 private:
  /// With a table of 256 entries of so many bytes in each column; `published` are its cells where
  /// its gates are not known.
  Component unit(std::string name, double entry_bytes, EnergyTable::Unit EnergyTable::Units::*which,
                 double published) const {
    const EnergyTable::Unit* gates = table_.units ? &(*table_.units.*which) : nullptr;
    const double cells = gates != nullptr
                             ? columns(gates->lane.value.count()) + gates->shared.value.count()
                             : published;
    return memory(std::move(name), columns(kTableEntries * entry_bytes * kBitsPerByte), cells);
  }

  const ArrayConfig& config_;
  const EnergyTable& table_;
};

Watts at(Picojoules cycle, const ArrayConfig& config) {
  return Watts(cycle.count() * times(config.clock.count()) * kWattsPerPicojouleAndHertz);
}

/// Of a memory of known capacity, or of a link of known bandwidth.
Watts memory_idle(const MemoryConfig& memory, const MemoryFigures& figures) {
  double watts = 0.0;
  const double capacity = memory.capacity ? times(memory.capacity->count()) / kBytesPerGib : 0.0;
  for (const auto* figure : {&figures.refresh, &figures.background}) {
    watts += *figure ? (*figure)->value.count() * capacity : 0.0;
  }
  if (figures.idle && memory.bandwidth) {
    watts += figures.idle->value.count() * times(memory.bandwidth->count()) * kBitsPerByte *
             kWattsPerPicojouleAndHertz;
  }
  return Watts(watts);
}

Bytes part(Bytes whole, std::uint64_t parts) { return Bytes((whole.count() + parts - 1) / parts); }

double buffer_bits(const ArrayConfig& config) {
  return times(config.unified_buffer.count()) * kBitsPerByte;
}

/// Nothing of units whose gates are not known.
double unit_register_bits(const UnitRegisters& unit, const ArrayConfig& config,
                          const EnergyTable& table) {
  return table.units ? register_bits(unit, config) : 0.0;
}

/// What the clock tree acts on.
double bits_of_tree(const ArrayConfig& config, const EnergyTable& table) {
  double bits = times(array_register_bits(config));
  for (const UnitRegisters& unit : kUnits) {
    bits += unit_register_bits(unit, config, table);
  }
  return bits;
}

/// What is clocked in each cycle, whatever happens.
Watts idle_clocks(Picojoules all, Picojoules gates, const ArrayConfig& config) {
  switch (config.clock_gating) {
    case ClockGating::None:
      return at(all, config);
    case ClockGating::Array:
      return Watts(0.0);
    case ClockGating::Pe:
      return at(gates, config);
  }
  return Watts(0.0);
}

}  // namespace

std::vector<Component> hardware(const ArrayConfig& config, const EnergyTable& table) {
  const Parts parts(config, table);
  const double sums = times(config.accumulator_rows) * parts.columns(times(kSumBits));
  const Picojoules skew_clocks = table.flip_flop.value * times(skew_register_bits(config));
  std::vector<Component> all = {
      parts.logic("pe", times(pes(config)) * parts.pe_cells()),
      {"pe_wires", {}, {}, {}},
      {"pe_registers",
       {},
       {},
       idle_clocks(all_pe_clocks(config, table), pe_gate_clocks(config, table), config)},
      parts.logic("skew_registers", parts.flip_flops(times(skew_register_bits(config)))),
      parts.memory("accumulators", sums, parts.columns(sum_adder(config.pe, table).value.count())),
      parts.memory("unified_buffer", buffer_bits(config)),
      parts.memory("weight_fifo", times(fifo_bank(config).count()) * parts.columns(kBitsPerByte)),
      parts.activation_unit(),
      parts.vector_unit(),
      parts.softmax_unit(),
      parts.normalise_unit()};
  all[3].idle = idle_clocks(skew_clocks, Picojoules(0.0), config);
  for (std::size_t unit = 0; unit < kUnits.size(); ++unit) {
    all[all.size() - kUnits.size() + unit].idle = idle_clocks(
        table.flip_flop.value * unit_register_bits(kUnits[unit], config, table), {}, config);
  }
  all.push_back(parts.control(all));
  for (const MemoryConfig& memory : config.memories) {
    all.push_back({"memory_" + memory.name, {}, {}, memory_idle(memory, table.memory(memory))});
  }
  all.push_back(
      {"clock", {}, {}, at(table.clock_tree.value * bits_of_tree(config, table), config)});
  return all;
}

SquareMicrometres total_area(const std::vector<Component>& hardware) {
  SquareMicrometres total;
  for (const Component& component : hardware) {
    total += component.area;
  }
  return total;
}

void check_memories(const ArrayConfig& config, const EnergyTable& table) {
  for (const MemoryConfig& memory : config.memories) {
    table.memory(memory);
  }
}

bool has_measured_pe(const ArrayConfig& config, const EnergyTable& table) {
  return table.pe && table.pe->measured.type == config.pe &&
         table.pe->measured.in_place == sums_in_place(config);
}

bool has_stated_operands(const ArrayConfig& config, const EnergyTable& table) {
  const bool int8_operands = config.pe == isa::PeType::Int8 || isa::is_sparse(config.pe);
  return table.operands && has_measured_pe(config, table) && int8_operands &&
         !sums_in_place(config);
}

double pe_scale(const EnergyTable::Pe& pe) {
  return pe.uniform.value.count() / pe.measured.gated.uniform.count();
}

Picojoules all_pe_clocks(const ArrayConfig& config, const EnergyTable& table) {
  if (!has_measured_pe(config, table)) {
    return table.flip_flop.value * times(pe_register_bits(config));
  }
  return table.pe->measured.held.register_clock *
         (times(pes(config)) * times(table.pe->measured.registers) * pe_scale(*table.pe));
}

Picojoules pe_gate_clocks(const ArrayConfig& config, const EnergyTable& table) {
  if (!has_measured_pe(config, table)) {
    return Picojoules(0.0);
  }
  return table.pe->measured.gated.register_clock *
         (times(pes(config)) * kPeClockGates * pe_scale(*table.pe));
}

Bytes accumulator_bank(const ArrayConfig& config) {
  return Bytes(std::uint64_t{config.accumulator_rows} * (kSumBits / 8));
}

Bytes fifo_bank(const ArrayConfig& config) {
  const std::uint64_t weights = std::uint64_t{config.weight_fifo_tiles} * config.rows;
  return part(Bytes(weights * weight_bits(config)), 8);
}

Bytes buffer_slice(const ArrayConfig& config) {
  return part(config.unified_buffer, config.buffer_slices);
}

double pe_pitch(const ArrayConfig& config, const EnergyTable& table) {
  const double cells = Parts(config, table).pe_cells();
  return std::sqrt(cells / table.area.utilisation.value) * kMillimetresPerMicrometre;
}

double buffer_reach(const ArrayConfig& config, const EnergyTable& table) {
  const Component buffer = Parts(config, table).memory("", buffer_bits(config));
  return std::sqrt(buffer.area.count()) / 2 * kMillimetresPerMicrometre;
}

}  // namespace systol
