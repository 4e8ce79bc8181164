#include "sim/check/area.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "tests/sim/check/random_walk.h"

namespace systol {
namespace {

std::set<std::uint64_t> walked(const Area& area) {
  std::set<std::uint64_t> all;
  if (area.depth() == 0) {
    for (std::uint64_t at = area.address(); at < area.end(); ++at) {
      all.insert(at);
    }
    return all;
  }
  for (std::uint64_t turn = 0; turn < area.outermost().count; ++turn) {
    all.merge(walked(area.turn(turn)));
  }
  return all;
}

Area area(const isa::Walk& walk, std::uint64_t bytes) { return Area({walk, bytes}); }

TEST(Area, PiecesThatTouchAreOneAndSoAreLoopsThatContinue) {
  EXPECT_EQ(area({100, 10, 16}, 16), Area(100, 160));
  EXPECT_EQ(area({100, 3, 4}, 16), Area(100, 24));
  EXPECT_EQ(area({100, 3, 0}, 16), Area(100, 16));
  EXPECT_EQ(area({100, 10, 16}, 15).depth(), 1U);
  EXPECT_EQ(area({0, {{5, 40}, {4, 10}}}, 3), area({0, 20, 10}, 3));
  EXPECT_EQ(area({0, {{4, 10}, {5, 40}}}, 3), area({0, 20, 10}, 3)) << "in whatever order";
  EXPECT_EQ(area({0, {{5, 10}, {4, 10}}}, 3), area({0, 8, 10}, 3)) << "a window that moves";
}

TEST(Area, HasTheAddressesOfItsWalk) {
  std::mt19937 random(3);
  for (int i = 0; i < 5000; ++i) {
    const isa::Pieces pieces = draw_pieces(random);
    const Area drawn(pieces);
    const std::set<std::uint64_t> all = addresses(pieces);
    ASSERT_EQ(walked(drawn), all);
    ASSERT_EQ(drawn.end(), *all.rbegin() + 1);
    for (std::uint64_t at = 0; at < 700; at += 7) {
      ASSERT_EQ(drawn.has(at), all.contains(at)) << at;
    }
  }
}

TEST(Area, TheFirstSharedAddressIsThatOfTheSets) {
  std::mt19937 random(7);
  int shared = 0;
  for (int i = 0; i < 20000; ++i) {
    const isa::Pieces a = draw_pieces(random);
    const isa::Pieces b = draw_pieces(random);
    const auto of_a = addresses(a);
    const auto of_b = addresses(b);
    std::vector<std::uint64_t> both;
    std::ranges::set_intersection(of_a, of_b, std::back_inserter(both));
    StepsLeft steps{1000};
    const auto first = first_shared(Area(a), Area(b), steps);
    ASSERT_EQ(first.has_value(), !both.empty()) << i;
    if (first) {
      ASSERT_EQ(*first, both.front()) << i;
      ++shared;
    }
  }
  EXPECT_GT(shared, 5000);
  EXPECT_LT(shared, 18000);
}

TEST(Area, TwoLoopsOfAnyLengthTakeAStep) {
  constexpr std::uint64_t kMany = std::uint64_t{1} << 40U;
  StepsLeft steps{10};
  EXPECT_FALSE(first_shared(area({0, kMany, 6}, 1), area({3, kMany, 10}, 1), steps));
  EXPECT_EQ(steps.left, 9U);
  // 4, 11, 18, ... and 1000000, 1000011, ...: the first that is 4 modulo 7 and right modulo 11.
  EXPECT_EQ(first_shared(area({4, kMany, 7}, 1), area({1'000'000, kMany, 11}, 1), steps),
            1'000'066U);
  EXPECT_EQ(steps.left, 8U);
}

TEST(Area, LoopsThatStepAlikeAreComparedByTheirDifference) {
  // Two columns of a matrix of 2^20 x 2^10 pixels of 16 bytes.
  const auto column = [](std::uint64_t first, std::uint64_t bytes) {
    return area({first, {{1U << 20U, 1U << 20U}, {1U << 9U, 32}}}, bytes);
  };
  StepsLeft steps{10};
  EXPECT_FALSE(first_shared(column(0, 16), column(16, 16), steps));
  EXPECT_EQ(first_shared(column(0, 17), column(16, 16), steps), 16U);
  EXPECT_GE(steps.left, 4U);
}

TEST(Area, WhatTakesTooManyStepsIsNotCompared) {
  const Area a = area({0, {{1000, 1'000'000}, {1000, 1000}, {100, 8}}}, 1);
  const Area b = area({1, {{1000, 1'000'002}, {998, 1002}, {100, 10}}}, 1);
  StepsLeft steps{1000};
  EXPECT_THROW(first_shared(a, b, steps), TooManySteps);
}

}  // namespace
}  // namespace systol
