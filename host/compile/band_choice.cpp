#include "host/compile/band_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

#include "host/compile/channel.h"
#include "host/compile/constants.h"

namespace systol {
namespace {

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
    const double matmuls = bands * matmuls_of_band();
    const double load = load_of_all();
    const double store = store_of_all();
    const double weights = bands * weights_of_band();
    const double moved =
        share_a_memory(config_) ? load + store + weights : std::max(load + store, weights);
    // What the first band waits for, and what follows the last matmul.
    const double first = input_traffic_ > 0 ? load / bands + activations_.latency : 0;
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

/// The same machine with memories that move so many bytes in a cycle, or without a limit.
ArrayConfig with_bandwidth(ArrayConfig config, std::optional<double> bytes_per_cycle) {
  for (MemoryConfig& memory : config.memories) {
    memory.bandwidth.reset();
    if (bytes_per_cycle) {
      const double bytes = *bytes_per_cycle * static_cast<double>(config.clock.count());
      memory.bandwidth =
          BytesPerSecond(std::max<std::uint64_t>(1, static_cast<std::uint64_t>(bytes)));
    }
  }
  return config;
}

/// Candidates of one layer that fit the buffer, by their number: the cheapest first.
class Candidates {
 public:
  using Numbers = std::set<std::size_t>;

  Candidates(const BandedLayer& layer, const ArrayConfig& config, std::vector<SizedCandidate> all)
      : layer_(layer), config_(config), all_(std::move(all)), by_bytes_(all_.size()) {
    // Of equal ones those that were found first: larger bands, fewer areas.
    std::ranges::stable_sort(all_, {},
                             [](const SizedCandidate& sized) { return sized.candidate.cost; });
    std::iota(by_bytes_.begin(), by_bytes_.end(), std::size_t{0});
    std::ranges::stable_sort(by_bytes_, {}, [&](std::size_t i) { return all_[i].bytes; });
  }

  /// Candidate `best`, then those that are no cheaper.
  std::vector<BandCandidate> from(std::size_t best) const {
    std::vector<BandCandidate> result;
    std::transform(all_.begin() + static_cast<std::ptrdiff_t>(best), all_.end(),
                   std::back_inserter(result), [](const auto& sized) { return sized.candidate; });
    return result;
  }

  /// The cheapest without those that are cheaper but move more than what a smaller buffer would
  /// have chosen. From one size of buffer to the next the choice changes only to what is no worse
  /// in either, so that a larger buffer never costs time or traffic.
  std::size_t cheapest() const {
    std::size_t last = by_bytes_.front();
    choose([](std::size_t i, std::size_t chosen) { return i < chosen; },
           [&](std::size_t i) { last = i; });
    return last;
  }

  /// The fastest, by measured times, of what is the cheapest in some buffer at some bandwidth,
  /// whatever the machine's is: with more bandwidth the same are looked at. What moves more than
  /// one that needs less of the buffer is left out, unless it is the cheapest in this buffer.
  std::size_t fastest(const MeasureBands& measure) const {
    std::optional<std::pair<Cycles, std::size_t>> best;
    std::uint64_t least_traffic = std::numeric_limits<std::uint64_t>::max();
    const Cheapest wanted = cheapest_anywhere();
    for (const std::size_t i : by_bytes_) {
      const bool moves_no_more = all_[i].traffic <= least_traffic;
      if (!(moves_no_more ? wanted.in_some_buffer : wanted.in_this_buffer).contains(i)) {
        continue;
      }
      if (const std::optional<Cycles> cycles = measure(all_[i].candidate.shape)) {
        best = std::min(best.value_or(std::pair(*cycles, i)), std::pair(*cycles, i));
        least_traffic = std::min(least_traffic, all_[i].traffic);
      }
    }
    return best ? best->second : cheapest();
  }

 private:
  /// Calls take(i) with each choice, from one size of the buffer to the next.
  template <class Cheaper, class Take>
  void choose(Cheaper&& cheaper, Take&& take) const {
    std::size_t chosen = by_bytes_.front();
    take(chosen);
    for (const std::size_t i : by_bytes_) {
      if (all_[i].traffic <= all_[chosen].traffic && cheaper(i, chosen)) {
        chosen = i;
        take(i);
      }
    }
  }

  struct Cheapest {
    Numbers in_some_buffer;
    Numbers in_this_buffer;
  };

  Cheapest cheapest_anywhere() const {
    constexpr int kLeast = -2;  // a quarter of a byte a cycle
    constexpr int kMost = 8;
    Cheapest found{{cheapest()}, {cheapest()}};
    add_cheapest(with_bandwidth(config_, std::nullopt), found);
    for (int power = kLeast; power <= kMost; ++power) {
      add_cheapest(with_bandwidth(config_, std::ldexp(1.0, power)), found);
    }
    return found;
  }

  void add_cheapest(const ArrayConfig& config, Cheapest& found) const {
    std::vector<std::pair<Cycles, std::uint64_t>> costs;
    for (const SizedCandidate& sized : all_) {
      const Cost cost(layer_, sized.candidate.shape, sized.input_traffic, config);
      costs.emplace_back(cost.cycles(), sized.traffic);
    }
    std::size_t last = 0;
    choose([&](std::size_t i, std::size_t chosen) { return costs[i] < costs[chosen]; },
           [&](std::size_t i) { found.in_some_buffer.insert(last = i); });
    found.in_this_buffer.insert(last);
  }

  const BandedLayer& layer_;
  const ArrayConfig& config_;
  std::vector<SizedCandidate> all_;
  std::vector<std::size_t> by_bytes_;
};

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
  return Cost(layer, shape, layer.input_traffic(shape.extent), config).cycles();
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
                                           std::uint64_t bytes, const MeasureBands& measure) {
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
  return candidates.from(measure ? candidates.fastest(measure) : candidates.cheapest());
}

}  // namespace systol
