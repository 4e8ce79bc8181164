// An energy table's figures for an array: of its PEs' type and at its voltage.
#include <fmt/format.h>

#include "host/account/energy_table.h"
#include "sim/base/error.h"
#include "sim/config/quantity_text.h"

namespace systol {
namespace {

void scale_energies(EnergyTable& table, double factor) {
  for (EnergyFigure* figure : {&table.int8_multiply, &table.int32_add, &table.int32_multiply,
                               &table.flip_flop, &table.clock_tree, &table.wire}) {
    figure->value = figure->value * factor;
  }
  if (table.fp32_add) {
    table.fp32_add->value = table.fp32_add->value * factor;
  }
  for (SramFigure& sram : table.sram) {
    sram.access.value = sram.access.value * factor;
  }
  if (table.pe) {
    table.pe->uniform.value = table.pe->uniform.value * factor;
  }
}

}  // namespace

EnergyTable load_energy_table(const ArrayConfig& config) {
  return for_array(load_energy_table(config.energy), config);
}

EnergyTable for_array(EnergyTable table, const ArrayConfig& config) {
  table.pe = table.measured_pe(config.pe, sums_in_place(config));
  if (!config.voltage) {
    return table;
  }
  if (!table.voltage) {
    throw InputError(fmt::format("{}: voltage: {} does not say the `voltage` of its figures",
                                 config.voltage_place, table.path.string()));
  }
  constexpr double kMillivoltsPerVolt = 1000.0;
  const double volts = static_cast<double>(config.voltage->count()) / kMillivoltsPerVolt;
  const double ratio = volts / table.voltage->value.count();
  scale_energies(table, ratio * ratio);
  for (PowerFigure* leakage : {&table.leakage.logic, &table.leakage.sram}) {
    leakage->value = leakage->value * ratio;
  }
  table.scaling = fmt::format(
      "from {} ({}: {}) to {}: energies with the square of the voltage, leakage with the voltage",
      table.voltage->text, name_of(table.voltage->status), table.voltage->source,
      to_text(*config.voltage));
  return table;
}

}  // namespace systol
