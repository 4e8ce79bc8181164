#include "host/compile/band_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include "host/compile/channel.h"
#include "host/compile/constants.h"

namespace systol {
namespace {

/// What the parts of one shape take, in cycles.
class Cost {
 public:
  Cost(const BandedLayer& layer, const BandShape& shape, const ArrayConfig& config)
      : layer_(layer),
        shape_(shape),
        config_(config),
        weights_(channel_of(config, isa::Space::Weights)),
        activations_(channel_of(config, isa::Space::Activations)),
        bands_(layer.repeats * divided_up(layer.extent, shape.extent)),
        groups_(divided_up(layer.tiling->column_tiles(), shape.column_tiles)) {}

  double total() const {
    const double bands = static_cast<double>(bands_);
    const double matmuls = bands * matmuls_of_band();
    const double load = load_of_all();
    const double store = store_of_all();
    const double weights = bands * weights_of_band();
    const double moved =
        share_a_memory(config_) ? load + store + weights : std::max(load + store, weights);
    // What the first band waits for, and what follows the last matmul.
    const double first =
        layer_.input_traffic(shape_.extent) > 0 ? load / bands + activations_.latency : 0;
    const double last = layer_.output_in_memory
                            ? store / (bands * static_cast<double>(groups_)) + activations_.latency
                            : 0;
    double exposed = first + last;
    if (shape_.input_areas == 1 && bands_ > 1) {
      exposed += (bands - 1) * first;
    }
    if (shape_.output_areas == 1 && layer_.output_in_memory) {
      exposed += (bands * static_cast<double>(groups_) - 1) * last;
    }
    return std::max(matmuls + exposed, moved + activations_.latency);
  }

 private:
  std::uint64_t blocks() const {
    return divided_up(shape_.extent * layer_.matmul_rows, block_rows(config_, UINT32_MAX));
  }

  double matmuls_of_band() const {
    const Tiling& tiling = *layer_.tiling;
    const std::uint64_t rows = divided_up(shape_.extent * layer_.matmul_rows, blocks());
    const double shortest = std::max({static_cast<double>(rows), static_cast<double>(config_.rows),
                                      interval_of_tiles(tiling, config_)});
    return static_cast<double>(blocks()) * static_cast<double>(tiling.row_tiles()) *
           static_cast<double>(tiling.column_tiles()) * shortest;
  }

  double weights_of_band() const {
    return weights_.cycles_per_byte * static_cast<double>(blocks()) * layer_.tiling->inputs *
           layer_.tiling->outputs;
  }

  double load_of_all() const {
    return activations_.cycles_per_byte * static_cast<double>(layer_.input_traffic(shape_.extent));
  }

  /// Rows of a part of the columns are requests of their own.
  double store_of_all() const {
    if (!layer_.output_in_memory) {
      return 0;
    }
    const auto rows = static_cast<double>(layer_.repeats * layer_.extent * layer_.matmul_rows);
    const double requests = groups_ == 1 ? 0 : rows * static_cast<double>(groups_);
    return activations_.time(rows * layer_.tiling->outputs, requests, config_.dma_outstanding);
  }

  const BandedLayer& layer_;
  const BandShape& shape_;
  const ArrayConfig& config_;
  Channel weights_;
  Channel activations_;
  std::uint64_t bands_;
  std::uint64_t groups_;
};

struct SizedCandidate {
  BandCandidate candidate;
  std::uint64_t bytes = 0;    ///< of the buffer
  std::uint64_t traffic = 0;  ///< bytes from and to memory
};

/// The cheapest first, without those that are cheaper but move more than what a smaller buffer
/// would have chosen. From one size of buffer to the next the choice changes only to what is no
/// worse in either, so that a larger buffer never costs time or traffic.
std::vector<BandCandidate> without_costlier_traffic(std::vector<SizedCandidate> all) {
  const auto by_cost = [](const SizedCandidate& sized) { return sized.candidate.cost; };
  // Of equal ones those that were found first: larger bands, fewer areas.
  std::ranges::stable_sort(all, {}, by_cost);
  std::vector<std::size_t> by_bytes(all.size());
  std::iota(by_bytes.begin(), by_bytes.end(), std::size_t{0});
  std::ranges::stable_sort(by_bytes, {}, [&](std::size_t i) { return all[i].bytes; });
  std::size_t chosen = all.empty() ? 0 : by_bytes.front();
  for (const std::size_t i : by_bytes) {
    chosen = i < chosen && all[i].traffic <= all[chosen].traffic ? i : chosen;
  }
  std::vector<BandCandidate> result;
  for (std::size_t i = chosen; i < all.size(); ++i) {
    result.push_back(all[i].candidate);
  }
  return result;
}

/// All rows, a half, a third ... of them, down to one.
std::vector<std::uint64_t> extents(std::uint64_t all) {
  std::vector<std::uint64_t> result;
  for (std::uint64_t bands = 1; bands <= all; bands += std::max<std::uint64_t>(1, bands / 8)) {
    const std::uint64_t extent = divided_up(all, bands);
    if (result.empty() || result.back() != extent) {
      result.push_back(extent);
    }
  }
  return result;
}

/// All column tiles, a half, a quarter ... of them, down to one.
std::vector<std::uint32_t> column_groups(const BandedLayer& layer) {
  const std::uint32_t all = layer.tiling->column_tiles();
  std::vector<std::uint32_t> result{all};
  if (!layer.output_in_memory || layer.tiling->groups > 1) {
    return result;
  }
  while (result.back() > 1) {
    result.push_back((result.back() + 1) / 2);
  }
  return result;
}

}  // namespace

bool single_pixels_are_faster(std::uint64_t pixels, std::uint64_t bytes, std::uint64_t all_bytes,
                              const ArrayConfig& config) {
  const Channel channel = channel_of(config, isa::Space::Activations);
  const double transfer = channel.cycles_per_byte * static_cast<double>(bytes);
  const double each =
      std::max({1.0, transfer, (channel.latency + transfer) / config.dma_outstanding});
  return each * static_cast<double>(pixels) <
         channel.cycles_per_byte * static_cast<double>(all_bytes);
}

std::string BandShape::text() const {
  return fmt::format("{} {}{} x {} column tile{}", extent, axis == 0 ? "row" : "place",
                     extent == 1 ? "" : "s", column_tiles, column_tiles == 1 ? "" : "s");
}

std::uint64_t buffer_bytes(const BandedLayer& layer, const BandShape& shape) {
  const std::uint64_t columns = std::min<std::uint64_t>(
      layer.tiling->outputs, std::uint64_t{shape.column_tiles} * layer.tiling->tile_columns);
  const std::uint64_t output =
      layer.output_in_memory ? shape.extent * layer.matmul_rows * columns : 0;
  return shape.input_areas * layer.input_bytes(shape.extent) + shape.output_areas * output;
}

Cycles cost_of(const BandedLayer& layer, const BandShape& shape, const ArrayConfig& config) {
  return Cycles(static_cast<std::uint64_t>(std::ceil(Cost(layer, shape, config).total())));
}

std::uint64_t traffic_of(const BandedLayer& layer, const BandShape& shape,
                         const ArrayConfig& config) {
  const Tiling& tiling = *layer.tiling;
  const std::uint64_t output =
      layer.repeats * layer.extent * layer.matmul_rows * (layer.output_in_memory ? 1 : 0);
  const bool kept = tiling.row_tiles() == 1 && config.dataflow != Dataflow::OutputStationary;
  const auto fetches = [&](std::uint64_t indices) {
    const std::uint64_t rows = indices * layer.matmul_rows;
    return kept ? std::min<std::uint64_t>(rows, 1)
                : divided_up(rows, block_rows(config, UINT32_MAX));
  };
  const std::uint64_t weights =
      layer.extent / shape.extent * fetches(shape.extent) + fetches(layer.extent % shape.extent);
  return layer.input_traffic(shape.extent) + output * tiling.outputs +
         layer.repeats * weights * tiling.inputs * tiling.outputs;
}

std::vector<BandCandidate> band_candidates(const BandedLayer& layer, const ArrayConfig& config,
                                           std::uint64_t bytes) {
  std::vector<SizedCandidate> result;
  for (const std::uint64_t extent : extents(layer.extent)) {
    for (const std::uint32_t columns : column_groups(layer)) {
      for (const std::uint32_t areas : {0U, 1U, 2U, 3U}) {
        const BandShape shape{extent, columns, 1 + areas % 2, 1 + areas / 2, layer.axis};
        const bool one =
            layer.repeats == 1 && shape.extent == layer.extent && shape.input_areas == 2;
        const std::uint64_t needs = buffer_bytes(layer, shape);
        if (!one && needs <= bytes) {
          result.push_back(
              {{shape, cost_of(layer, shape, config)}, needs, traffic_of(layer, shape, config)});
        }
      }
    }
  }
  return without_costlier_traffic(std::move(result));
}

}  // namespace systol
