// Reads the figures of a table, each in its units and within what its account can bear.
#pragma once

#include <fmt/format.h>

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "host/account/figure.h"
#include "sim/config/nearest.h"
#include "sim/config/yaml_reader.h"

namespace systol {

/// A kind of figure: its units and what it may be. Nothing is 0, and no account overflows.
struct FigureKind {
  std::span<const UnitScale> units;
  double least;
  double most;
  std::string_view allowed;
};

inline constexpr std::array<UnitScale, 3> kEnergyUnits = {{{"fJ", 1, 1000}, {"pJ"}, {"nJ", 1000}}};
inline constexpr std::array<UnitScale, 3> kBitEnergyUnits = {
    {{"fJ/bit", 1, 1000}, {"pJ/bit"}, {"nJ/bit", 1000}}};
inline constexpr std::array<UnitScale, 3> kByteEnergyUnits = {
    {{"fJ/B", 1, 1000}, {"pJ/B"}, {"nJ/B", 1000}}};
inline constexpr std::array<UnitScale, 2> kWireUnits = {{{"fJ/bit/mm", 1, 1000}, {"pJ/bit/mm"}}};
inline constexpr std::array<UnitScale, 3> kBitPowerUnits = {
    {{"pW/bit", 1, 1'000'000'000'000}, {"nW/bit", 1, 1'000'000'000}, {"uW/bit", 1, 1'000'000}}};
inline constexpr std::array<UnitScale, 3> kAreaPowerUnits = {
    {{"pW/um2", 1, 1'000'000'000'000}, {"nW/um2", 1, 1'000'000'000}, {"uW/um2", 1, 1'000'000}}};
inline constexpr std::array<UnitScale, 3> kCapacityPowerUnits = {
    {{"uW/GiB", 1, 1'000'000}, {"mW/GiB", 1, 1000}, {"W/GiB"}}};
inline constexpr std::array<UnitScale, 1> kAreaUnits = {{{"um2"}}};
inline constexpr std::array<UnitScale, 1> kBitAreaUnits = {{{"um2/bit"}}};
inline constexpr std::array<UnitScale, 1> kBitUnits = {{{"bit"}}};
inline constexpr std::array<UnitScale, 1> kShareUnits = {{{"%", 1, 100}}};
inline constexpr std::array<UnitScale, 2> kVoltageUnits = {{{"mV", 1, 1000}, {"V"}}};

inline constexpr FigureKind kVoltage{kVoltageUnits, 0.1, 5.0, "0.1 V to 5 V"};
inline constexpr FigureKind kEnergy{kEnergyUnits, 1e-6, 1e6, "0.001 fJ to 1000 nJ"};
inline constexpr FigureKind kSramEnergy{kEnergyUnits, 1e-3, 1e6, "1 fJ to 1000 nJ"};
inline constexpr FigureKind kBitEnergy{kBitEnergyUnits, 1e-6, 1e6, "0.001 fJ/bit to 1000 nJ/bit"};
inline constexpr FigureKind kByteEnergy{kByteEnergyUnits, 1e-6, 1e6, "0.001 fJ/B to 1000 nJ/B"};
inline constexpr FigureKind kWireEnergy{kWireUnits, 1e-6, 1e3, "0.001 fJ/bit/mm to 1000 pJ/bit/mm"};
inline constexpr FigureKind kBitPower{kBitPowerUnits, 1e-15, 1e-3, "0.001 pW/bit to 1000 uW/bit"};
inline constexpr FigureKind kAreaPower{kAreaPowerUnits, 1e-15, 1e-3, "0.001 pW/um2 to 1000 uW/um2"};
inline constexpr FigureKind kCapacityPower{kCapacityPowerUnits, 1e-9, 1e3,
                                           "0.001 uW/GiB to 1000 W/GiB"};
inline constexpr FigureKind kArea{kAreaUnits, 1e-3, 1e6, "0.001 to 1000000 um2"};
inline constexpr FigureKind kBitArea{kBitAreaUnits, 1e-6, 1e3, "0.000001 to 1000 um2/bit"};
inline constexpr FigureKind kBits{kBitUnits, 1e-6, 1e3, "0.000001 to 1000 bit"};
inline constexpr FigureKind kPartOfArea{kShareUnits, 0.01, 1.0, "1 to 100 %"};
inline constexpr FigureKind kPartOfDie{kShareUnits, 1e-5, 0.5, "0.001 to 50 %"};
inline constexpr FigureKind kLoss{kShareUnits, 1e-5, 1.0, "0.001 to 100 %"};

/// Of a map that has other keys, too. Throws InputError.
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
  figure.status = static_cast<FigureStatus>(map.required("status").choice(kFigureStatusNames));
  figure.source = map.required("source").text();
  return figure;
}

template <class Q>
Figure<Q> read_figure(const YamlNode& node, const FigureKind& kind) {
  return read_figure<Q>(node.map({"value", "status", "source"}), kind);
}

/// Of a key that may be missing.
template <class Q>
std::optional<Figure<Q>> read_optional_figure(const YamlMap& map, std::string_view key,
                                              const FigureKind& kind) {
  const std::optional<YamlNode> node = map.optional(key);
  return node ? std::optional(read_figure<Q>(*node, kind)) : std::nullopt;
}

}  // namespace systol
