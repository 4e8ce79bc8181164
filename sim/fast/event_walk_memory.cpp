// The walk's requests to the memories.
#include <algorithm>

#include "sim/fast/event_walk.h"

namespace systol {
namespace {

void add_pieces(const isa::Transfer& transfer, std::vector<MemoryPiece>& pieces) {
  const isa::Pieces merged = isa::merged(transfer.memory, transfer.piece_bytes);
  merged.walk.for_each([&](std::uint64_t address) { append(pieces, {address, merged.bytes}); });
}

}  // namespace

/// Enters a command's transactions at its memory; returns when the last one is complete.
template <class Kind>
Cycles BasicEventWalk<Kind>::request(const Command& command, Cycles now, Event& event) {
  const std::size_t index = memory_of_space_[static_cast<std::size_t>(command.space)];
  MemoryTiming& memory = memories_[index];
  event.space = command.space;
  event.channel = memory.moved() > now ? last_request_[index] : 0;
  event.from = std::max(memory.moved(), now);
  last_request_[index] = history_.next();
  // Back-to-back pieces are one transaction, but a channel does not round between requests: the
  // last of many ends when one of their whole size would.
  const Cycles answered = memory.has_banks() ? request_of_banks(command, memory, now)
                                             : memory.request(now, command.bytes);
  event.moved = memory.moved();
  if (observer_ != nullptr) {
    const auto [from, to] = memory.busy();
    observer_->moved({command.unit, index, command.bytes, from, to});
  }
  return answered;
}

template <class Kind>
Cycles BasicEventWalk<Kind>::request_of_banks(const Command& command, MemoryTiming& memory,
                                              Cycles now) {
  pieces_.clear();
  const isa::Operation& operation = Kind::operation_of(command);
  const auto* store = std::get_if<isa::Store>(&operation);
  if (const auto* weights = std::get_if<isa::LoadWeights>(&operation)) {
    // A tile's padding lies behind it.
    pieces_.push_back({weights->memory, command.bytes.count()});
  } else if (store != nullptr) {
    add_pieces(*store, pieces_);
  } else {
    add_pieces(std::get<isa::Load>(operation), pieces_);
  }
  DramCounts& counts = dram_counts_[command.node][static_cast<std::size_t>(command.space)];
  return memory.request(now, {command.space, store != nullptr, pieces_}, counts);
}

template Cycles BasicEventWalk<Watched>::request_of_banks(const Command&, MemoryTiming&, Cycles);
template Cycles BasicEventWalk<Retimed>::request_of_banks(const Command&, MemoryTiming&, Cycles);
template Cycles BasicEventWalk<Unwatched>::request_of_banks(const Command&, MemoryTiming&, Cycles);
template Cycles BasicEventWalk<Watched>::request(const Command&, Cycles, Event&);
template Cycles BasicEventWalk<Retimed>::request(const Command&, Cycles, Event&);
template Cycles BasicEventWalk<Unwatched>::request(const Command&, Cycles, Event&);

template <>
void BasicEventWalk<Watched>::add_dram_counts(std::span<NodeResult> nodes) const {
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
