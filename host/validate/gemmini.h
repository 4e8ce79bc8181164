// Gemmini's measured layers (configs/validation/gemmini), run on an array that is described there.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "host/graph/graph.h"
#include "host/report/fitted_table.h"
#include "host/session/progress.h"
#include "sim/base/units.h"
#include "sim/config/array_config.h"

namespace systol {

/// A row of the table: a layer, the memories of the chip it was measured on, and what it took with
/// each of two tilings.
struct GemminiLayer {
  std::uint32_t accumulator_rows = 0;
  std::uint32_t scratchpad_bytes = 0;
  std::array<std::uint32_t, 2> output{};  ///< rows and columns
  std::array<std::uint32_t, 2> kernel{};
  std::uint32_t in_channels = 0;
  std::uint32_t out_channels = 0;
  std::array<std::uint32_t, 2> stride{};
  Cycles searched;  ///< with the tiling that DOSA found
  Cycles own;       ///< with Gemmini's own

  /// "dense 128x768x768", or "7x7 3x3 512->512".
  std::string name() const;
  Cycles better() const { return std::min(searched, own); }
  /// Of a sample: an image without borders, or the K values of one of a dense layer's M samples.
  Graph graph() const;
  std::uint32_t samples() const;
};

/// Reads the table. Throws InputError with file, line and column.
std::vector<GemminiLayer> load_gemmini_layers(const std::filesystem::path& path);

struct GemminiResult {
  GemminiLayer layer;
  Cycles cycles;     ///< ours
  Cycles scale_sim;  ///< SCALE-Sim's closed form

  double ratio_to(Cycles published) const {
    return static_cast<double>(cycles.count()) / static_cast<double>(published.count());
  }
  double ratio() const { return ratio_to(layer.better()); }
};

/// Each layer alone, from memory to memory, timing only, on `array` with the layer's accumulators
/// and its scratchpad less the weight FIFO as the buffer; `threads` of them at once. Throws
/// InputError for an array that a layer does not fit. `progress` hears of each layer that is done,
/// from the thread that ran it.
std::vector<GemminiResult> run_gemmini_layers(const std::vector<GemminiLayer>& layers,
                                              const ArrayConfig& array, unsigned threads,
                                              const Progress& progress = {});

/// Of our cycles to those of the better tiling.
struct RatioSummary {
  std::size_t layers = 0;
  double lower_quartile = 0;
  double median = 0;
  double upper_quartile = 0;
  double worst = 0;
  std::size_t slower = 0;  ///< layers by more than 2 %
};

/// Below so many cycles Gemmini's own instructions, which Systol does not model, are much of them.
inline constexpr Cycles kShortLayer{200'000};

/// Of the layers whose better tiling takes more than `least` cycles.
RatioSummary summary_of(const std::vector<GemminiResult>& results, Cycles least);

/// The table leaves out columns for which lines of `width` have no room.
std::string gemmini_text(const std::vector<GemminiResult>& results, std::size_t width = kAnyWidth);
nlohmann::ordered_json gemmini_json(const std::vector<GemminiResult>& results,
                                    const ArrayConfig& array);

}  // namespace systol
