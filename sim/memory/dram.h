// A DRAM with banks: requests, as the bursts of its channels.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hw/isa/command.h"
#include "sim/memory/dram_address.h"
#include "sim/memory/dram_channel.h"

namespace systol {

/// Bytes that lie together in a memory's space.
struct MemoryPiece {
  std::uint64_t address = 0;
  std::uint64_t bytes = 0;
};

/// Adds a piece behind the others; one that begins where the last ends makes that one longer.
inline void append(std::vector<MemoryPiece>& pieces, MemoryPiece piece) {
  if (!pieces.empty() && pieces.back().address + pieces.back().bytes == piece.address) {
    pieces.back().bytes += piece.bytes;
  } else {
    pieces.push_back(piece);
  }
}

/// What one command asks a memory for, all at once.
struct MemoryRequest {
  isa::Space space = isa::Space::Weights;
  bool writes = false;
  std::span<const MemoryPiece> pieces;
};

class Dram {
 public:
  explicit Dram(const DramConfig& config);

  /// Enters the bursts that the pieces touch, piece by piece, at clock `now` (never before an
  /// earlier request's), with addresses from `base` on. Returns from when to when their data are
  /// moved; now, where there are none.
  DramData request(std::uint64_t now, std::uint64_t base, const MemoryRequest& request,
                   DramCounts& counts);

  /// Refreshes of all channels up to clock `end` that no request has met.
  std::uint64_t refreshes_due(std::uint64_t end) const;

 private:
  DramAddress address_;
  std::uint64_t burst_bytes_;
  std::uint32_t banks_of_group_;
  std::vector<DramChannel> channels_;
};

}  // namespace systol
