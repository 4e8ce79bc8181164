#include "sim/check/access_history.h"

#include <gtest/gtest.h>

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

TEST(AccessHistory, TouchingRowsAreOneInterval) {
  AccessHistory history;
  EXPECT_FALSE(history.enter(rows(true, 0, 16, 1000, 16), {Unit::Load, 1, kNothing}));
  EXPECT_EQ(history.intervals(), 1U);
}

TEST(AccessHistory, PiecesOfOneCommandMerge) {
  AccessHistory history;
  history.enter(piece(true, 0, 16), {Unit::Load, 1, kNothing});
  history.enter(piece(true, 32, 48), {Unit::Load, 1, kNothing});
  EXPECT_EQ(history.intervals(), 2U);
  history.enter(piece(true, 16, 32), {Unit::Load, 1, kNothing});
  EXPECT_EQ(history.intervals(), 1U);
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

/// The plain thing: one history per byte, every earlier access kept.
class NaiveHistory {
 public:
  bool enter(const Access& access, const AccessHistory::Accessor& accessor) {
    for (std::uint64_t row = 0; row < access.rows; ++row) {
      for (std::uint64_t i = 0; i < access.row_size; ++i) {
        auto& earlier = bytes_[access.address + row * access.stride + i];
        for (const Earlier& other : earlier) {
          if ((other.write || access.write) && other.unit != accessor.unit &&
              accessor.clock[static_cast<std::size_t>(other.unit)] < other.command) {
            return false;
          }
        }
        earlier.push_back({accessor.unit, accessor.command, access.write});
      }
    }
    return true;
  }

 private:
  struct Earlier {
    Unit unit;
    std::uint64_t command;
    bool write;
  };
  std::array<std::vector<Earlier>, 256> bytes_;
};

/// A random run of commands whose units learn of each other now and then; true if all are ordered.
/// Both histories must say the same of every command up to the first conflict.
bool agree_on_random_run(std::uint32_t seed) {
  std::mt19937 random(seed);
  AccessHistory history;
  NaiveHistory naive;
  std::array<Clock, isa::kUnits> clocks{};
  for (std::uint64_t command = 1; command <= 60; ++command) {
    const std::size_t unit = random() % isa::kUnits;
    for (int i = 0; i < 3; ++i) {
      const Clock& other = clocks[random() % isa::kUnits];
      for (std::size_t j = 0; j < isa::kUnits; ++j) {
        clocks[unit][j] = std::max(clocks[unit][j], other[j]);
      }
    }
    const Access access =
        rows(random() % 2 == 0, random() % 100, random() % 20, 1 + random() % 5, 1 + random() % 10);
    const AccessHistory::Accessor accessor{static_cast<Unit>(unit), command, clocks[unit]};
    const bool ordered = !history.enter(access, accessor);
    EXPECT_EQ(ordered, naive.enter(access, accessor)) << "seed " << seed << " command " << command;
    if (!ordered) {
      return false;
    }
    clocks[unit][unit] = command;
  }
  return true;
}

TEST(AccessHistory, SaysTheSameAsOneHistoryPerByte) {
  int ordered = 0;
  for (std::uint32_t seed = 0; seed < 2000; ++seed) {
    ordered += agree_on_random_run(seed) ? 1 : 0;
  }
  EXPECT_LT(ordered, 2000);
}

}  // namespace
}  // namespace systol
