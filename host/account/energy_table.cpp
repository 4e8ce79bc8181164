#include "host/account/energy_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "host/account/figure_reader.h"
#include "sim/base/error.h"
#include "sim/config/nearest.h"
#include "sim/config/yaml_reader.h"

namespace systol {
namespace {

constexpr std::size_t kMostFigures = 64;
constexpr Bytes kSmallestSram(1);
constexpr Bytes kLargestSram(std::uint64_t{1} << 40);

/// A larger SRAM's energy may grow, or fall, with the square of the capacity at most: the line
/// through two figures is followed far beyond them.
constexpr double kSteepestSram = 2.0;

/// Who names a file that is not there learns where it is named.
PeTable read_gates(const YamlNode& node) {
  const std::filesystem::path path = node.file();
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    node.fail(
        fmt::format("found {}, and {} is not there or no file, expected a table that "
                    "scripts/characterise wrote",
                    in_quotes(node.text()), path.string()));
  }
  return load_pe_table(path);
}

void read_pe(const YamlNode& node, EnergyTable& table) {
  const YamlMap map = node.map({"gates", "uniform", "area"});
  const YamlNode gates = map.required("gates");
  EnergyTable::Pe pe{read_gates(gates), read_figure<Picojoules>(map.required("uniform"), kEnergy),
                     read_figure<SquareMicrometres>(map.required("area"), kArea)};
  if (table.measured_pe(pe.measured.type, pe.measured.in_place)) {
    gates.fail(fmt::format("found a second PE of the type '{}'{}, expected one of each type",
                           isa::describe(pe.measured.type).name,
                           pe.measured.in_place ? " whose sums stay" : ""));
  }
  table.pes.push_back(std::move(pe));
}

/// One, or a list of them: for each type one whose sums move and one whose sums stay.
void read_pes(const YamlNode& node, EnergyTable& table) {
  if (!node.is_list()) {
    read_pe(node, table);
    return;
  }
  for (const YamlNode& entry : node.list(1, 2 * isa::kPeTypes)) {
    read_pe(entry, table);
  }
}

void read_operations(const YamlNode& node, EnergyTable& table) {
  const YamlMap map = node.map({"int8_multiply", "int32_add", "int32_multiply", "fp32_add"});
  table.int8_multiply = read_figure<Picojoules>(map.required("int8_multiply"), kEnergy);
  table.int32_add = read_figure<Picojoules>(map.required("int32_add"), kEnergy);
  table.int32_multiply = read_figure<Picojoules>(map.required("int32_multiply"), kEnergy);
  if (const auto add = map.optional("fp32_add")) {
    table.fp32_add = read_figure<Picojoules>(*add, kEnergy);
  }
}

double log_of(Bytes capacity) { return std::log(static_cast<double>(capacity.count())); }

/// The power of the capacity with which the energy changes from one figure to the next.
double steepness(const SramFigure& smaller, const SramFigure& larger) {
  const double ratio = larger.access.value.count() / smaller.access.value.count();
  return std::fabs(std::log(ratio)) / (log_of(larger.capacity) - log_of(smaller.capacity));
}

void read_sram(const YamlNode& node, EnergyTable& table) {
  for (const YamlNode& item : node.list(2, kMostFigures)) {
    const YamlMap map = item.map({"capacity", "value", "status", "source"});
    const YamlNode capacity = map.required("capacity");
    const SramFigure figure{capacity.quantity(kSmallestSram, kLargestSram),
                            read_figure<Picojoules>(map, kSramEnergy)};
    if (!table.sram.empty() && figure.capacity <= table.sram.back().capacity) {
      capacity.fail(fmt::format("found '{}', expected more than the '{}' before it",
                                to_text(figure.capacity), to_text(table.sram.back().capacity)));
    }
    if (!table.sram.empty() && steepness(table.sram.back(), figure) > kSteepestSram + 1e-9) {
      map.required("value").fail(
          fmt::format("found {} after {}, expected it to grow or fall with the square of the "
                      "capacity at most",
                      in_quotes(figure.access.text), in_quotes(table.sram.back().access.text)));
    }
    table.sram.push_back(figure);
  }
}

void read_flip_flop(const YamlNode& node, EnergyTable& table) {
  const YamlMap map = node.map({"clocked", "clock_tree"});
  table.flip_flop = read_figure<Picojoules>(map.required("clocked"), kBitEnergy);
  table.clock_tree = read_figure<Picojoules>(map.required("clock_tree"), kBitEnergy);
}

EnergyTable::Operands read_operands(const YamlNode& node) {
  const YamlMap map = node.map({"activation_toggles", "product_toggles", "sign_toggles",
                                "sum_toggles", "weight_bus_toggles"});
  const auto bits = [&map](std::string_view key) {
    return read_figure<double>(map.required(key), kBits);
  };
  return {bits("activation_toggles"), bits("product_toggles"), bits("sign_toggles"),
          bits("sum_toggles"), bits("weight_bus_toggles")};
}

EnergyTable::Leakage read_leakage(const YamlNode& node) {
  const YamlMap map = node.map({"logic", "sram"});
  return {read_figure<Watts>(map.required("logic"), kAreaPower),
          read_figure<Watts>(map.required("sram"), kBitPower)};
}

EnergyTable::Area read_area(const YamlNode& node) {
  const YamlMap map = node.map({"int8_multiply", "int32_add", "int32_multiply", "fp32_add",
                                "flip_flop", "sram_cell", "sram_efficiency", "utilisation"});
  const auto fp32_add = map.optional("fp32_add");
  return {
      read_figure<SquareMicrometres>(map.required("int8_multiply"), kArea),
      read_figure<SquareMicrometres>(map.required("int32_add"), kArea),
      read_figure<SquareMicrometres>(map.required("int32_multiply"), kArea),
      read_figure<SquareMicrometres>(map.required("flip_flop"), kBitArea),
      read_figure<SquareMicrometres>(map.required("sram_cell"), kBitArea),
      read_figure<double>(map.required("sram_efficiency"), kPartOfArea),
      read_figure<double>(map.required("utilisation"), kPartOfArea),
      fp32_add ? std::optional(read_figure<SquareMicrometres>(*fp32_add, kArea)) : std::nullopt};
}

EnergyTable::Unit read_unit(const YamlNode& node) {
  const YamlMap map = node.map({"lane", "shared"});
  return {read_figure<SquareMicrometres>(map.required("lane"), kArea),
          read_figure<SquareMicrometres>(map.required("shared"), kArea)};
}

EnergyTable::Units read_units(const YamlNode& node) {
  const YamlMap map = node.map({"activation", "vector", "softmax", "normalise", "control"});
  return {read_unit(map.required("activation")), read_unit(map.required("vector")),
          read_unit(map.required("softmax")), read_unit(map.required("normalise")),
          read_figure<double>(map.required("control"), kPartOfDie)};
}

}  // namespace

std::optional<EnergyTable::Pe> EnergyTable::measured_pe(isa::PeType type, bool in_place) const {
  const auto found = std::ranges::find_if(pes, [=](const Pe& entry) {
    return entry.measured.type == type && entry.measured.in_place == in_place;
  });
  return found == pes.end() ? std::nullopt : std::optional(*found);
}

Picojoules EnergyTable::sram_access(Bytes capacity) const {
  std::size_t upper = 1;
  while (upper + 1 < sram.size() && sram[upper].capacity < capacity) {
    ++upper;
  }
  const SramFigure& a = sram[upper - 1];
  const SramFigure& b = sram[upper];
  if (capacity == a.capacity || capacity == b.capacity) {
    return capacity == a.capacity ? a.access.value : b.access.value;
  }
  const double along =
      (log_of(capacity) - log_of(a.capacity)) / (log_of(b.capacity) - log_of(a.capacity));
  const double ratio = b.access.value.count() / a.access.value.count();
  return a.access.value * std::pow(ratio, along);
}

const MemoryFigures& EnergyTable::memory(const MemoryConfig& memory) const {
  std::vector<std::string_view> names;
  for (const MemoryFigures& figures : memories) {
    if (figures.name == memory.energy) {
      return figures;
    }
    names.push_back(figures.name);
  }
  throw InputError(fmt::format("{}: memory.{}.energy: found {}{}, expected one of: {} (see {})",
                               memory.energy_place, memory.name, in_quotes(memory.energy),
                               did_you_mean(memory.energy, names), join_names(names),
                               path.string()));
}

EnergyTable load_energy_table(const std::filesystem::path& path) {
  const YamlMap top =
      load_yaml(path).map({"name", "voltage", "pe", "operands", "operations", "sram", "flip_flop",
                           "wire", "leakage", "area", "units", "regulators", "memories"});
  EnergyTable table;
  table.path = path;
  table.name = top.required("name").text();
  if (const auto voltage = top.optional("voltage")) {
    table.voltage = read_figure<Volts>(*voltage, kVoltage);
  }
  if (const auto pe = top.optional("pe")) {
    read_pes(*pe, table);
  }
  table.pe = table.measured_pe(isa::PeType::Int8, false);
  if (const auto operands = top.optional("operands")) {
    table.operands = read_operands(*operands);
  }
  read_operations(top.required("operations"), table);
  read_sram(top.required("sram"), table);
  read_flip_flop(top.required("flip_flop"), table);
  table.wire = read_figure<Picojoules>(top.required("wire"), kWireEnergy);
  table.leakage = read_leakage(top.required("leakage"));
  table.area = read_area(top.required("area"));
  if (const auto units = top.optional("units")) {
    table.units = read_units(*units);
  }
  table.regulators = read_figure<double>(top.required("regulators"), kLoss);
  for (const YamlNode& node : top.required("memories").entries(1, kMostFigures)) {
    table.memories.push_back(read_memory_figures(node));
  }
  return table;
}

}  // namespace systol
