#include "host/account/pe_table.h"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "host/account/figure_reader.h"
#include "sim/config/nearest.h"
#include "sim/config/yaml_reader.h"

namespace systol {
namespace {

// A term can be 0 where nothing is left for it; what is divided by cannot.
constexpr FigureKind kTermEnergy{kEnergyUnits, 0.0, 1e6, "0 to 1000 nJ"};
constexpr FigureKind kClockEnergy{kBitEnergyUnits, 0.0, 1e6, "0 to 1000 nJ/bit"};
constexpr FigureKind kCycleEnergy{kEnergyUnits, 1e-3, 1e6, "1 fJ to 1000 nJ"};
constexpr std::array<UnitScale, 1> kCellsLeakageUnits = {{{"nW"}}};
constexpr FigureKind kCellsLeakage{kCellsLeakageUnits, 1e-6, 1e9, "0.000001 to 1000000000 nW"};
constexpr std::int64_t kMostRegisters = 4096;

double read_within(const YamlNode& node, const FigureKind& kind) {
  const double value = node.scaled(kind.units);
  if (!(value >= kind.least && value <= kind.most)) {
    node.fail(fmt::format("found {}, allowed: {}", in_quotes(node.text()), kind.allowed));
  }
  return value;
}

/// For people; what is there is no garbage.
void check_cells(const YamlMap& map) {
  if (const auto area = map.optional("area")) {
    read_within(*area, kArea);
  }
  if (const auto leakage = map.optional("leakage")) {
    read_within(*leakage, kCellsLeakage);
  }
}

PeFigures read_figures(const YamlNode& node, isa::PeType type, bool in_place) {
  std::vector<std::string_view> keys = {"area",           "leakage",     "uniform",
                                        "register_clock", "wave",        "activation_toggle",
                                        "product_toggle", "sign_toggle", "weight_toggle",
                                        "sum_toggle",     "error"};
  if (in_place) {
    keys.insert(keys.end(), {"met_weight_toggle", "drain"});
  } else {
    keys.emplace_back("weight_bus_toggle");
  }
  if (isa::is_float(type)) {
    keys.insert(keys.end(), {"multiplication", "exponent_change", "idle_exponent_toggle",
                             "sum_exponent_toggle", "product_change"});
  }
  const YamlMap map = node.map(keys);
  const auto energy = [&](const char* key) {
    return Picojoules(read_within(map.required(key), kTermEnergy));
  };
  check_cells(map);
  PeFigures figures;
  figures.uniform = Picojoules(read_within(map.required("uniform"), kCycleEnergy));
  figures.register_clock = Picojoules(read_within(map.required("register_clock"), kClockEnergy));
  figures.wave = energy("wave");
  figures.activation_toggle = energy("activation_toggle");
  figures.product_toggle = energy("product_toggle");
  figures.sign_toggle = energy("sign_toggle");
  figures.weight_toggle = energy("weight_toggle");
  figures.sum_toggle = energy("sum_toggle");
  if (in_place) {
    figures.met_weight_toggle = energy("met_weight_toggle");
    figures.drain = energy("drain");
  } else {
    figures.weight_bus_toggle = energy("weight_bus_toggle");
  }
  if (isa::is_float(type)) {
    figures.multiplication = energy("multiplication");
    figures.exponent_change = energy("exponent_change");
    figures.idle_exponent_toggle = energy("idle_exponent_toggle");
    figures.sum_exponent_toggle = energy("sum_exponent_toggle");
    figures.product_change = energy("product_change");
  }
  return figures;
}

}  // namespace

PeTable load_pe_table(const std::filesystem::path& path) {
  constexpr std::array<std::string_view, 1> kStatuses = {"measured"};
  const YamlMap top = load_yaml(path).map(
      {"type", "sums_in_place", "status", "source", "command", "registers", "held", "gated"});
  top.required("status").choice(kStatuses);
  PeTable table;
  table.type = static_cast<isa::PeType>(top.required("type").choice(isa::kPeTypeNames));
  if (const auto in_place = top.optional("sums_in_place")) {
    table.in_place = in_place->boolean();
  }
  table.source = fmt::format("measured: {}, by {}", top.required("source").text(),
                             top.required("command").text());
  table.registers =
      static_cast<std::uint64_t>(top.required("registers").integer(1, kMostRegisters));
  table.held = read_figures(top.required("held"), table.type, table.in_place);
  table.gated = read_figures(top.required("gated"), table.type, table.in_place);
  return table;
}

Picojoules switching_energy(const PeFigures& figures, const SwitchedBits& bits, double fed,
                            double drained) {
  return figures.wave * fed + figures.activation_toggle * bits.activations +
         figures.product_toggle * bits.products + figures.sign_toggle * bits.signs +
         figures.weight_toggle * bits.weights + figures.sum_toggle * bits.sums +
         figures.weight_bus_toggle * bits.weight_bus +
         figures.met_weight_toggle * bits.met_weights + figures.drain * drained +
         figures.multiplication * bits.multiplications +
         figures.exponent_change * bits.exponent_changes +
         figures.idle_exponent_toggle * bits.idle_exponents +
         figures.sum_exponent_toggle * bits.sum_exponents +
         figures.product_change * bits.product_changes;
}

}  // namespace systol
