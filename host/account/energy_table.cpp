#include "host/account/energy_table.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string_view>

#include "sim/base/error.h"
#include "sim/config/nearest.h"
#include "sim/config/yaml_reader.h"

namespace systol {
namespace {

constexpr std::array<std::string_view, 6> kStatusNames = {
    "confirmed", "second_hand", "unconfirmed", "interpolated", "assumption", "measured"};

constexpr std::array<UnitScale, 3> kEnergyUnits = {{{"fJ", 1, 1000}, {"pJ"}, {"nJ", 1000}}};
constexpr std::array<UnitScale, 3> kBitEnergyUnits = {
    {{"fJ/bit", 1, 1000}, {"pJ/bit"}, {"nJ/bit", 1000}}};
constexpr std::array<UnitScale, 3> kBitPowerUnits = {
    {{"pW/bit", 1, 1'000'000'000'000}, {"nW/bit", 1, 1'000'000'000}, {"uW/bit", 1, 1'000'000}}};

constexpr std::array<UnitScale, 2> kVoltageUnits = {{{"mV", 1, 1000}, {"V"}}};

constexpr std::size_t kMostFigures = 64;
constexpr Bytes kSmallestSram(1);
constexpr Bytes kLargestSram(std::uint64_t{1} << 40);

/// A kind of figure: its units and what it may be, in the first place so that no account of it can
/// overflow.
struct FigureKind {
  std::span<const UnitScale> units;
  double least;
  double most;
  std::string_view allowed;
};
constexpr FigureKind kEnergy{kEnergyUnits, 0.0, 1e6, "0 to 1000 nJ"};
constexpr FigureKind kSramEnergy{kEnergyUnits, 1e-3, 1e6, "1 fJ to 1000 nJ"};
constexpr FigureKind kBitEnergy{kBitEnergyUnits, 0.0, 1e6, "0 to 1000 nJ/bit"};
constexpr FigureKind kVoltage{kVoltageUnits, 0.1, 5.0, "0.1 V to 5 V"};
constexpr FigureKind kBitPower{kBitPowerUnits, 0.0, 1e-3, "0 to 1000 uW/bit"};

/// A larger SRAM's energy may grow, or fall, with the square of the capacity at most: the line
/// through two figures is followed far beyond them.
constexpr double kSteepestSram = 2.0;

template <class Q>
Figure<Q> read_figure(const YamlMap& map, const FigureKind& kind) {
  Figure<Q> figure;
  const YamlNode value = map.required("value");
  const double number = value.scaled(kind.units);
  if (!(number >= kind.least && number <= kind.most)) {
    value.fail(fmt::format("found {}, allowed: {}", in_quotes(value.text()), kind.allowed));
  }
  figure.value = Q(number);
  figure.text = value.text();
  figure.status = static_cast<FigureStatus>(map.required("status").choice(kStatusNames));
  figure.source = map.required("source").text();
  return figure;
}

template <class Q>
Figure<Q> read_figure(const YamlNode& node, const FigureKind& kind) {
  return read_figure<Q>(node.map({"value", "status", "source"}), kind);
}

void read_pe(const YamlNode& node, EnergyTable& table) {
  const YamlMap map = node.map({"gates", "uniform"});
  table.pe = {load_pe_table(map.required("gates").file()),
              read_figure<Picojoules>(map.required("uniform"), kEnergy)};
}

void read_operations(const YamlNode& node, EnergyTable& table) {
  const YamlMap map = node.map({"int8_multiply", "int32_add", "int32_multiply"});
  table.int8_multiply = read_figure<Picojoules>(map.required("int8_multiply"), kEnergy);
  table.int32_add = read_figure<Picojoules>(map.required("int32_add"), kEnergy);
  table.int32_multiply = read_figure<Picojoules>(map.required("int32_multiply"), kEnergy);
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
  const YamlMap map = node.map({"clocked", "clock_tree", "leakage"});
  table.flip_flop = read_figure<Picojoules>(map.required("clocked"), kBitEnergy);
  table.clock_tree = read_figure<Picojoules>(map.required("clock_tree"), kBitEnergy);
  table.leakage = read_figure<Watts>(map.required("leakage"), kBitPower);
}

}  // namespace

std::string_view name_of(FigureStatus status) {
  return kStatusNames[static_cast<std::size_t>(status)];
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

const EnergyFigure& EnergyTable::memory_bit(const MemoryConfig& memory) const {
  std::vector<std::string_view> names;
  for (const MemoryFigure& figure : memories) {
    if (figure.name == memory.energy) {
      return figure.bit;
    }
    names.push_back(figure.name);
  }
  throw InputError(fmt::format("{}: memory.{}.energy: found {}{}, expected one of: {} (see {})",
                               memory.energy_place, memory.name, in_quotes(memory.energy),
                               did_you_mean(memory.energy, names), join_names(names),
                               path.string()));
}

EnergyTable load_energy_table(const std::filesystem::path& path) {
  const YamlMap top =
      load_yaml(path).map({"name", "voltage", "pe", "operations", "sram", "flip_flop", "memories"});
  EnergyTable table;
  table.path = path;
  table.name = top.required("name").text();
  if (const auto voltage = top.optional("voltage")) {
    table.voltage = read_figure<Volts>(*voltage, kVoltage);
  }
  if (const auto pe = top.optional("pe")) {
    read_pe(*pe, table);
  }
  read_operations(top.required("operations"), table);
  read_sram(top.required("sram"), table);
  read_flip_flop(top.required("flip_flop"), table);
  for (const YamlNode& node : top.required("memories").entries(1, kMostFigures)) {
    table.memories.push_back({node.key(), read_figure<Picojoules>(node, kBitEnergy)});
  }
  return table;
}

}  // namespace systol
