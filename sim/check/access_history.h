// Who last wrote and read each part of an address range, and whether that is ordered.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "hw/isa/command.h"
#include "sim/check/accesses.h"
#include "sim/check/area.h"

namespace systol {

/// For each unit, how many of the program's commands (of any unit) have gone by up to and including
/// its last command that is known to be complete; 0 is none.
using Clock = std::array<std::uint64_t, isa::kUnits>;

/// The history of one region, as areas of equal history that share no address. A write that is
/// ordered after all that was there replaces it: whoever is ordered after the write is ordered
/// after the rest too. Areas keep the shape of the accesses, so that a tile of a large matrix is
/// one of them, however many rows it has.
class AccessHistory {
 public:
  /// An access of command `command` (counted from 1) of `unit`, which starts when all that `clock`
  /// knows is complete.
  struct Accessor {
    isa::Unit unit;
    std::uint64_t command;
    const Clock& clock;
  };
  /// An earlier access that is not ordered before this one, and the first addresses in a row that
  /// both touch, [first, last].
  struct Conflict {
    isa::Unit unit;
    std::uint64_t command;  ///< counted from 1
    bool wrote;
    std::uint64_t first;
    std::uint64_t last;
  };

  /// Enters the access, or returns the conflict at its lowest address that has one; a write is
  /// named before reads, and those in the order of units. Nothing is entered then.
  std::optional<Conflict> enter(const Access& access, const Accessor& accessor);

  /// How many areas there are: what the history's memory is proportional to.
  std::size_t areas() const;

 private:
  struct History {
    std::uint64_t write = 0;  ///< command counted from 1; 0 is none
    isa::Unit writer = isa::Unit::Weights;
    std::array<std::uint64_t, isa::kUnits> reads{};
  };
  struct Piece {
    Area area;
    History history;
  };
  /// Pieces whose spans overlap, one behind the other: the columns of a matrix, say. Clusters
  /// share no address; their keys are where they begin.
  struct Cluster {
    std::uint64_t end = 0;
    std::vector<Piece> pieces;
    std::size_t formed = 0;  ///< pieces when it was last made as small as it can be
  };
  using Clusters = std::map<std::uint64_t, Cluster>;
  /// What an access has in common with the pieces that are there.
  struct Overlap {
    Clusters::iterator begin, end;
    std::uint64_t known = 0;  ///< addresses of the access that have a history
    bool whole = true;        ///< no piece is only partly in the access
  };

  static std::optional<Conflict> conflict(const History& history, bool write,
                                          const Accessor& accessor);
  static void update(History& history, bool write, const Accessor& accessor);

  Overlap find(const Area& area, bool write, const Accessor& accessor);
  Conflict first_conflict(const Area& area) const;
  void rewrite(const Overlap& overlap, const Area& area, bool write, const Accessor& accessor);
  void cut_piece(const Piece& piece, const Area& area, bool write, const Accessor& accessor,
                 std::vector<Piece>& pieces);
  void add_unknown(const Area& area, const Accessor& accessor, std::vector<Piece>& pieces);
  void put_back(const Overlap& overlap, const Area& area, std::vector<Piece> pieces);
  void form_clusters(std::vector<Piece> pieces);

  struct ConflictingPiece {
    Area area;
    Conflict conflict;
  };

  Clusters clusters_;
  // Of the access that is being entered; members so that their memory is kept.
  std::vector<Piece*> touched_;  ///< in the order of clusters and pieces
  std::vector<ConflictingPiece> conflicts_;
  std::vector<Area> inside_;
  std::vector<Area> outside_;
};

}  // namespace systol
