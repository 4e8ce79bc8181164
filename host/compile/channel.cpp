#include "host/compile/channel.h"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace systol {
namespace {

constexpr double kPicoseconds = 1e-12;

std::size_t memory_of(const ArrayConfig& config, isa::Space space) {
  return config.memory_of_space()[static_cast<std::size_t>(space)];
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
