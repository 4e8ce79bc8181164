#include "host/account/energy_sources.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "host/account/figure_text.h"
#include "host/account/hardware.h"
#include "host/account/pe_operation.h"
#include "sim/config/quantity_text.h"

namespace systol {
namespace {

using Texts = std::vector<std::string>;

Texts joined(Texts texts, const Texts& more) {
  texts.insert(texts.end(), more.begin(), more.end());
  return texts;
}

/// The figures that an SRAM's energy is interpolated between.
Texts sram_texts(const EnergyTable& table, Bytes capacity) {
  Texts texts = {fmt::format("SRAM of {}: {:.3g} pJ per 64 bit, from", to_text(capacity),
                             table.sram_access(capacity).count())};
  for (const SramFigure& figure : table.sram) {
    texts.push_back(text_of(fmt::format("SRAM of {}", to_text(figure.capacity)), figure.access));
  }
  return texts;
}

Texts pe_texts(const ArrayConfig& config, const EnergyTable& table) {
  if (!has_measured_pe(config, table)) {
    return joined({"an estimate: this PE was not measured in its gates"},
                  operation_sources(config.pe, table));
  }
  Texts texts = {
      table.pe->measured.source,
      text_of(isa::is_float(config.pe) ? "a fed cycle of a PE on operands of a normal distribution"
                                       : "a fed cycle of a PE on uniform operands",
              table.pe->uniform)};
  if (has_stated_operands(config, table)) {
    texts.push_back(text_of("without counts, bits of a product's rows that change",
                            table.operands->product_toggles));
  }
  return texts;
}

Texts memory_texts(const MemoryConfig& memory, const EnergyTable& table) {
  const MemoryFigures& figures = table.memory(memory);
  Texts texts = {text_of(memory.energy + " read", figures.read),
                 text_of(memory.energy + " write", figures.write)};
  const auto add = [&](std::string_view what, const auto& figure) {
    if (figure) {
      texts.push_back(text_of(fmt::format("{} {}", memory.energy, what), *figure));
    }
  };
  add("activate", figures.activate);
  add("refresh", figures.refresh);
  add("background", figures.background);
  add("idle", figures.idle);
  return texts;
}

Texts unit_texts(const EnergyTable::Units& units) {
  Texts texts;
  const auto add = [&texts](std::string_view name, const EnergyTable::Unit& unit) {
    texts.push_back(text_of(fmt::format("{}, a lane", name), unit.lane));
    texts.push_back(text_of(fmt::format("{}, what lanes share", name), unit.shared));
  };
  add("activation unit", units.activation);
  add("vector unit", units.vector);
  add("softmax", units.softmax);
  add("normalisation", units.normalise);
  texts.push_back(text_of("control", units.control));
  return texts;
}

Texts area_texts(const ArrayConfig& config, const EnergyTable& table) {
  const EnergyTable::Area& area = table.area;
  Texts texts = {text_of("int8 multiplier", area.int8_multiply),
                 text_of("int32 adder", area.int32_add),
                 text_of("int32 multiplier", area.int32_multiply),
                 text_of("flip-flop", area.flip_flop),
                 text_of("SRAM cell", area.sram_cell),
                 text_of("SRAM efficiency", area.sram_efficiency),
                 text_of("utilisation", area.utilisation)};
  if (has_measured_pe(config, table)) {
    texts.insert(texts.begin(), text_of("PE", table.pe->area));
  }
  if (isa::is_float(config.pe)) {
    texts.push_back(text_of("fp32 adder", sum_adder(config.pe, table)));
  }
  return table.units ? joined(texts, unit_texts(*table.units)) : texts;
}

}  // namespace

std::vector<EnergySource> energy_sources(const ArrayConfig& config, const EnergyTable& table) {
  const std::string add = text_of("int32 add", table.int32_add);
  const std::string sums =
      isa::is_float(config.pe) ? text_of("fp32 add", sum_addition(config.pe, table)) : add;
  const std::string multiply = text_of("int32 multiply", table.int32_multiply);
  const std::string flip_flop = text_of("clocked flip-flop", table.flip_flop);
  const std::string wire = text_of("wire", table.wire);
  Texts operations = {add, multiply};
  if (table.units) {
    operations.push_back(flip_flop);
  }
  const Texts lane = joined(sram_texts(table, kTableSram), operations);
  std::vector<EnergySource> sources = {
      {"pe", pe_texts(config, table)},
      {"pe_wires", {wire}},
      {"pe_registers", has_measured_pe(config, table) ? pe_texts(config, table) : Texts{flip_flop}},
      {"skew_registers", {flip_flop}},
      {"accumulators", joined(sram_texts(table, accumulator_bank(config)), {sums})},
      {"unified_buffer", joined(sram_texts(table, buffer_slice(config)), {wire})},
      {"weight_fifo", sram_texts(table, fifo_bank(config))},
      {"activation_unit", lane},
      {"vector_unit", operations},
      {"softmax_unit", lane},
      {"normalise_unit", joined(operations, {text_of("int8 multiply", table.int8_multiply)})},
      {"control",
       {table.units ? text_of("control", table.units->control)
                    : "the table has no figure for control"}}};
  for (const MemoryConfig& memory : config.memories) {
    sources.push_back({"memory_" + memory.name, memory_texts(memory, table)});
  }
  sources.push_back({"clock", {text_of("clock tree", table.clock_tree)}});
  sources.push_back({"leakage",
                     {text_of("logic leakage", table.leakage.logic),
                      text_of("SRAM leakage", table.leakage.sram)}});
  sources.push_back({"regulators", {text_of("regulators", table.regulators)}});
  sources.push_back({"area", area_texts(config, table)});
  if (!table.scaling.empty()) {
    sources.push_back({"voltage", {table.scaling}});
  }
  return sources;
}

}  // namespace systol
