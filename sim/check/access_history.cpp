#include "sim/check/access_history.h"

#include <algorithm>

namespace systol {
namespace {

/// Where both areas, which have `at`, end to be without a gap.
std::uint64_t shared_end(const Area& a, const Area& b, std::uint64_t at) {
  for (std::uint64_t next = at;; at = next) {
    next = std::min(a.end_from(at), b.end_from(at));
    if (next == at) {
      return at;
    }
  }
}

}  // namespace

std::optional<AccessHistory::Conflict> AccessHistory::enter(const Area& area, bool write,
                                                            const Accessor& accessor) {
  StepsLeft steps{kMostSteps};
  std::optional<Conflict> found;
  isa::writers_of(region_).for_each([&](isa::Unit unit) {
    compare(writes_[index_of(unit)], unit, true, area, accessor, steps, found);
  });
  if (write) {
    isa::readers_of(region_).for_each([&](isa::Unit unit) {
      compare(reads_[index_of(unit)], unit, false, area, accessor, steps, found);
    });
  }
  steps_ += kMostSteps - steps.left;
  if (!found) {
    (write ? writes_ : reads_)[index_of(accessor.unit)].enter(area, accessor.command);
  }
  return found;
}

/// With the accesses in `log` that may not be complete yet, the last ones first.
void AccessHistory::compare(const AccessLog& log, isa::Unit unit, bool wrote, const Area& area,
                            const Accessor& accessor, StepsLeft& steps,
                            std::optional<Conflict>& found) const {
  if (unit == accessor.unit) {
    return;
  }
  const std::uint64_t complete = accessor.clock[index_of(unit)];
  for (auto entry = log.entries().rbegin();
       entry != log.entries().rend() && entry->command > complete; ++entry) {
    const std::optional<std::uint64_t> first = first_shared(area, entry->area, steps);
    const bool later_write = first && found && *first == found->first && wrote && found->wrote &&
                             entry->command > found->command;
    if (first && (!found || *first < found->first || later_write)) {
      found =
          Conflict{unit, entry->command, wrote, *first, shared_end(area, entry->area, *first) - 1};
    }
  }
}

void AccessHistory::forget(const std::array<Clock, isa::kUnits>& clocks) {
  const isa::UnitSet readers = isa::readers_of(region_);
  const isa::UnitSet writers = isa::writers_of(region_);
  for (std::size_t i = 0; i < isa::kUnits; ++i) {
    std::uint64_t known_to_writers = UINT64_MAX;
    std::uint64_t known_to_all = UINT64_MAX;
    for (std::size_t other = 0; other < isa::kUnits; ++other) {
      const auto unit = static_cast<isa::Unit>(other);
      if (other != i && writers.has(unit)) {
        known_to_writers = std::min(known_to_writers, clocks[other][i]);
      }
      if (other != i && (writers.has(unit) || readers.has(unit))) {
        known_to_all = std::min(known_to_all, clocks[other][i]);
      }
    }
    reads_[i].forget_up_to(known_to_writers);
    writes_[i].forget_up_to(known_to_all);
  }
}

std::size_t AccessHistory::areas() const {
  std::size_t count = 0;
  for (const Logs* logs : {&reads_, &writes_}) {
    for (const AccessLog& log : *logs) {
      count += log.entries().size();
    }
  }
  return count;
}

}  // namespace systol
