// Who last wrote and read each part of an address range, and whether that is ordered.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>

#include "hw/isa/command.h"
#include "sim/check/accesses.h"

namespace systol {

/// For each unit, how many of the program's commands (of any unit) have gone by up to and including
/// its last command that is known to be complete; 0 is none.
using Clock = std::array<std::uint64_t, isa::kUnits>;

/// The history of one region, as intervals of equal history. A write that is ordered after all
/// that was there replaces it: whoever is ordered after the write is ordered after the rest too.
class AccessHistory {
 public:
  /// An access of command `command` (counted from 1) of `unit`, which starts when all that `clock`
  /// knows is complete.
  struct Accessor {
    isa::Unit unit;
    std::uint64_t command;
    const Clock& clock;
  };
  /// An earlier access to [first, last] that is not ordered before this one.
  struct Conflict {
    isa::Unit unit;
    std::uint64_t command;  ///< counted from 1
    bool wrote;
    std::uint64_t first;
    std::uint64_t last;
  };

  /// Enters an access to every row; stops at the first conflict and returns it.
  std::optional<Conflict> enter(const Access& access, const Accessor& accessor);

  std::size_t intervals() const { return intervals_.size(); }

 private:
  struct History {
    std::uint64_t write = 0;  ///< command counted from 1; 0 is none
    isa::Unit writer = isa::Unit::Weights;
    std::array<std::uint64_t, isa::kUnits> reads{};
    bool operator==(const History&) const = default;
  };
  struct Interval {
    std::uint64_t end;
    History history;
  };
  using Map = std::map<std::uint64_t, Interval>;

  std::optional<Conflict> enter_range(std::uint64_t begin, std::uint64_t end, bool write,
                                      const Accessor& accessor);
  static std::optional<Conflict> conflict(const History& history, bool write,
                                          const Accessor& accessor);
  static void update(History& history, bool write, const Accessor& accessor);
  Map::iterator split(std::uint64_t at);
  void merge(Map::iterator first, std::uint64_t end);

  Map intervals_;
};

}  // namespace systol
