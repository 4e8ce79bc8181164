#include "sim/config/minimum_buffer.h"

#include <algorithm>

namespace systol {
namespace {

constexpr std::uint64_t kCopies = 2;  ///< of what is loaded while the last one is used

/// With tiles of `outputs` outputs.
std::uint64_t reserved_for(const ArrayConfig& config, std::uint64_t outputs) {
  const std::uint64_t weights = config.dataflow == Dataflow::InputStationary ? config.rows : 0;
  return kTableBytes + kCopies * outputs * (isa::kChannelPlanes + weights);
}
std::uint64_t row_for(const ArrayConfig& config, std::uint64_t outputs) {
  return kCopies * (std::uint64_t{config.rows} * isa::lane_values(config.pe) + outputs);
}

/// The most outputs with which the share and one row fit; 0 if not even one does.
std::uint64_t most_outputs(const ArrayConfig& config) {
  const std::uint64_t fixed = kTableBytes + kCopies * config.rows;
  const std::uint64_t bytes = config.unified_buffer.count();
  return bytes < fixed
             ? 0
             : (bytes - fixed) / (kCopies * (config.rows + isa::kChannelPlanes + std::uint64_t{1}));
}

}  // namespace

std::uint32_t tile_outputs(const ArrayConfig& config) {
  if (config.dataflow != Dataflow::InputStationary) {
    return config.columns;
  }
  constexpr std::uint64_t kShareOfBuffer = 4;
  const std::uint64_t bytes = kCopies * (std::uint64_t{config.rows} + isa::kChannelPlanes);
  const std::uint64_t share = config.unified_buffer.count() / kShareOfBuffer / bytes;
  const std::uint64_t half = config.accumulator_rows / 2;
  return static_cast<std::uint32_t>(
      std::max<std::uint64_t>(1, std::min({half, share, most_outputs(config)})));
}

std::uint64_t reserved_bytes(const ArrayConfig& config) {
  return reserved_for(config, tile_outputs(config));
}

std::uint64_t streamed_row_bytes(const ArrayConfig& config) {
  return row_for(config, tile_outputs(config));
}

Bytes minimum_buffer(const ArrayConfig& config) {
  const std::uint64_t outputs =
      config.dataflow == Dataflow::InputStationary ? 1 : std::uint64_t{config.columns};
  return Bytes(reserved_for(config, outputs) + row_for(config, outputs));
}

}  // namespace systol
