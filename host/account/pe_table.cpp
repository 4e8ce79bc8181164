#include "host/account/pe_table.h"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "host/account/figure_reader.h"
#include "sim/config/nearest.h"
#include "sim/config/yaml_reader.h"

namespace systol {
namespace {

constexpr double kMostPeEnergy = 1e6;    // pJ
constexpr double kLeastPeEnergy = 1e-3;  // pJ, of what is divided by
constexpr std::int64_t kMostRegisters = 4096;

Picojoules read_pe_energy(const YamlNode& node, std::span<const UnitScale> units, double least,
                          std::string_view allowed) {
  const double value = node.scaled(units);
  if (!(value >= least && value <= kMostPeEnergy)) {
    node.fail(fmt::format("found {}, allowed: {}", in_quotes(node.text()), allowed));
  }
  return Picojoules(value);
}

PeFigures read_figures(const YamlNode& node, bool in_place) {
  std::vector<std::string_view> keys = {"area",           "leakage",     "uniform",
                                        "register_clock", "wave",        "activation_toggle",
                                        "product_toggle", "sign_toggle", "weight_toggle",
                                        "sum_toggle",     "error"};
  if (in_place) {
    keys.insert(keys.end(), {"met_weight_toggle", "drain"});
  } else {
    keys.emplace_back("weight_bus_toggle");
  }
  const YamlMap map = node.map(keys);
  const auto energy = [&](const char* key) {
    return read_pe_energy(map.required(key), kEnergyUnits, 0.0, "0 to 1000 nJ");
  };
  PeFigures figures;
  figures.uniform =
      read_pe_energy(map.required("uniform"), kEnergyUnits, kLeastPeEnergy, "1 fJ to 1000 nJ");
  figures.register_clock =
      read_pe_energy(map.required("register_clock"), kBitEnergyUnits, 0.0, "0 to 1000 nJ/bit");
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
  table.held = read_figures(top.required("held"), table.in_place);
  table.gated = read_figures(top.required("gated"), table.in_place);
  return table;
}

Picojoules switching_energy(const PeFigures& figures, const SwitchedBits& bits, double fed,
                            double drained) {
  return figures.wave * fed + figures.activation_toggle * bits.activations +
         figures.product_toggle * bits.products + figures.sign_toggle * bits.signs +
         figures.weight_toggle * bits.weights + figures.sum_toggle * bits.sums +
         figures.weight_bus_toggle * bits.weight_bus +
         figures.met_weight_toggle * bits.met_weights + figures.drain * drained;
}

}  // namespace systol
