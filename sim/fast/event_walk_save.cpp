// The walk as a snapshot.
#include <algorithm>

#include "sim/fast/event_walk.h"

namespace systol {

template <>
void BasicEventWalk<Watched>::save(Snapshot& snapshot) const {
  save_queues(snapshot);
  for (std::size_t from = 0; from < tokens_.size(); ++from) {
    for (std::size_t to = 0; to < tokens_[from].size(); ++to) {
      snapshot.tokens[from][to] = static_cast<std::uint64_t>(std::ranges::count_if(
          tokens_[from][to], [&](const Moment& given) { return given.time < snapshot.cycle; }));
    }
  }
  snapshot.memories = memories_;
  for (std::size_t i = 0; i < tiles_.size(); ++i) {
    snapshot.tiles[i].ready = tiles_[i].ready.time < snapshot.cycle;
  }
  if (!tiles_.empty() && tiles_.front().shift) {
    snapshot.shadow = std::move(snapshot.tiles.front());
    snapshot.tiles.pop_front();
  }
  snapshot.shifted = last_shift_;
  snapshot.fed_before = last_fed_.has_value();
  snapshot.last_fed = last_fed_ ? last_fed_->time : Cycles(0);
  snapshot.last_accumulator = last_accumulator_;
  if (last_drain_) {
    snapshot.last_drain_step = last_drain_->time;
  }
  snapshot.tile_port_free = queue(isa::Unit::Weights).free.time;
}

/// What the walk has dispatched in the snapshot's cycle and later is to be dispatched again.
template <>
void BasicEventWalk<Watched>::save_queues(Snapshot& snapshot) const {
  for (std::size_t unit = 0; unit < queues_.size(); ++unit) {
    for (std::size_t i = 0; i < queues_[unit].waiting; ++i) {
      const auto& entry = queues_[unit][i];
      const bool dispatched = entry.dispatched.time < snapshot.cycle;
      (dispatched ? snapshot.queues[unit] : snapshot.undispatched)
          .push_back({entry.index, entry.command.whole});
    }
  }
  std::ranges::sort(snapshot.undispatched, {}, &Snapshot::Waiting::index);
  snapshot.fetched = fetched_;
  if (has_next_) {
    snapshot.undispatched.push_back({snapshot.fetched++, next_.whole});
  }
}

}  // namespace systol
