#include "sim/check/access_history.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include "tests/sanitized.h"
#include "tests/sim/check/random_walk.h"

namespace systol {
namespace {

using isa::Unit;

constexpr Clock kNothing{};

struct Access {
  bool write = false;
  isa::Pieces pieces;
};

Access rows(bool write, std::uint64_t address, std::uint64_t stride, std::uint64_t count,
            std::uint64_t size) {
  return {write, {{address, count, stride}, size}};
}
Access piece(bool write, std::uint64_t begin, std::uint64_t end) {
  return rows(write, begin, 0, 1, end - begin);
}
std::optional<AccessHistory::Conflict> enter(AccessHistory& history, const Access& access,
                                             const AccessHistory::Accessor& accessor) {
  return history.enter(Area(access.pieces), access.write, accessor);
}

TEST(AccessHistory, AnAccessIsOneAreaHoweverManyPiecesItHas) {
  AccessHistory history(isa::Region::Buffer);
  EXPECT_FALSE(enter(history, rows(true, 0, 16, 1000, 16), {Unit::Load, 1, kNothing}));
  EXPECT_EQ(history.areas(), 1U);
  EXPECT_FALSE(enter(history, rows(true, 16000, 16, 1000, 8), {Unit::Load, 2, kNothing}));
  EXPECT_EQ(history.areas(), 2U);
}

TEST(AccessHistory, AGibibyteOfPiecesOfTwoStridesIsComparedInOneStep) {
  AccessHistory history(isa::Region::Buffer);
  constexpr std::uint64_t kBuffer = std::uint64_t{1} << 30U;
  EXPECT_FALSE(enter(history, rows(true, 0, 2, kBuffer / 2, 1), {Unit::Load, 1, kNothing}));
  EXPECT_FALSE(enter(history, rows(false, 1, 6, kBuffer / 6, 1), {Unit::Matrix, 2, kNothing}));
  EXPECT_FALSE(
      enter(history, rows(true, 3, 10, kBuffer / 10, 1), {Unit::Activate, 3, {0, 1, 0, 2}}));
  EXPECT_EQ(history.areas(), 3U);
  EXPECT_EQ(history.steps(), 1U) << "the last is ordered after both others";
  const auto conflict =
      enter(history, rows(true, 5, 10, kBuffer / 10, 1), {Unit::Load, 4, kNothing});
  ASSERT_TRUE(conflict);
  EXPECT_EQ(conflict->first, 25U) << "of matrix";
  EXPECT_EQ(history.steps(), 3U);
}

TEST(AccessHistory, TheSameAccessesAgainNeedNoMemory) {
  AccessHistory history(isa::Region::Buffer);
  std::uint64_t command = 0;
  const auto tiles = [&](bool write, std::uint64_t tile) {
    for (std::uint64_t column = 0; column < 96; column += tile) {
      enter(history, rows(write, column, 96, 50, std::min(tile, 96 - column)),
            {Unit::Activate, ++command, kNothing});
    }
  };
  for (int i = 0; i < 100; ++i) {
    tiles(true, 32);   // 3 areas
    tiles(false, 20);  // 5 areas
  }
  EXPECT_EQ(history.areas(), 8U);
}

TEST(AccessHistory, ForgetsWhatAllThatCouldConflictAreOrderedAfter) {
  AccessHistory history(isa::Region::Accumulators);
  enter(history, piece(true, 0, 4), {Unit::Matrix, 5, kNothing});
  enter(history, piece(false, 0, 4), {Unit::Activate, 6, {0, 0, 0, 5}});
  std::array<Clock, isa::kUnits> clocks{};
  history.forget(clocks);
  EXPECT_EQ(history.areas(), 2U);
  clocks[static_cast<std::size_t>(Unit::Activate)] = {0, 0, 0, 5, 6};
  history.forget(clocks);
  EXPECT_EQ(history.areas(), 1U) << "only matrix writes accumulators, only activate reads them";
  clocks[static_cast<std::size_t>(Unit::Matrix)] = {0, 0, 0, 5, 6};
  history.forget(clocks);
  EXPECT_EQ(history.areas(), 0U);
}

TEST(AccessHistory, StridedRowsLeaveTheirGapsAlone) {
  AccessHistory history(isa::Region::Buffer);
  enter(history, rows(true, 0, 16, 4, 8), {Unit::Load, 1, kNothing});
  EXPECT_FALSE(enter(history, rows(true, 8, 16, 4, 8), {Unit::Activate, 2, kNothing}));
  EXPECT_TRUE(enter(history, rows(true, 7, 16, 4, 8), {Unit::Activate, 3, kNothing}));
}

TEST(AccessHistory, ConflictNamesTheOverlap) {
  AccessHistory history(isa::Region::Buffer);
  enter(history, piece(true, 0x100, 0x200), {Unit::Load, 7, kNothing});
  const auto conflict = enter(history, piece(false, 0x180, 0x280), {Unit::Matrix, 8, kNothing});
  ASSERT_TRUE(conflict);
  EXPECT_EQ(conflict->unit, Unit::Load);
  EXPECT_EQ(conflict->command, 7U);
  EXPECT_TRUE(conflict->wrote);
  EXPECT_EQ(conflict->first, 0x180U);
  EXPECT_EQ(conflict->last, 0x1ffU);
}

TEST(AccessHistory, ConflictEndsWithItsRow) {
  AccessHistory history(isa::Region::Buffer);
  enter(history, piece(true, 0, 200), {Unit::Load, 1, kNothing});
  const auto conflict = enter(history, rows(false, 50, 20, 4, 8), {Unit::Matrix, 2, kNothing});
  ASSERT_TRUE(conflict);
  EXPECT_EQ(conflict->first, 50U);
  EXPECT_EQ(conflict->last, 57U);
}

TEST(AccessHistory, AConflictingAccessIsNotEntered) {
  AccessHistory history(isa::Region::Buffer);
  enter(history, piece(true, 0, 10), {Unit::Load, 1, kNothing});
  EXPECT_TRUE(enter(history, piece(false, 5, 15), {Unit::Store, 2, kNothing}));
  EXPECT_FALSE(enter(history, piece(true, 10, 15), {Unit::Load, 3, kNothing}));
}

/// The plain thing: one history per address, every earlier access kept.
class NaiveHistory {
 public:
  using Conflict = AccessHistory::Conflict;

  std::optional<Conflict> enter(const Access& access, const AccessHistory::Accessor& accessor) {
    const std::set<std::uint64_t> all = addresses(access.pieces);
    for (const std::uint64_t at : all) {
      if (const Earlier* other = conflict_at(at, access.write, accessor)) {
        std::uint64_t last = at;
        while (all.contains(last + 1) && touched(last + 1, *other)) {
          ++last;
        }
        return Conflict{other->unit, other->command, other->write, at, last};
      }
    }
    for (const std::uint64_t at : all) {
      earlier_[at].push_back({accessor.unit, accessor.command, access.write});
    }
    return std::nullopt;
  }

 private:
  struct Earlier {
    Unit unit;
    std::uint64_t command;
    bool write;
    bool operator==(const Earlier&) const = default;
  };

  bool touched(std::uint64_t at, const Earlier& other) const {
    return std::ranges::find(earlier_[at], other) != earlier_[at].end();
  }

  /// The last of the accesses that conflict: writes first, then by unit.
  const Earlier* conflict_at(std::uint64_t at, bool write,
                             const AccessHistory::Accessor& accessor) const {
    const Earlier* worst = nullptr;
    const auto rank = [](const Earlier& e) { return e.write ? -1 : static_cast<int>(e.unit); };
    for (const Earlier& other : earlier_[at]) {
      const bool ordered = other.unit == accessor.unit ||
                           other.command <= accessor.clock[static_cast<std::size_t>(other.unit)];
      if ((other.write || write) && !ordered && (worst == nullptr || rank(other) <= rank(*worst))) {
        worst = &other;
      }
    }
    return worst;
  }

  std::array<std::vector<Earlier>, 1024> earlier_;
};

bool same(const std::optional<AccessHistory::Conflict>& a,
          const std::optional<AccessHistory::Conflict>& b) {
  if (!a || !b) {
    return a.has_value() == b.has_value();
  }
  return a->unit == b->unit && a->command == b->command && a->wrote == b->wrote &&
         a->first == b->first && a->last == b->last;
}

/// Any walk anywhere, or (as programs do) tiles of a few matrices that share the range.
Access random_access(std::mt19937& random, bool matrices) {
  const bool write = random() % 2 == 0;
  if (!matrices) {
    return {write, draw_pieces(random)};
  }
  constexpr std::array<std::uint64_t, 3> kWidths = {12, 30, 31};
  const std::uint64_t width = kWidths[random() % 8 == 0 ? random() % 3 : 1];
  const std::uint64_t first_row = random() % 6;
  const std::uint64_t column = random() % width / 5 * 5;
  const std::uint64_t size = std::min<std::uint64_t>(1 + random() % 3 * 5, width - column);
  return rows(write, first_row * width + column + random() % 8 / 7, width, 1 + random() % 6, size);
}

/// One that has commands that do so.
Unit random_unit(std::mt19937& random, bool write) {
  const isa::UnitSet units =
      write ? isa::writers_of(isa::Region::Buffer) : isa::readers_of(isa::Region::Buffer);
  while (true) {
    const auto unit = static_cast<Unit>(random() % isa::kUnits);
    if (units.has(unit)) {
      return unit;
    }
  }
}

/// A random run of commands whose units learn of each other; the number that are ordered. Both
/// histories must say the same of every command.
int agree_on_random_run(std::uint32_t seed, bool matrices) {
  std::mt19937 random(seed);
  AccessHistory history(isa::Region::Buffer);
  NaiveHistory naive;
  std::array<Clock, isa::kUnits> clocks{};
  int ordered = 0;
  for (std::uint64_t command = 1; command <= 60; ++command) {
    const Access access = random_access(random, matrices);
    const auto unit = static_cast<std::size_t>(random_unit(random, access.write));
    for (int i = 0; i < 3; ++i) {
      const Clock& other = clocks[random() % isa::kUnits];
      for (std::size_t j = 0; j < isa::kUnits; ++j) {
        clocks[unit][j] = std::max(clocks[unit][j], other[j]);
      }
    }
    const AccessHistory::Accessor accessor{static_cast<Unit>(unit), command, clocks[unit]};
    const auto found = enter(history, access, accessor);
    EXPECT_TRUE(same(found, naive.enter(access, accessor)))
        << "seed " << seed << " command " << command;
    ordered += found ? 0 : 1;
    clocks[unit][unit] = command;
    if (random() % 8 == 0) {
      history.forget(clocks);
    }
  }
  return ordered;
}

TEST(AccessHistory, SaysTheSameAsOneHistoryPerAddress) {
  constexpr int kRuns = test::kSanitized ? 200 : 2000;
  for (const bool matrices : {false, true}) {
    int ordered = 0;
    for (std::uint32_t seed = 0; seed < kRuns; ++seed) {
      ordered += agree_on_random_run(seed, matrices);
    }
    // Both outcomes must be common for the comparison to say much.
    EXPECT_GT(ordered, kRuns * 60 / 4);
    EXPECT_LT(ordered, kRuns * 60 * 9 / 10);
  }
}

}  // namespace
}  // namespace systol
