// A machine in the middle of a program: what one engine hands to another.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "hw/isa/command.h"
#include "sim/memory/memory_image.h"
#include "sim/memory/memory_timing.h"

namespace systol {

/// What the vector unit knows of a row between the parts of its softmax.
struct SoftmaxRow {
  std::int8_t maximum = 0;
  std::uint64_t sum = 0;         ///< of the exponentials so far
  std::uint64_t reciprocal = 0;  ///< 2^40 / sum, once the sum is whole
};

/// The state at the beginning of `cycle`, before anything completes, is dispatched or starts in it.
///
/// What has started counts as done where values are concerned: commands that could see the
/// difference are ordered after its completion, which is still to come where `end` is not before
/// `cycle`.
struct Snapshot {
  struct Waiting {
    std::uint64_t index = 0;  ///< in the program
    isa::Command command;
  };
  struct Running {
    std::uint64_t index = 0;
    isa::Command command;
    Cycles start;
    Cycles end;
  };
  struct Tile {
    std::vector<std::int8_t> values;  ///< bytes of [rows][columns] of the array, padded with zeros
    bool ready = false;               ///< has arrived, or does so with its command
    std::uint32_t rows = 0;           ///< without padding
    std::uint32_t columns = 0;
  };
  using PerUnit = std::array<std::uint64_t, isa::kUnits>;

  Cycles cycle;
  std::uint64_t fetched = 0;  ///< commands that left the source, `undispatched` included
  std::deque<Waiting> undispatched;
  std::array<std::deque<Waiting>, isa::kUnits> queues;
  std::array<std::deque<Running>, isa::kUnits> running;  ///< in order; `end` >= cycle
  std::array<PerUnit, isa::kUnits> tokens{};             ///< [from][to]: given and not taken
  std::vector<MemoryTiming> memories;                    ///< in the config's order

  MemoryImage memory;
  std::vector<std::uint8_t> buffer;
  std::vector<std::int32_t> accumulators;  ///< [accumulator rows][columns]
  std::vector<std::int32_t> sums;          ///< in place: [rows][columns] of the array
  std::vector<std::uint8_t> channels;      ///< nine planes of `columns` bytes
  std::array<std::int8_t, isa::kTableEntries> table{};
  SoftmaxRow softmax;

  Tile active;                    ///< in the PEs: of the last matmul that took one
  std::deque<Tile> tiles;         ///< in the FIFO, without the one that shifts or is fed
  std::optional<Tile> shadow;     ///< shifted, or shifting, and not active yet
  std::optional<Cycles> shifted;  ///< the last shift's start; its slot is free R cycles later
  bool fed_before = false;        ///< any matmul has started
  Cycles last_fed;  ///< of the last matmul that started, its last row: maybe still to come
  std::uint32_t last_accumulator = 0;     ///< row that it fed last
  std::optional<Cycles> last_drain_step;  ///< in place: of the last product that drained
  Cycles tile_port_free;                  ///< when the next load_tile may start
  std::uint32_t node = 0;                 ///< of the last matmul that started
};

}  // namespace systol
