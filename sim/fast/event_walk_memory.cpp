// The walk's requests to the memories.
#include "sim/fast/event_walk.h"
#include "sim/timing.h"

namespace systol {
namespace {

/// What a command moves between a memory and the chip.
struct Moved {
  isa::Space space;
  Bytes size;
};

Moved moved_by(const isa::Operation& operation, const ArrayConfig& config) {
  if (const auto* weights = std::get_if<isa::LoadWeights>(&operation)) {
    return {weights->space, timing::fetched_bytes(*weights, config)};
  }
  if (const auto* load = std::get_if<isa::Load>(&operation)) {
    return {load->space, Bytes(load->bytes())};
  }
  const auto& store = std::get<isa::Store>(operation);
  return {store.space, Bytes(store.bytes())};
}

void add_pieces(const isa::Transfer& transfer, std::vector<MemoryPiece>& pieces) {
  const isa::Pieces merged = isa::merged(transfer.memory, transfer.piece_bytes);
  merged.walk.for_each([&](std::uint64_t address) { append(pieces, {address, merged.bytes}); });
}

}  // namespace

/// Enters a command's transactions at its memory; returns when the last one is complete.
Cycles EventWalk::request(const isa::Command& command, Cycles now, Event& event) {
  const Moved moved = moved_by(command.operation, config_);
  const std::size_t index = memory_of_space_[static_cast<std::size_t>(moved.space)];
  MemoryTiming& memory = memories_[index];
  event.space = moved.space;
  event.channel = memory.moved() > now ? last_request_[index] : 0;
  event.from = std::max(memory.moved(), now);
  last_request_[index] = history_.next();
  // Back-to-back pieces are one transaction, but a channel does not round between requests: the
  // last of many ends when one of their whole size would.
  const Cycles answered = memory.has_banks() ? request_of_banks(command, moved.space, memory, now)
                                             : memory.request(now, moved.size);
  event.moved = memory.moved();
  if (observer_ != nullptr) {
    const auto [from, to] = memory.busy();
    observer_->moved({isa::unit_of(command), index, moved.size, from, to});
  }
  return answered;
}

Cycles EventWalk::request_of_banks(const isa::Command& command, isa::Space space,
                                   MemoryTiming& memory, Cycles now) {
  pieces_.clear();
  const auto* store = std::get_if<isa::Store>(&command.operation);
  if (const auto* weights = std::get_if<isa::LoadWeights>(&command.operation)) {
    // A tile's padding lies behind it.
    pieces_.push_back({weights->memory, timing::fetched_bytes(*weights, config_).count()});
  } else if (store != nullptr) {
    add_pieces(*store, pieces_);
  } else {
    add_pieces(std::get<isa::Load>(command.operation), pieces_);
  }
  DramCounts& counts = dram_counts_[command.origin.node][static_cast<std::size_t>(space)];
  return memory.request(now, {space, store != nullptr, pieces_}, counts);
}

void EventWalk::add_dram_counts(std::span<NodeResult> nodes) const {
  for (std::size_t node = 0; node < nodes.size(); ++node) {
    for (std::size_t space = 0; space < isa::kSpaces; ++space) {
      nodes[node].activity.add(static_cast<isa::Space>(space), dram_counts_[node][space]);
    }
  }
  // Refreshes that no request has met are the last node's.
  for (std::size_t i = 0; i < memories_.size() && !nodes.empty(); ++i) {
    const isa::Space space = config_.memories[i].holds.front();
    nodes.back().activity[dram_action(space, DramEvent::Refreshes)] +=
        memories_[i].refreshes_due(finish_.time);
  }
}

}  // namespace systol
