// Who wrote and read which addresses of a region, and whether that is ordered.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "hw/isa/accesses.h"
#include "sim/check/access_log.h"
#include "sim/check/area.h"

namespace systol {

/// For each unit, how many of the program's commands (of any unit) have gone by up to and including
/// its last command that is known to be complete; 0 is none.
using Clock = std::array<std::uint64_t, isa::kUnits>;

/// The history of one region. Accesses are kept whole, with the shape of their walks, and each
/// unit's in program order, so that an access is compared with those alone that it is not ordered
/// after: the last ones of each other unit. An area that a unit touches again is kept once; one
/// that every unit is ordered after can be forgotten.
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

  /// The most comparisons, as first_shared counts them, that one access may take.
  static constexpr std::uint64_t kMostSteps = std::uint64_t{1} << 20U;

  explicit AccessHistory(isa::Region region) : region_(region) {}

  /// Enters the access, or returns the conflict at its lowest address that has one; there, the last
  /// write is named before reads, and of reads the last one of the unit that comes first. Nothing
  /// is entered then. Throws TooManySteps if kMostSteps do not suffice.
  std::optional<Conflict> enter(const Area& area, bool write, const Accessor& accessor);

  /// Forgets what no later command can be in conflict with: `clocks` are those of all units.
  void forget(const std::array<Clock, isa::kUnits>& clocks);

  /// How many areas there are: what the history's memory is proportional to.
  std::size_t areas() const;
  /// Comparisons so far.
  std::uint64_t steps() const { return steps_; }

 private:
  /// By unit.
  using Logs = std::array<AccessLog, isa::kUnits>;

  void compare(const AccessLog& log, isa::Unit unit, bool wrote, const Area& area,
               const Accessor& accessor, StepsLeft& steps, std::optional<Conflict>& found) const;

  isa::Region region_;
  Logs reads_;
  Logs writes_;
  std::uint64_t steps_ = 0;
};

}  // namespace systol
