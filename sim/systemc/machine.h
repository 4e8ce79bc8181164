// The state that the units of one run share.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "hw/isa/command.h"
#include "sim/config/array_config.h"
#include "sim/device.h"
#include "sim/snapshot.h"

namespace systol {

/// Tokens on their way from unit to unit.
class Tokens {
 public:
  /// The units of `from` that have given no token for `unit` to take.
  isa::UnitSet missing(isa::Unit unit, isa::UnitSet from) const;
  void take(isa::Unit unit, isa::UnitSet from);
  void give(isa::Unit from, isa::UnitSet to);
  void restore(const Snapshot& snapshot) { counts_ = snapshot.tokens; }

 private:
  std::uint64_t& count(isa::Unit from, isa::Unit to) {
    return counts_[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)];
  }
  std::array<std::array<std::uint64_t, isa::kUnits>, isa::kUnits> counts_{};
};

/// A tile of weights, or of activations on an input-stationary array, padded with zeros to the
/// array's size.
struct WeightTile {
  bool ready = false;               ///< arrived
  std::vector<std::int8_t> values;  ///< bytes of [rows][columns] lanes of the array
  std::uint32_t node = 0;           ///< of the command that loads it
  std::uint32_t rows = 0;           ///< without padding
  std::uint32_t columns = 0;
};

/// Tiles on their way to the array. A slot is taken when a tile is requested and free again when
/// the tile has left for the shadow registers, or with sums in place has been fed.
struct WeightFifo {
  std::deque<WeightTile> tiles;  ///< front: the next to leave
  bool leaving = false;          ///< a tile leaves and still has its slot

  std::size_t slots_taken() const { return tiles.size() + (leaving ? 1 : 0); }
  bool front_ready() const { return !tiles.empty() && tiles.front().ready; }
};

/// A command on its way through a unit.
struct Issued {
  std::uint64_t index = 0;
  isa::Command command;
  Cycles start;
  Cycles end;
};

struct Machine {
  Machine(const ArrayConfig& array, std::size_t nodes, Observer* watcher)
      : config(array), buffer(array.unified_buffer.count()), observer(watcher) {
    result.nodes.resize(nodes);
    result.srams = SramActivity(array);
  }

  /// Buffer, FIFO and tokens.
  void restore(const Snapshot& snapshot);

  Activity& activity(const Issued& issued) {
    return result.nodes[issued.command.origin.node].activity;
  }

  /// `bytes` bytes of the unified buffer from `address` on are read, or written, for a command.
  void count_read(const Issued& issued, std::uint64_t address, std::uint64_t bytes) {
    activity(issued)[Action::BufferReadBytes] += bytes;
    count_banks(result.srams[Sram::UnifiedBuffer].reads, address, bytes);
  }
  void count_write(const Issued& issued, std::uint64_t address, std::uint64_t bytes) {
    activity(issued)[Action::BufferWriteBytes] += bytes;
    count_banks(result.srams[Sram::UnifiedBuffer].writes, address, bytes);
  }

  /// Of an activation, or of a weight that is not packed.
  std::size_t value_bytes() const { return isa::value_bytes(config.pe); }
  /// Of either operand's lane on the pins.
  std::size_t lane_bytes() const { return isa::lane_bytes(config.pe); }

  const ArrayConfig& config;
  std::vector<std::uint8_t> buffer;  ///< the unified buffer
  WeightFifo fifo;
  Tokens tokens;
  RunResult result;
  Observer* observer;  ///< may be null

 private:
  static void count_banks(std::vector<std::uint64_t>& banks, std::uint64_t address,
                          std::uint64_t bytes) {
    std::size_t bank = address % banks.size();
    for (std::uint64_t i = 0; i < bytes; ++i) {
      ++banks[bank];
      bank = bank + 1 == banks.size() ? 0 : bank + 1;
    }
  }
};

}  // namespace systol
