// The machine's size and speed, checked: what every stage after the YAML file reads.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "hw/isa/command.h"
#include "hw/isa/pe_type.h"
#include "sim/base/units.h"
#include "sim/config/dram_config.h"

namespace systol {

/// What stays in the PEs: a tile of weights, the sums, or a tile of activations.
enum class Dataflow : std::uint8_t { WeightStationary, OutputStationary, InputStationary };

/// When rows may meet a tile that shifts into the PEs: one row behind its wave, or when all its
/// rows have entered. Sums in place shift no tile.
enum class TileUse : std::uint8_t { Wave, Whole };

/// What `load_weights` moves of a tile that is smaller than the array: the weights that it has, or
/// as many bytes as the array has PEs, because tiles lie in the memory with their padding.
enum class TileFetch : std::uint8_t { Filled, Whole };

/// Whose clocks stand still while nothing needs them: nobody's; all of the array's and its skew's,
/// while the machine has nothing to do; or those of each PE's and each skew's registers.
enum class ClockGating : std::uint8_t { None, Array, Pe };

/// A channel, alone or in front of a DRAM with banks.
struct MemoryConfig {
  std::string name;
  std::vector<isa::Space> holds;            ///< at least one; each space is in exactly one memory
  std::optional<BytesPerSecond> bandwidth;  ///< of the channel; nothing: unlimited
  Picoseconds latency;                      ///< from the end of a transfer to its data's use
  std::string energy;                       ///< key of the energy table's `memories`
  std::string energy_place{};               ///< "file:line:column" of `energy`, for later errors
  std::optional<Bytes> capacity{};          ///< nothing: what depends on it is not charged
  std::optional<DramConfig> dram{};         ///< nothing: the channel is all

  /// What it can move at most, and how long it takes to answer when nothing is in the way: a DRAM
  /// as if it were a channel, each access to a closed row. For estimates.
  std::optional<BytesPerSecond> peak_bandwidth() const {
    if (!dram) {
      return bandwidth;
    }
    return bandwidth ? std::min(*bandwidth, dram->peak()) : dram->peak();
  }
  /// Of each space that it holds; nothing: without a limit.
  std::optional<Bytes> space_capacity() const {
    if (!dram) {
      return std::nullopt;
    }
    const std::uint64_t burst = dram->burst().count();
    return Bytes(dram->capacity.count() / burst / holds.size() * burst);
  }
  Picoseconds first_latency() const {
    return dram ? latency + (*dram)[DramTime::RCD] + (*dram)[DramTime::CL] : latency;
  }
};

/// A supply voltage, and the clock that the silicon is good for at it.
struct OperatingPoint {
  Millivolts voltage;
  Hertz clock;
};

struct ArrayConfig {
  std::string name;
  Hertz clock;
  std::vector<OperatingPoint> operating_points;  ///< of which `voltage` chooses one; may be empty
  std::optional<Millivolts> voltage;             ///< nothing: that of the energy table
  std::string voltage_place{};                   ///< "file:line:column" of it, for later errors
  std::uint32_t rows = 0;                        ///< PE rows, 1 to 1024
  std::uint32_t columns = 0;                     ///< PE columns, 1 to 1024
  Dataflow dataflow = Dataflow::WeightStationary;
  TileUse tile_use = TileUse::Wave;  ///< Wave with sums in place
  isa::PeType pe = isa::PeType::Int8;
  ClockGating clock_gating = ClockGating::Pe;
  std::uint32_t weight_fifo_tiles = 0;  ///< 1 to 64
  TileFetch tile_fetch = TileFetch::Filled;
  std::uint32_t accumulator_rows = 0;     ///< 1 to 65536, each `columns` int32 values
  Bytes unified_buffer;                   ///< 1 KiB to 1 GiB
  std::uint32_t buffer_slices = 1;        ///< SRAMs that it is made of, 1 to 1024
  std::uint32_t command_queue_depth = 0;  ///< commands that wait at each unit, 1 to 1024
  std::uint32_t dma_outstanding = 0;      ///< requests in flight per DMA unit, 1 to 64
  std::vector<MemoryConfig> memories;
  std::filesystem::path energy;  ///< energy table, as an absolute path

  /// Index of the memory that holds each space.
  std::array<std::size_t, isa::kSpaces> memory_of_space() const {
    std::array<std::size_t, isa::kSpaces> memory{};
    for (std::size_t i = 0; i < memories.size(); ++i) {
      for (const isa::Space space : memories[i].holds) {
        memory[static_cast<std::size_t>(space)] = i;
      }
    }
    return memory;
  }
};

}  // namespace systol
