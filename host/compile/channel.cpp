#include "host/compile/channel.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <set>

namespace systol {
namespace {

constexpr double kPicoseconds = 1e-12;

std::size_t memory_of(const ArrayConfig& config, isa::Space space) {
  return config.memory_of_space()[static_cast<std::size_t>(space)];
}

/// With memories that move so many bytes in a cycle, or without a limit.
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

/// With memories of so much of their bandwidth each.
ArrayConfig with_part_of_bandwidth(ArrayConfig config, double part) {
  for (MemoryConfig& memory : config.memories) {
    if (memory.bandwidth) {
      const double bytes = static_cast<double>(memory.bandwidth->count()) * part;
      memory.bandwidth =
          BytesPerSecond(std::max<std::uint64_t>(1, static_cast<std::uint64_t>(bytes)));
    }
  }
  return config;
}

/// 0 where no memory is limited to a bandwidth.
double largest_bandwidth(const ArrayConfig& config) {
  std::uint64_t largest = 0;
  for (const MemoryConfig& memory : config.memories) {
    largest = std::max(largest, memory.bandwidth.value_or(BytesPerSecond(0)).count());
  }
  return static_cast<double>(largest);
}

}  // namespace

double Channel::time(double bytes, double requests, std::uint32_t outstanding) const {
  return std::max({cycles_per_byte * bytes, requests, requests * (latency + 1) / outstanding});
}

Channel channel_of(const ArrayConfig& config, isa::Space space) {
  const auto clock = static_cast<double>(config.clock.count());
  const MemoryConfig& memory = config.memories[memory_of(config, space)];
  Channel channel;
  channel.latency = static_cast<double>(memory.first_latency().count()) * kPicoseconds * clock;
  if (const std::optional<BytesPerSecond> bandwidth = memory.peak_bandwidth()) {
    channel.cycles_per_byte = clock / static_cast<double>(bandwidth->count());
  }
  return channel;
}

bool share_a_memory(const ArrayConfig& config) {
  return memory_of(config, isa::Space::Weights) == memory_of(config, isa::Space::Activations);
}

std::vector<ArrayConfig> machines_of_any_bandwidth(const ArrayConfig& config) {
  constexpr int kLeast = -2;
  constexpr int kMost = 8;
  std::vector<ArrayConfig> machines;
  for (int power = kLeast; power <= kMost; ++power) {
    machines.push_back(with_bandwidth(config, std::ldexp(1.0, power)));
  }
  machines.push_back(with_bandwidth(config, std::nullopt));
  return machines;
}

std::vector<ArrayConfig> machines_up_to(const ArrayConfig& config) {
  constexpr double kUnit = 1e9;  // bytes a second
  constexpr int kHalvings = 6;
  const double largest = largest_bandwidth(config);
  const int above = largest > 0 ? std::ilogb(largest / kUnit) + 1 : 0;
  std::set<double> bandwidths;
  for (int i = 0; i <= kHalvings && largest > 0; ++i) {
    bandwidths.insert(std::ldexp(largest, -i));
    bandwidths.insert(std::ldexp(kUnit, above - i));
    bandwidths.insert(std::ldexp(1.5 * kUnit, above - i - 1));
  }
  std::vector<ArrayConfig> machines;
  for (const double bandwidth : bandwidths) {
    if (bandwidth < largest) {
      machines.push_back(with_part_of_bandwidth(config, bandwidth / largest));
    }
  }
  machines.push_back(config);
  return machines;
}

double interval_of_tiles(const Tiling& tiling, const ArrayConfig& config) {
  const Channel weights = channel_of(config, isa::Space::Weights);
  const double transfer =
      weights.cycles_per_byte *
      static_cast<double>(isa::tile_bytes(config.rows, tiling.tile_columns, config.pe));
  const double held = transfer + weights.latency + 1;
  return std::max(
      {transfer, (held + config.rows) / config.weight_fifo_tiles, held / config.dma_outstanding});
}

}  // namespace systol
