#include "host/compile/band_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <utility>

#include "host/compile/channel.h"
#include "host/compile/constants.h"

namespace systol {
namespace {

/// Into how many blocks of the accumulators' rows so many indices of the axis are cut.
std::uint64_t blocks_of(const BandedLayer& layer, std::uint64_t extent, const ArrayConfig& config) {
  if (extent == 0) {
    return 0;
  }
  const std::uint64_t rows = extent * layer.matmul_rows;
  const std::uint64_t most = block_rows(config, UINT32_MAX);
  const std::uint64_t blocks = divided_up(rows, most);
  const std::uint64_t images = divided_up(rows, layer.together);
  const std::uint64_t equal = divided_up(images, blocks) * layer.together;
  if (equal <= most || most < layer.together) {
    return blocks;
  }
  return divided_up(images, std::max<std::uint64_t>(1, divided_up(rows, blocks) / layer.together));
}

/// What the parts of one shape take, in cycles.
class Cost {
 public:
  Cost(const BandedLayer& layer, const BandShape& shape, std::uint64_t input_traffic,
       const ArrayConfig& config)
      : layer_(layer),
        shape_(shape),
        input_traffic_(input_traffic),
        config_(config),
        weights_(channel_of(config, isa::Space::Weights)),
        activations_(channel_of(config, isa::Space::Activations)),
        bands_(layer.repeats * divided_up(layer.extent, shape.extent)),
        groups_(divided_up(layer.tiling->column_tiles(), shape.column_tiles)) {}

  Cycles cycles() const { return Cycles(static_cast<std::uint64_t>(std::ceil(total()))); }

 private:
  double total() const {
    const double bands = static_cast<double>(bands_);
    const double matmuls =
        of_all_bands([this](std::uint64_t extent) { return matmuls_of(extent); });
    const double load = load_of_all();
    const double store = store_of_all();
    const double weights =
        of_all_bands([this](std::uint64_t extent) { return weights_of(extent); });
    const double moved =
        share_a_memory(config_) ? load + store + weights : std::max(load + store, weights);
    // What the first band waits for, and what follows the last matmul.
    const double share =
        static_cast<double>(shape_.extent) / static_cast<double>(layer_.repeats * layer_.extent);
    const double first = input_traffic_ > 0 ? load * share + activations_.latency : 0;
    const double last = layer_.output_in_memory
                            ? store / (bands * static_cast<double>(groups_)) + activations_.latency
                            : 0;
    double exposed = first + last;
    if (shape_.input_areas == 1 && input_traffic_ > 0) {
      exposed += load * (1 - share) + (bands - 1) * activations_.latency;
    }
    if (shape_.output_areas == 1 && layer_.output_in_memory) {
      exposed += (bands * static_cast<double>(groups_) - 1) * last;
    }
    return std::max(matmuls + exposed, moved + activations_.latency);
  }

  /// The last band may have fewer rows.
  template <class OfBand>
  double of_all_bands(const OfBand& of_band) const {
    const std::uint64_t rest = layer_.extent % shape_.extent;
    const std::uint64_t whole = layer_.extent / shape_.extent;
    return static_cast<double>(layer_.repeats) *
           (static_cast<double>(whole) * of_band(shape_.extent) + (rest > 0 ? of_band(rest) : 0));
  }

  std::uint64_t blocks(std::uint64_t extent) const { return blocks_of(layer_, extent, config_); }

  double matmuls_of(std::uint64_t extent) const {
    const Tiling& tiling = *layer_.tiling;
    const double rows =
        static_cast<double>(extent * layer_.matmul_rows) / static_cast<double>(blocks(extent));
    const double shortest =
        std::max({rows, static_cast<double>(config_.rows), interval_of_tiles(tiling, config_)});
    return static_cast<double>(blocks(extent)) * static_cast<double>(tiling.row_tiles()) *
           static_cast<double>(tiling.column_tiles()) * shortest;
  }

  double weights_of(std::uint64_t extent) const {
    return weights_.cycles_per_byte * static_cast<double>(blocks(extent)) * layer_.tiling->inputs *
           layer_.tiling->outputs;
  }

  double load_of_all() const {
    return activations_.cycles_per_byte * static_cast<double>(input_traffic_);
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
  std::uint64_t input_traffic_;
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
  std::uint64_t input_traffic = 0;
};

/// The machine with more bandwidth.
std::vector<ArrayConfig> wider_machines(const ArrayConfig& config) {
  const auto time_of = [](const ArrayConfig& machine) {
    return channel_of(machine, isa::Space::Activations).cycles_per_byte;
  };
  std::vector<ArrayConfig> machines = machines_of_any_bandwidth(config);
  std::erase_if(machines, [&](const auto& machine) { return time_of(machine) >= time_of(config); });
  return machines;
}

/// Candidates of one layer that fit the buffer, by their number: the cheapest first.
class Candidates {
 public:
  Candidates(const BandedLayer& layer, const ArrayConfig& config, std::vector<SizedCandidate> all)
      : layer_(layer), wider_(wider_machines(config)), all_(std::move(all)) {
    // Of equal ones those that were found first: larger bands, fewer areas.
    std::ranges::stable_sort(all_, {},
                             [](const SizedCandidate& sized) { return sized.candidate.cost; });
  }

  /// Candidate `best`, then those that are no cheaper.
  std::vector<BandCandidate> from(std::size_t best) const {
    std::vector<BandCandidate> result;
    std::transform(all_.begin() + static_cast<std::ptrdiff_t>(best), all_.end(),
                   std::back_inserter(result), [](const auto& sized) { return sized.candidate; });
    return result;
  }

  /// The cheapest without those that are cheaper but move more than what a smaller buffer would
  /// have chosen: a larger buffer never costs traffic. What moves much less than the cheapest so
  /// far, and takes hardly longer, is chosen before it.
  std::size_t best() const {
    std::vector<std::size_t> by_bytes(all_.size());
    std::iota(by_bytes.begin(), by_bytes.end(), std::size_t{0});
    std::ranges::stable_sort(by_bytes, {}, [&](std::size_t i) { return all_[i].bytes; });
    std::size_t chosen = by_bytes.front();
    std::size_t cheapest = chosen;
    for (const std::size_t i : by_bytes) {
      if (all_[i].traffic > all_[chosen].traffic) {
        continue;
      }
      const bool thrifty = all_[i].traffic < all_[chosen].traffic && spares(i, cheapest);
      chosen = i < chosen || thrifty ? i : chosen;
      cheapest = std::min(cheapest, i);
    }
    return chosen;
  }

 private:
  Cycles cost(const ArrayConfig& machine, std::size_t i) const {
    return Cost(layer_, all_[i].candidate.shape, all_[i].input_traffic, machine).cycles();
  }

  /// Whether candidate `i` moves at least 1/64 less than another and takes at most 1/200 longer, at
  /// the machine's bandwidth and at any higher one: more of it keeps the choice.
  bool spares(std::size_t i, std::size_t other) const {
    return 64 * all_[i].traffic <= 63 * all_[other].traffic &&
           hardly_dearer(all_[i].candidate.cost, all_[other].candidate.cost) &&
           std::ranges::all_of(wider_, [&](const ArrayConfig& machine) {
             return hardly_dearer(cost(machine, i), cost(machine, other));
           });
  }

  static bool hardly_dearer(Cycles cost, Cycles other) {
    return 200 * cost.count() <= 201 * other.count();
  }

  const BandedLayer& layer_;
  std::vector<ArrayConfig> wider_;
  std::vector<SizedCandidate> all_;
};

/// All rows, a half, a third ... of them, and each number from sixteen down to one.
std::vector<std::uint64_t> extents(std::uint64_t all) {
  constexpr std::uint64_t kFew = 16;
  std::vector<std::uint64_t> result;
  for (std::uint64_t bands = 1; divided_up(all, bands) > kFew;
       bands += std::max<std::uint64_t>(1, bands / 8)) {
    const std::uint64_t extent = divided_up(all, bands);
    if (result.empty() || result.back() != extent) {
      result.push_back(extent);
    }
  }
  for (std::uint64_t extent = std::min(all, kFew); extent > 0; --extent) {
    result.push_back(extent);
  }
  return result;
}

/// All column tiles, a half, a quarter ... of them, down to one.
std::vector<std::uint32_t> column_groups(const BandedLayer& layer) {
  const std::uint32_t all = layer.tiling->column_tiles();
  std::vector<std::uint32_t> result{all};
  if (!layer.output_in_memory) {
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
  return Cost(layer, shape, layer.input_traffic(shape.extent), config).cycles();
}

std::uint64_t traffic_of(const BandedLayer& layer, const BandShape& shape,
                         const ArrayConfig& config) {
  const Tiling& tiling = *layer.tiling;
  const std::uint64_t output =
      layer.repeats * layer.extent * layer.matmul_rows * (layer.output_in_memory ? 1 : 0);
  const bool kept = tiling.row_tiles() == 1 && config.dataflow != Dataflow::OutputStationary;
  const auto fetches = [&](std::uint64_t indices) {
    return kept ? std::min<std::uint64_t>(indices, 1) : blocks_of(layer, indices, config);
  };
  const std::uint64_t weights =
      layer.extent / shape.extent * fetches(shape.extent) + fetches(layer.extent % shape.extent);
  return layer.input_traffic(shape.extent) + output * tiling.outputs +
         layer.repeats * weights * tiling.inputs * tiling.outputs;
}

std::vector<BandCandidate> band_candidates(const BandedLayer& layer, const ArrayConfig& config,
                                           std::uint64_t bytes) {
  std::vector<SizedCandidate> all;
  for (const std::uint64_t extent : extents(layer.extent)) {
    const std::uint64_t input_traffic = layer.input_traffic(extent);
    for (const std::uint32_t columns : column_groups(layer)) {
      for (const std::uint32_t areas : {0U, 1U, 2U, 3U}) {
        const BandShape shape{extent, columns, 1 + areas % 2, 1 + areas / 2, layer.axis};
        const bool one =
            layer.repeats == 1 && shape.extent == layer.extent && shape.input_areas == 2;
        const std::uint64_t needs = buffer_bytes(layer, shape);
        if (!one && needs <= bytes) {
          all.push_back({{shape, Cost(layer, shape, input_traffic, config).cycles()},
                         needs,
                         traffic_of(layer, shape, config),
                         input_traffic});
        }
      }
    }
  }
  if (all.empty()) {
    return {};
  }
  const Candidates candidates(layer, config, std::move(all));
  return candidates.from(candidates.best());
}

}  // namespace systol
