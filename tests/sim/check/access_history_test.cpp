#include "sim/check/access_history.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

namespace systol {
namespace {

using isa::Unit;

constexpr Clock kNothing{};

Access rows(bool write, std::uint64_t address, std::uint64_t stride, std::uint64_t count,
            std::uint64_t size) {
  return {Region::Buffer, write, address, stride, count, size};
}
Access piece(bool write, std::uint64_t begin, std::uint64_t end) {
  return rows(write, begin, 0, 1, end - begin);
}

TEST(AccessHistory, AnAccessIsOneAreaHoweverManyRowsItHas) {
  AccessHistory history;
  EXPECT_FALSE(history.enter(rows(true, 0, 16, 1000, 16), {Unit::Load, 1, kNothing}));
  EXPECT_EQ(history.areas(), 1U);
  EXPECT_FALSE(history.enter(rows(true, 16000, 16, 1000, 8), {Unit::Load, 2, kNothing}));
  EXPECT_EQ(history.areas(), 2U);
}

TEST(AccessHistory, TheSameAccessesAgainNeedNoMemory) {
  AccessHistory history;
  std::uint64_t command = 0;
  const auto tiles = [&](bool write, std::uint64_t tile) {
    for (std::uint64_t column = 0; column < 96; column += tile) {
      history.enter(rows(write, column, 96, 50, std::min(tile, 96 - column)),
                    {Unit::Load, ++command, kNothing});
    }
  };
  const auto pass = [&] {
    tiles(true, 32);   // 3 areas
    tiles(false, 20);  // edges at 20, 40, 60, 80 cut them into 7
  };
  pass();
  EXPECT_EQ(history.areas(), 7U);
  for (int i = 0; i < 100; ++i) {
    pass();
  }
  EXPECT_EQ(history.areas(), 7U);
}

TEST(AccessHistory, AWriteReplacesWhatItCovers) {
  AccessHistory history;
  for (std::uint64_t row = 0; row < 100; ++row) {
    history.enter(rows(true, row * 24, 12, 2, 7), {Unit::Load, row + 1, kNothing});
  }
  EXPECT_EQ(history.areas(), 100U);
  history.enter(rows(true, 0, 0, 1, 2400), {Unit::Load, 101, kNothing});
  EXPECT_EQ(history.areas(), 1U);
}

TEST(AccessHistory, StridedRowsLeaveTheirGapsAlone) {
  AccessHistory history;
  history.enter(rows(true, 0, 16, 4, 8), {Unit::Load, 1, kNothing});
  EXPECT_FALSE(history.enter(rows(true, 8, 16, 4, 8), {Unit::Activate, 2, kNothing}));
  EXPECT_TRUE(history.enter(rows(true, 7, 16, 4, 8), {Unit::Activate, 3, kNothing}));
}

TEST(AccessHistory, ConflictNamesTheOverlap) {
  AccessHistory history;
  history.enter(piece(true, 0x100, 0x200), {Unit::Load, 7, kNothing});
  const auto conflict = history.enter(piece(false, 0x180, 0x280), {Unit::Matrix, 8, kNothing});
  ASSERT_TRUE(conflict);
  EXPECT_EQ(conflict->unit, Unit::Load);
  EXPECT_EQ(conflict->command, 7U);
  EXPECT_TRUE(conflict->wrote);
  EXPECT_EQ(conflict->first, 0x180U);
  EXPECT_EQ(conflict->last, 0x1ffU);
}

TEST(AccessHistory, ConflictEndsWithItsRow) {
  AccessHistory history;
  history.enter(piece(true, 0, 200), {Unit::Load, 1, kNothing});
  const auto conflict = history.enter(rows(false, 50, 20, 4, 8), {Unit::Matrix, 2, kNothing});
  ASSERT_TRUE(conflict);
  EXPECT_EQ(conflict->first, 50U);
  EXPECT_EQ(conflict->last, 57U);
}

TEST(AccessHistory, AConflictingAccessIsNotEntered) {
  AccessHistory history;
  history.enter(piece(true, 0, 10), {Unit::Load, 1, kNothing});
  EXPECT_TRUE(history.enter(piece(true, 5, 15), {Unit::Store, 2, kNothing}));
  EXPECT_FALSE(history.enter(piece(true, 10, 15), {Unit::Load, 3, kNothing}));
}

/// The plain thing: one history per address, every earlier access kept.
class NaiveHistory {
 public:
  using Conflict = AccessHistory::Conflict;

  std::optional<Conflict> enter(const Access& access, const AccessHistory::Accessor& accessor) {
    const bool gaps = access.rows > 1 && access.stride > access.row_size;
    const std::uint64_t rows = gaps ? access.rows : 1;
    const std::uint64_t size =
        gaps ? access.row_size : (access.rows - 1) * access.stride + access.row_size;
    for (std::uint64_t row = 0; row < rows; ++row) {
      const std::uint64_t begin = access.address + row * access.stride;
      for (std::uint64_t at = begin; at < begin + size; ++at) {
        if (auto found = conflict_at(at, access.write, accessor)) {
          extend(*found, begin + size, access.write, accessor);
          return found;
        }
      }
    }
    for (std::uint64_t row = 0; row < rows; ++row) {
      for (std::uint64_t i = 0; i < size; ++i) {
        earlier_[access.address + row * access.stride + i].push_back(
            {accessor.unit, accessor.command, access.write});
      }
    }
    return std::nullopt;
  }

 private:
  struct Earlier {
    Unit unit;
    std::uint64_t command;
    bool write;
  };

  /// The last of the accesses that conflict: writes first, then by unit.
  std::optional<Conflict> conflict_at(std::uint64_t at, bool write,
                                      const AccessHistory::Accessor& accessor) {
    std::optional<Earlier> worst;
    const auto rank = [](const Earlier& e) { return e.write ? -1 : static_cast<int>(e.unit); };
    for (const Earlier& other : earlier_[at]) {
      const bool ordered = other.unit == accessor.unit ||
                           other.command <= accessor.clock[static_cast<std::size_t>(other.unit)];
      if ((other.write || write) && !ordered && (!worst || rank(other) <= rank(*worst))) {
        worst = other;
      }
    }
    return worst ? std::optional(Conflict{worst->unit, worst->command, worst->write, at, at})
                 : std::nullopt;
  }

  void extend(Conflict& found, std::uint64_t row_end, bool write,
              const AccessHistory::Accessor& accessor) {
    for (std::uint64_t at = found.first + 1; at < row_end; ++at) {
      const auto next = conflict_at(at, write, accessor);
      if (!next || next->unit != found.unit || next->command != found.command ||
          next->wrote != found.wrote) {
        return;
      }
      found.last = at;
    }
  }

  std::array<std::vector<Earlier>, 512> earlier_;
};

bool same(const std::optional<AccessHistory::Conflict>& a,
          const std::optional<AccessHistory::Conflict>& b) {
  if (!a || !b) {
    return a.has_value() == b.has_value();
  }
  return a->unit == b->unit && a->command == b->command && a->wrote == b->wrote &&
         a->first == b->first && a->last == b->last;
}

/// Any rows anywhere, or (as programs do) tiles of a few matrices that share the range.
Access random_access(std::mt19937& random, bool matrices) {
  const bool write = random() % 2 == 0;
  if (!matrices) {
    return rows(write, random() % 100, random() % 20, 1 + random() % 5, 1 + random() % 10);
  }
  constexpr std::array<std::uint64_t, 3> kWidths = {12, 30, 31};
  const std::uint64_t width = kWidths[random() % 8 == 0 ? random() % 3 : 1];
  const std::uint64_t first_row = random() % 6;
  const std::uint64_t column = random() % width / 5 * 5;
  const std::uint64_t size = std::min<std::uint64_t>(1 + random() % 3 * 5, width - column);
  return rows(write, first_row * width + column + random() % 8 / 7, width, 1 + random() % 6, size);
}

/// A random run of commands whose units learn of each other; the number that are ordered. Both
/// histories must say the same of every command.
int agree_on_random_run(std::uint32_t seed, bool matrices) {
  std::mt19937 random(seed);
  AccessHistory history;
  NaiveHistory naive;
  std::array<Clock, isa::kUnits> clocks{};
  int ordered = 0;
  for (std::uint64_t command = 1; command <= 60; ++command) {
    const std::size_t unit = random() % isa::kUnits;
    for (int i = 0; i < 3; ++i) {
      const Clock& other = clocks[random() % isa::kUnits];
      for (std::size_t j = 0; j < isa::kUnits; ++j) {
        clocks[unit][j] = std::max(clocks[unit][j], other[j]);
      }
    }
    const Access access = random_access(random, matrices);
    const AccessHistory::Accessor accessor{static_cast<Unit>(unit), command, clocks[unit]};
    const auto found = history.enter(access, accessor);
    EXPECT_TRUE(same(found, naive.enter(access, accessor)))
        << "seed " << seed << " command " << command;
    ordered += found ? 0 : 1;
    clocks[unit][unit] = command;
  }
  return ordered;
}

TEST(AccessHistory, SaysTheSameAsOneHistoryPerAddress) {
  for (const bool matrices : {false, true}) {
    int ordered = 0;
    for (std::uint32_t seed = 0; seed < 2000; ++seed) {
      ordered += agree_on_random_run(seed, matrices);
    }
    // Both outcomes must be common for the comparison to say much.
    EXPECT_GT(ordered, 2000 * 60 / 4);
    EXPECT_LT(ordered, 2000 * 60 * 9 / 10);
  }
}

}  // namespace
}  // namespace systol
