// One number of a table, with how far to trust it and where it comes from.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "sim/base/units.h"

namespace systol {

using Watts = Quantity<struct WattsUnit, double>;
using Volts = Quantity<struct VoltsUnit, double>;
using SquareMicrometres = Quantity<struct SquareMicrometresUnit, double>;

/// How far a figure can be trusted.
enum class FigureStatus : std::uint8_t {
  Confirmed,     ///< read in the source's text
  SecondHand,    ///< quoted by another text
  Unconfirmed,   ///< from memory
  Interpolated,  ///< from figures of other nodes
  Assumption,    ///< no figure was found
  Measured,      ///< by a program of ours: its command makes it again
};

inline constexpr std::array<std::string_view, 6> kFigureStatusNames = {
    "confirmed", "second_hand", "unconfirmed", "interpolated", "assumption", "measured"};

constexpr std::string_view name_of(FigureStatus status) {
  return kFigureStatusNames[static_cast<std::size_t>(status)];
}

template <class Q>
struct Figure {
  Q value{};
  std::string text;  ///< as the table writes it: "0.2 pJ"
  FigureStatus status = FigureStatus::Assumption;
  std::string source;  ///< never empty
};

using EnergyFigure = Figure<Picojoules>;
using PowerFigure = Figure<Watts>;
using VoltageFigure = Figure<Volts>;
using AreaFigure = Figure<SquareMicrometres>;
using ShareFigure = Figure<double>;  ///< 1 is the whole
using BitFigure = Figure<double>;    ///< bits of one thing

}  // namespace systol
