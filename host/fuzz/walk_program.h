// Random programs, made by hand as it were, whose commands walk over the buffer in nested loops.
#pragma once

#include "host/import/synthetic.h"
#include "hw/isa/command.h"
#include "sim/config/array_config.h"

namespace systol {

/// `rounds` times: data comes in, a tile from a memory or from the buffer is multiplied, sums are
/// activated, the vector unit does something with the buffer, and something is stored. Every walk
/// is drawn: up to three loops in any order, reads that overlap, rows of several segments, windows,
/// both forms of load_tile. Commands are ordered by tokens where they touch the same bytes, which
/// is found byte by byte, and nowhere else. The buffer has at least kWalkBuffer bytes.
isa::Program draw_walk_program(const ArrayConfig& config, SplitMix64 random, std::uint32_t rounds);

inline constexpr std::uint64_t kWalkBuffer = 4096;

}  // namespace systol
