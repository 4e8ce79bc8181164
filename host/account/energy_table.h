// What one technology uses and takes, each figure with the source it comes from.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "host/account/figure.h"
#include "host/account/memory_figures.h"
#include "host/account/pe_table.h"
#include "sim/base/units.h"
#include "sim/config/array_config.h"

namespace systol {

/// A 64-bit access to an SRAM of `capacity`.
struct SramFigure {
  Bytes capacity;
  EnergyFigure access;
};

struct EnergyTable {
  std::string name;
  std::filesystem::path path;
  std::string scaling;  ///< a sentence where a config's voltage changed the figures, or empty
  /// A PE in its gates, and what a fed cycle of one with gated clocks uses on
  /// uniform random operands in this technology: all figures of the PE are scaled with that.
  struct Pe {
    PeTable measured;
    EnergyFigure uniform;
    AreaFigure area;  ///< of its cells
  };
  std::vector<Pe> pes;   ///< at most one of a type whose sums move, and one whose sums stay
  std::optional<Pe> pe;  ///< of them the array's; int8's where no array was named
  /// Bits that int8 operands are taken to change where they were not counted.
  struct Operands {
    BitFigure activation_toggles;  ///< of a useful product, as the next three
    BitFigure product_toggles;
    BitFigure sign_toggles;
    BitFigure sum_toggles;
    BitFigure weight_bus_toggles;  ///< of a weight that passes a PE on its way to its row
  };
  std::optional<Operands> operands;      ///< without it they are uniform
  std::optional<VoltageFigure> voltage;  ///< that all figures of the chip are for
  EnergyFigure int8_multiply;
  EnergyFigure int32_add;
  EnergyFigure int32_multiply;
  std::optional<EnergyFigure> fp32_add;  ///< to a sum in the accumulators of a float array
  std::vector<SramFigure> sram;          ///< at least two, ascending in capacity
  EnergyFigure flip_flop;                ///< a bit of a register that is clocked in a cycle
  EnergyFigure clock_tree;               ///< per bit of a register and cycle, clocked or not
  EnergyFigure wire;                     ///< a random bit, along a millimetre
  struct Leakage {
    PowerFigure logic;  ///< a square micrometre of cells
    PowerFigure sram;   ///< a bit
  } leakage;
  struct Area {
    AreaFigure int8_multiply;
    AreaFigure int32_add;
    AreaFigure int32_multiply;
    AreaFigure flip_flop;         ///< a bit
    AreaFigure sram_cell;         ///< a bit
    ShareFigure sram_efficiency;  ///< the cells' part of an SRAM
    ShareFigure utilisation;      ///< the cells' part of logic that is laid out
    std::optional<AreaFigure> fp32_add{};
  } area;
  /// Of a unit around the array: cells of a column's lane, and of what lanes share.
  struct Unit {
    AreaFigure lane;
    AreaFigure shared;
  };
  /// In their own gates, without SRAMs. Without them the units are multipliers and adders alone,
  /// softmax and normalisation have no area, and no register of any of them is clocked.
  struct Units {
    Unit activation;
    Unit vector;
    Unit softmax;
    Unit normalise;
    ShareFigure control;  ///< of the die: what sequences commands
  };
  std::optional<Units> units;
  ShareFigure regulators;  ///< of all other energy
  std::vector<MemoryFigures> memories;

  /// Nothing for a type that was not measured.
  std::optional<Pe> measured_pe(isa::PeType type, bool in_place) const;

  /// A 64-bit access: a straight line between the table's figures on logarithmic axes; below the
  /// smallest and above the largest, the nearest segment goes on.
  Picojoules sram_access(Bytes capacity) const;

  /// The kind that a config's memory names. Throws InputError, with the place of the name in the
  /// array's file, if the table does not have it.
  const MemoryFigures& memory(const MemoryConfig& memory) const;
};

/// Reads and checks an energy table. Throws InputError.
EnergyTable load_energy_table(const std::filesystem::path& path);

/// The table that a config names, with the PE of its type and at its voltage: energies of the chip
/// grow with its square (C V^2 is what a change of a net takes), leakage with the voltage, as if
/// its current stayed. Memories and links have supplies of their own. Throws InputError for a
/// config with a voltage if the table does not say its own.
EnergyTable load_energy_table(const ArrayConfig& config);

/// The same of the table as it was read.
EnergyTable for_array(EnergyTable table, const ArrayConfig& config);

}  // namespace systol
