// Energy per action of one technology, each figure with the source it comes from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/account/pe_table.h"
#include "sim/base/units.h"
#include "sim/config/array_config.h"

namespace systol {

using Watts = Quantity<struct WattsUnit, double>;
using Volts = Quantity<struct VoltsUnit, double>;

/// How far a figure can be trusted.
enum class FigureStatus : std::uint8_t {
  Confirmed,     ///< read in the source's text
  SecondHand,    ///< quoted by another text
  Unconfirmed,   ///< from memory
  Interpolated,  ///< from figures of other nodes
  Assumption,    ///< no figure was found
  Measured,      ///< by a program of ours: its command makes it again
};

std::string_view name_of(FigureStatus status);

/// One number of the table.
template <class Q>
struct Figure {
  Q value;
  std::string text;  ///< as the table writes it: "0.2 pJ"
  FigureStatus status = FigureStatus::Assumption;
  std::string source;  ///< never empty
};

using EnergyFigure = Figure<Picojoules>;
using PowerFigure = Figure<Watts>;
using VoltageFigure = Figure<Volts>;

/// A 64-bit access to an SRAM of `capacity`.
struct SramFigure {
  Bytes capacity;
  EnergyFigure access;
};

/// A bit to or from a memory.
struct MemoryFigure {
  std::string name;
  EnergyFigure bit;
};

struct EnergyTable {
  std::string name;
  std::filesystem::path path;
  std::string scaling;  ///< a sentence where a config's voltage changed the figures, or empty
  /// A weight-stationary PE in its gates, and what a fed cycle of one with gated clocks uses on
  /// uniform random operands in this technology: all figures of the PE are scaled with that.
  struct Pe {
    PeTable measured;
    EnergyFigure uniform;
  };
  std::optional<Pe> pe;
  std::optional<VoltageFigure> voltage;  ///< that all figures of the chip are for
  EnergyFigure int8_multiply;
  EnergyFigure int32_add;
  EnergyFigure int32_multiply;
  std::vector<SramFigure> sram;  ///< at least two, ascending in capacity
  EnergyFigure flip_flop;        ///< a bit of a register that is clocked in a cycle
  EnergyFigure clock_tree;       ///< per bit of a register and cycle, clocked or not
  PowerFigure leakage;           ///< a bit of a register
  std::vector<MemoryFigure> memories;

  /// A 64-bit access: a straight line between the table's figures on logarithmic axes; below the
  /// smallest and above the largest, the nearest segment goes on.
  Picojoules sram_access(Bytes capacity) const;

  /// The figure that a config's memory names. Throws InputError, with the place of the name in the
  /// array's file, if the table does not have it.
  const EnergyFigure& memory_bit(const MemoryConfig& memory) const;
};

/// Reads and checks an energy table. Throws InputError.
EnergyTable load_energy_table(const std::filesystem::path& path);

/// The table that a config names, at the config's voltage: energies of the chip grow with its
/// square (C V^2 is what a change of a net takes), leakage with the voltage, as if its current
/// stayed. Memories and links have supplies of their own. Throws InputError for a config with a
/// voltage if the table does not say its own.
EnergyTable load_energy_table(const ArrayConfig& config);

}  // namespace systol
