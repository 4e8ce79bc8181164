#include "sim/memory/dram.h"

#include <algorithm>
#include <limits>

namespace systol {

Dram::Dram(const DramConfig& config)
    : address_(config),
      burst_bytes_(config.burst().count()),
      banks_of_group_(config.banks),
      channels_(config.channels, DramChannel(config)) {}

DramData Dram::request(std::uint64_t now, std::uint64_t base, const MemoryRequest& request,
                       DramCounts& counts) {
  DramData moved{std::numeric_limits<std::uint64_t>::max(), now};
  const auto served = [&](DramData data) {
    moved.from = std::min(moved.from, data.from);
    moved.to = std::max(moved.to, data.to);
  };
  for (const MemoryPiece& piece : request.pieces) {
    if (piece.bytes == 0) {
      continue;
    }
    const std::uint64_t first = (base + piece.address) / burst_bytes_;
    const std::uint64_t last = (base + piece.address + piece.bytes - 1) / burst_bytes_;
    address_.go_to(first);
    for (std::uint64_t burst = first; burst <= last;) {
      if (const std::uint64_t stripes = address_.stripes(last + 1 - burst); stripes > 0) {
        const auto bank = static_cast<std::uint32_t>(address_[DramField::Bank]);
        for (DramChannel& channel : channels_) {
          channel.add_stripes({address_[DramField::Row], bank, stripes, request.writes}, now,
                              counts, served);
        }
        burst += stripes * address_.stripe();
        address_.go_to(burst);
        continue;
      }
      const auto group = static_cast<std::uint32_t>(address_[DramField::Group]);
      const auto bank = static_cast<std::uint32_t>(address_[DramField::Bank]);
      channels_[address_[DramField::Channel]].add(
          {address_[DramField::Row], group * banks_of_group_ + bank, group, request.writes, 0}, now,
          counts, served);
      ++burst;
      address_.next();
    }
  }
  for (DramChannel& channel : channels_) {
    channel.drain(counts, served);
  }
  moved.from = std::min(moved.from, moved.to);
  return moved;
}

std::uint64_t Dram::refreshes_due(std::uint64_t end) const {
  std::uint64_t count = 0;
  for (const DramChannel& channel : channels_) {
    count += channel.refreshes_due(end);
  }
  return count;
}

}  // namespace systol
