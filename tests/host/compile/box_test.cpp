#include "host/compile/box.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace systol {
namespace {

using Places = std::vector<std::array<std::uint64_t, 3>>;

/// Every value's places, by the box's loops.
void add_places(const Box& box, std::size_t axis, std::array<std::uint64_t, 3> at, Places& places) {
  if (axis == box.axes.size()) {
    places.push_back(at);
    return;
  }
  const BoxAxis& loop = box.axes[axis];
  for (std::uint64_t i = 0; i < loop.extent; ++i) {
    add_places(box, axis + 1, at, places);
    at[0] += static_cast<std::uint64_t>(loop.a);
    at[1] += static_cast<std::uint64_t>(loop.b);
    at[2] += static_cast<std::uint64_t>(loop.destination);
  }
}

/// And by the parts' walks.
Places places_of_parts(const Box& box) {
  Places places;
  for_each_part(box, [&](const BoxPart& part) {
    EXPECT_EQ(part.a.count(), part.destination.count());
    EXPECT_EQ(part.b.count(), part.destination.count());
    for (std::uint64_t piece = 0; piece < part.destination.count(); ++piece) {
      for (std::uint64_t i = 0; i < part.columns; ++i) {
        places.push_back(
            {part.a.at(piece) + i * static_cast<std::uint64_t>(box.a_bytes),
             part.b.at(piece) + i * static_cast<std::uint64_t>(box.b_bytes),
             part.destination.at(piece) + i * static_cast<std::uint64_t>(box.destination_bytes)});
      }
    }
  });
  return places;
}

std::size_t parts(const Box& box) {
  std::size_t count = 0;
  for_each_part(box, [&](const BoxPart&) { ++count; });
  return count;
}

TEST(Box, WhatLiesTogetherIsOnePiece) {
  Box box;
  box.axes = {{2, 12, 12, 12}, {3, 4, 4, 4}, {4, 1, 1, 1}};
  std::vector<BoxPart> seen;
  for_each_part(box, [&](const BoxPart& part) { seen.push_back(part); });
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].columns, 24U);
  EXPECT_EQ(seen[0].destination, isa::Walk(0));
}

TEST(Box, ColumnsWithParametersOfTheirOwnStayApart) {
  Box box;
  box.keep_columns = true;
  box.axes = {{3, 4, 4, 4}, {4, 1, 1, 1}};
  for_each_part(box, [&](const BoxPart& part) {
    EXPECT_EQ(part.columns, 4U);
    EXPECT_EQ(part.destination, isa::Walk(0, 3, 4));
  });
}

TEST(Box, AWalkThatGoesDownIsAsManyCommands) {
  Box box;
  box.a = 9;
  box.b_bytes = 0;
  box.axes = {{10, -1, 0, 1}};
  EXPECT_EQ(parts(box), 10U);
  EXPECT_EQ(places_of_parts(box).back(), (std::array<std::uint64_t, 3>{0, 0, 9}));
}

TEST(Box, PartsReachEveryValueOnceInOrder) {
  std::mt19937 random(1);
  const auto draw = [&](unsigned most) { return static_cast<unsigned>(random() % most); };
  for (int i = 0; i < 500; ++i) {
    Box box;
    box.a = 1000;
    box.keep_columns = draw(4) == 0;
    std::int64_t together = 1;
    for (unsigned axes = draw(6) + 1; axes > 0; --axes) {
      const std::uint64_t extent = draw(3) + 1;
      const auto stride = [&] {
        return draw(3) == 0 ? static_cast<std::int64_t>(draw(5)) : together;
      };
      const std::int64_t sign = draw(8) == 0 ? -1 : 1;
      box.axes.insert(box.axes.begin(), {extent, sign * stride(), stride(), stride()});
      together *= static_cast<std::int64_t>(extent);
    }
    Places expected;
    add_places(box, 0, {box.a, box.b, box.destination}, expected);
    ASSERT_EQ(places_of_parts(box), expected) << "case " << i;
  }
}

}  // namespace
}  // namespace systol
