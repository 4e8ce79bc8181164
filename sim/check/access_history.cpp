#include "sim/check/access_history.h"

#include <algorithm>
#include <iterator>

namespace systol {

std::optional<AccessHistory::Conflict> AccessHistory::enter(const Access& access,
                                                            const Accessor& accessor) {
  const Area area(access.address, access.stride, access.rows, access.row_size);
  const bool write = access.write;
  const Overlap overlap = find(area, write, accessor);
  if (!conflicts_.empty()) {
    return first_conflict(area);
  }
  // Programs touch the same areas again and again: then nothing is to be cut.
  const bool same = overlap.whole && overlap.known == area.count();
  if (same && (!write || touched_.size() == 1)) {
    for (Piece* piece : touched_) {
      update(piece->history, write, accessor);
    }
  } else {
    rewrite(overlap, area, write, accessor);
  }
  return std::nullopt;
}

std::size_t AccessHistory::areas() const {
  std::size_t count = 0;
  for (const auto& [begin, cluster] : clusters_) {
    count += cluster.pieces.size();
  }
  return count;
}

/// Fills `touched_` and `conflicts_`.
AccessHistory::Overlap AccessHistory::find(const Area& area, bool write, const Accessor& accessor) {
  touched_.clear();
  conflicts_.clear();
  Overlap overlap{clusters_.upper_bound(area.address), clusters_.lower_bound(area.end())};
  if (overlap.begin != clusters_.begin() && std::prev(overlap.begin)->second.end > area.address) {
    --overlap.begin;
  }
  for (auto cluster = overlap.begin; cluster != overlap.end; ++cluster) {
    for (Piece& piece : cluster->second.pieces) {
      const std::uint64_t shared = shared_count(piece.area, area);
      if (shared == 0) {
        continue;
      }
      touched_.push_back(&piece);
      overlap.known += shared;
      overlap.whole = overlap.whole && shared == piece.area.count();
      if (const auto found = conflict(piece.history, write, accessor)) {
        conflicts_.push_back({piece.area, *found});
      }
    }
  }
  return overlap;
}

/// From the lowest address in conflict as far as the same command's access goes in the row.
AccessHistory::Conflict AccessHistory::first_conflict(const Area& area) const {
  const auto first = [&](const ConflictingPiece& piece) { return first_shared(piece.area, area); };
  const ConflictingPiece& lowest = *std::ranges::min_element(conflicts_, {}, first);
  Conflict found = lowest.conflict;
  found.first = first(lowest);
  const std::uint64_t row_end = area.row_end(found.first);
  std::uint64_t end = found.first;
  for (bool longer = true; longer && end < row_end;) {
    longer = false;
    for (const auto& [other, conflict] : conflicts_) {
      const bool same = conflict.unit == found.unit && conflict.command == found.command &&
                        conflict.wrote == found.wrote;
      const std::uint64_t other_end = same ? other.row_end(end) : 0;
      if (other_end > end) {
        end = other_end;
        longer = true;
      }
    }
  }
  found.last = std::min(end, row_end) - 1;
  return found;
}

std::optional<AccessHistory::Conflict> AccessHistory::conflict(const History& history, bool write,
                                                               const Accessor& accessor) {
  const auto ordered = [&](isa::Unit unit, std::uint64_t command) {
    return unit == accessor.unit || command <= accessor.clock[static_cast<std::size_t>(unit)];
  };
  if (!ordered(history.writer, history.write)) {
    return Conflict{history.writer, history.write, true, 0, 0};
  }
  for (std::size_t i = 0; write && i < history.reads.size(); ++i) {
    if (!ordered(static_cast<isa::Unit>(i), history.reads[i])) {
      return Conflict{static_cast<isa::Unit>(i), history.reads[i], false, 0, 0};
    }
  }
  return std::nullopt;
}

void AccessHistory::update(History& history, bool write, const Accessor& accessor) {
  if (write) {
    history = {accessor.command, accessor.unit, {}};
  } else {
    history.reads[static_cast<std::size_t>(accessor.unit)] = accessor.command;
  }
}

/// The pieces that overlap the access, cut along its edges; a write's are replaced by one.
void AccessHistory::rewrite(const Overlap& overlap, const Area& area, bool write,
                            const Accessor& accessor) {
  std::vector<Piece> pieces;
  if (write) {
    pieces.push_back({area, {accessor.command, accessor.unit, {}}});
  } else if (overlap.known < area.count()) {
    add_unknown(area, accessor, pieces);
  }
  auto touched = touched_.begin();
  for (auto cluster = overlap.begin; cluster != overlap.end; ++cluster) {
    for (const Piece& piece : cluster->second.pieces) {
      if (touched != touched_.end() && &piece == *touched) {
        ++touched;
        cut_piece(piece, area, write, accessor, pieces);
      } else {
        pieces.push_back(piece);
      }
    }
  }
  put_back(overlap, area, std::move(pieces));
}

void AccessHistory::cut_piece(const Piece& piece, const Area& area, bool write,
                              const Accessor& accessor, std::vector<Piece>& pieces) {
  inside_.clear();
  outside_.clear();
  cut(piece.area, area, inside_, outside_);
  for (const Area& rest : outside_) {
    pieces.push_back({rest, piece.history});
  }
  if (!write) {
    History history = piece.history;
    update(history, write, accessor);
    for (const Area& part : inside_) {
      pieces.push_back({part, history});
    }
  }
}

/// The parts of a read that have no history yet.
void AccessHistory::add_unknown(const Area& area, const Accessor& accessor,
                                std::vector<Piece>& pieces) {
  History history;
  update(history, false, accessor);
  std::vector<const Piece*> known(touched_.begin(), touched_.end());
  std::ranges::sort(known, {}, [](const Piece* piece) { return piece->area.address; });
  std::vector<Area> unknown = {area};
  for (const Piece* piece : known) {
    inside_.clear();
    outside_.clear();
    for (const Area& part : unknown) {
      if (part.end() <= piece->area.address) {
        pieces.push_back({part, history});  // no later piece reaches it
      } else {
        cut(part, piece->area, inside_, outside_);
      }
    }
    unknown = outside_;
  }
  for (const Area& part : unknown) {
    pieces.push_back({part, history});
  }
}

/// In place of the clusters that the access touched. To find the smallest clusters takes time and
/// need not be done each time.
void AccessHistory::put_back(const Overlap& overlap, const Area& area, std::vector<Piece> pieces) {
  constexpr std::size_t kFew = 16;
  const bool one = overlap.begin != overlap.end && std::next(overlap.begin) == overlap.end;
  if (one && pieces.size() <= 2 * std::max(kFew, overlap.begin->second.formed) &&
      overlap.begin->first <= area.address && area.end() <= overlap.begin->second.end) {
    overlap.begin->second.pieces = std::move(pieces);
    return;
  }
  clusters_.erase(overlap.begin, overlap.end);
  form_clusters(std::move(pieces));
}

void AccessHistory::form_clusters(std::vector<Piece> pieces) {
  std::ranges::sort(pieces, {}, [](const Piece& piece) { return piece.area.address; });
  Cluster* cluster = nullptr;
  for (Piece& piece : pieces) {
    if (cluster == nullptr || piece.area.address >= cluster->end) {
      cluster = &clusters_[piece.area.address];
    }
    cluster->end = std::max(cluster->end, piece.area.end());
    cluster->pieces.push_back(piece);
    cluster->formed = cluster->pieces.size();
  }
}

}  // namespace systol
