#include "hw/isa/walk.h"

#include <gtest/gtest.h>

#include <vector>

namespace systol::isa {
namespace {

std::vector<std::uint64_t> in_order(const Walk& walk) {
  std::vector<std::uint64_t> all;
  walk.for_each([&](std::uint64_t address) { all.push_back(address); });
  return all;
}

TEST(Walk, IsNestedLoopsFromTheOutside) {
  const Walk walk(100, {{2, 50}, {3, 7}});
  const std::vector<std::uint64_t> expected = {100, 107, 114, 150, 157, 164};
  EXPECT_EQ(in_order(walk), expected);
  EXPECT_EQ(walk.count(), 6U);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(walk.at(i), expected[i]);
  }
  EXPECT_EQ(walk.end(5), 169U);
  EXPECT_EQ(in_order(Walk(7)), std::vector<std::uint64_t>{7});
}

TEST(Walk, AtGivesThePiecesOfThreeLoopsInOrder) {
  const Walk walk(9, {{3, 1000}, {4, 0}, {5, 11}});
  const std::vector<std::uint64_t> all = in_order(walk);
  ASSERT_EQ(all.size(), 60U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(walk.at(i), all[i]);
  }
}

TEST(Walk, CountsAndEndsNeverWrap) {
  constexpr std::uint64_t kHuge = std::uint64_t{1} << 63U;
  EXPECT_EQ(Walk(0, {{kHuge, 0}, {2, 0}}).count(), UINT64_MAX);
  EXPECT_EQ(Walk(0, {{kHuge, 4}}).end(1), UINT64_MAX);
  EXPECT_EQ(Walk(UINT64_MAX - 3, 1, 0).end(4), UINT64_MAX);
  EXPECT_EQ(Walk(UINT64_MAX - 2, 1, 0).end(4), UINT64_MAX);
  EXPECT_EQ(Walk(kHuge, {{2, kHuge - 3}}).end(1), UINT64_MAX - 1);
}

TEST(Walk, LoopsThatContinueOneAnotherAreJoined) {
  EXPECT_EQ(joined(Walk(5, {{2, 120}, {3, 40}, {4, 10}})), Walk(5, 24, 10));
  EXPECT_EQ(joined(Walk(5, {{2, 120}, {1, 3}, {4, 30}})), Walk(5, 8, 30));
  EXPECT_EQ(joined(Walk(5, {{4, 10}, {3, 40}})), Walk(5, {{4, 10}, {3, 40}})) << "another order";
  EXPECT_EQ(joined(Walk(5, {{2, 0}, {3, 0}})), Walk(5, 6, 0));
}

TEST(Walk, PiecesThatContinueOneAnotherAreMerged) {
  EXPECT_EQ(merged(Walk(0, {{5, 100}, {3, 16}}), 16), (Pieces{Walk(0, 5, 100), 48}));
  EXPECT_EQ(merged(Walk(0, {{5, 48}, {3, 16}}), 16), (Pieces{Walk(0), 240}));
  EXPECT_EQ(merged(Walk(0, {{5, 100}, {3, 16}}), 15), (Pieces{Walk(0, {{5, 100}, {3, 16}}), 15}));
  EXPECT_EQ(merged(Walk(0, {{7, 1000}, {5, 48}, {3, 16}}), 16), (Pieces{Walk(0, 7, 1000), 240}));
}

}  // namespace
}  // namespace systol::isa
