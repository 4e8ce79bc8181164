// Published powers, energies and areas beside ours. Nothing is fitted to them.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/account/energy.h"
#include "host/graph/graph.h"
#include "host/session/progress.h"
#include "sim/config/array_config.h"

namespace systol {

struct EnergyComparison {
  std::string_view chip;  ///< whose figure it is
  std::string_view what;
  std::string_view unit;  ///< "W", "mm2", or "" for a ratio
  double published = 0;
  double ours = 0;
  std::string_view source;
};

/// What the chip uses: not its memories, nor what regulators lose, which is a part of memories'
/// energy, too.
Picojoules without_memories(const EnergyReport& energy);

/// The first TPU with nothing to do, with CNN0 for a tenth of the time, and with CNN0 all the time:
/// the whole account, with the chip's memory and its link.
std::vector<EnergyComparison> compare_first_tpu(const Graph& cnn0, const ArrayConfig& array,
                                                const Progress& progress = {});

/// What GAP9 uses for a network at 0.8 V and 370 MHz over what it uses at 0.65 V and 240 MHz,
/// beside the same of `array` without its memories. `autoencoder` and `resnet` are as in MLPerf
/// Tiny, or alike: of the ratio only the rule of the voltage is left. Throws InputError for an
/// array whose energy table does not say its voltage.
std::vector<EnergyComparison> compare_gap9(const Graph& autoencoder, const Graph& resnet,
                                           const ArrayConfig& array, const Progress& progress = {});

/// A table, and what of the published figures has no place in it, and why.
std::string energy_text(std::span<const EnergyComparison> rows);
nlohmann::ordered_json energy_json(std::span<const EnergyComparison> rows);

}  // namespace systol
