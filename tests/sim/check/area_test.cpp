#include "sim/check/area.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <random>
#include <vector>

namespace systol {
namespace {

std::vector<std::uint64_t> addresses(const Area& area) {
  std::vector<std::uint64_t> all;
  for (std::uint64_t row = 0; row < area.rows; ++row) {
    for (std::uint64_t i = 0; i < area.size; ++i) {
      all.push_back(area.address + row * area.pitch + i);
    }
  }
  return all;
}

std::vector<std::uint64_t> addresses(const std::vector<Area>& areas) {
  std::vector<std::uint64_t> all;
  for (const Area& area : areas) {
    const std::vector<std::uint64_t> part = addresses(area);
    all.insert(all.end(), part.begin(), part.end());
  }
  std::ranges::sort(all);
  return all;
}

TEST(Area, RowsThatTouchAreOne) {
  EXPECT_EQ(Area(100, 16, 10, 16), Area(100, 0, 1, 160));
  EXPECT_EQ(Area(100, 4, 3, 16), Area(100, 0, 1, 24));
  EXPECT_EQ(Area(100, 0, 3, 16), Area(100, 0, 1, 16));
  EXPECT_EQ(Area(100, 16, 10, 15).rows, 10U);
}

TEST(Area, RowEndIsThatOfTheRowOrNone) {
  const Area area(100, 16, 3, 8);
  EXPECT_EQ(area.row_end(99), 0U);
  EXPECT_EQ(area.row_end(100), 108U);
  EXPECT_EQ(area.row_end(108), 0U);
  EXPECT_EQ(area.row_end(139), 140U);
  EXPECT_EQ(area.row_end(140), 0U);
}

TEST(Area, ATileOfAMatrixIsCutInFewParts) {
  std::vector<Area> inside;
  std::vector<Area> outside;
  cut({0, 0, 1, 100 * 1000}, {10'020, 100, 50, 10}, inside, outside);
  EXPECT_EQ(inside.size(), 1U);
  EXPECT_LE(outside.size(), 5U);
}

/// Cutting and counting against sets of addresses.
TEST(Area, CutsAsSetsDo) {
  std::mt19937 random(7);
  const auto draw = [&] {
    const std::uint64_t pitch = random() % 3 == 0 ? random() % 20 : 12;
    return Area(random() % 150, pitch, 1 + random() % 8, 1 + random() % (random() % 4 ? 12 : 60));
  };
  for (int i = 0; i < 20000; ++i) {
    const Area a = draw();
    const Area b = draw();
    const auto of_a = addresses(a);
    const auto of_b = addresses(b);
    std::vector<std::uint64_t> both;
    std::vector<std::uint64_t> only;
    std::ranges::set_intersection(of_a, of_b, std::back_inserter(both));
    std::ranges::set_difference(of_a, of_b, std::back_inserter(only));
    std::vector<Area> inside;
    std::vector<Area> outside;
    cut(a, b, inside, outside);
    ASSERT_EQ(addresses(inside), both);
    ASSERT_EQ(addresses(outside), only);
    ASSERT_EQ(shared_count(a, b), both.size());
    if (!both.empty()) {
      ASSERT_EQ(first_shared(a, b), both.front());
    }
  }
}

}  // namespace
}  // namespace systol
