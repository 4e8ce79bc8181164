// What a machine can be given more of without another program.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/config/array_config.h"

namespace systol {

enum class ParameterKind : std::uint8_t {
  Bandwidth,    ///< of a memory's channel, B/s
  Latency,      ///< of a memory, ps
  FifoTiles,    ///< weight_fifo.tiles
  Outstanding,  ///< dma.outstanding
  QueueDepth,   ///< command_queue.depth
  Clock,        ///< of the array, Hz; memories keep theirs
};

struct Parameter {
  ParameterKind kind = ParameterKind::Bandwidth;
  std::size_t memory = 0;  ///< of the config's; of bandwidth and latency
  bool operator==(const Parameter&) const = default;
};

/// A parameter's new value, in its base unit; a bandwidth of kNoLimit is unlimited.
struct Change {
  Parameter parameter;
  std::uint64_t value = 0;
  bool operator==(const Change&) const = default;
};
inline constexpr std::uint64_t kNoLimit = UINT64_MAX;

/// All that the array has: no bandwidth that is unlimited already, no latency of 0.
std::vector<Parameter> parameters_of(const ArrayConfig& config);
std::uint64_t value_of(const ArrayConfig& config, const Parameter& parameter);
ArrayConfig with_change(ArrayConfig config, const Change& change);

/// Better and better values, up to the best that a machine can have; of the clock up to eight times
/// what it is. Empty where it has that already.
std::vector<std::uint64_t> better_values(const ArrayConfig& config, const Parameter& parameter);

/// The key of the array's file: "memory.dram.bandwidth".
std::string key_of(const ArrayConfig& config, const Parameter& parameter);
/// "16 GB/s", "8".
std::string value_text(const Parameter& parameter, std::uint64_t value);
/// "4 more FIFO tiles", "memory dram with 16 GB/s instead of 8 GB/s".
std::string words_of(const ArrayConfig& config, const Change& change);

}  // namespace systol
