// What the memories beside the chip use.
#pragma once

#include <optional>
#include <string>

#include "host/account/figure.h"
#include "sim/config/yaml_reader.h"

namespace systol {

/// A kind of memory, or of link to one; what is missing is not charged.
struct MemoryFigures {
  std::string name;
  EnergyFigure read;                      ///< a bit, without what its row's activation takes
  EnergyFigure write;                     ///< the same
  std::optional<EnergyFigure> activate;   ///< a byte of a row that is activated
  std::optional<PowerFigure> refresh;     ///< a GiB
  std::optional<PowerFigure> background;  ///< a GiB, with all rows closed
  std::optional<EnergyFigure> idle;       ///< a bit of a link's bandwidth, whatever it carries
};

/// Throws InputError.
MemoryFigures read_memory_figures(const YamlNode& node);

}  // namespace systol
