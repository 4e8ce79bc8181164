#include "host/report/pareto_front.h"

#include <gtest/gtest.h>

#include <random>

namespace systol::test {
namespace {

using Member = ParetoFront::Member;

std::vector<std::uint64_t> places(const ParetoFront& front) {
  std::vector<std::uint64_t> all;
  for (const Member& member : front.members()) {
    all.push_back(member.place);
  }
  return all;
}

std::vector<std::uint64_t> front_of(const std::vector<ObjectiveValues>& points) {
  ParetoFront front;
  for (std::uint64_t i = 0; i < points.size(); ++i) {
    front.add(points[i], {i, i + 1});
  }
  return places(front);
}

/// By the definition alone: each point beside each other.
std::vector<std::uint64_t> each_beside_each(const std::vector<ObjectiveValues>& points) {
  std::vector<std::uint64_t> front;
  for (std::uint64_t i = 0; i < points.size(); ++i) {
    bool beaten = false;
    for (const ObjectiveValues& other : points) {
      bool no_worse = true;
      for (std::size_t j = 0; j < other.size(); ++j) {
        no_worse = no_worse && other[j] <= points[i][j];
      }
      beaten = beaten || (no_worse && other != points[i]);
    }
    if (!beaten) {
      front.push_back(i);
    }
  }
  return front;
}

TEST(ParetoFront, HasWhatNoOtherBeats) {
  EXPECT_EQ(front_of({}), (std::vector<std::uint64_t>{}));
  EXPECT_EQ(front_of({{3}, {2}, {2}, {5}}), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(front_of({{3, 1}, {2, 2}, {2, 3}, {1, 4}, {3, 1}}),
            (std::vector<std::uint64_t>{0, 1, 3, 4}));
  EXPECT_EQ(front_of({{1, 2, 3}, {1, 2, 4}, {0, 9, 9}, {2, 1, 3}}),
            (std::vector<std::uint64_t>{0, 2, 3}));
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(front_of({{1, infinity}, {2, infinity}, {infinity, 1}}),
            (std::vector<std::uint64_t>{0, 2}));
}

/// Few different values make many that are equal in some of them.
TEST(ParetoFront, IsThatOfAllPairsForRandomPoints) {
  std::mt19937 random(1);
  for (std::size_t objectives = 1; objectives <= 6; ++objectives) {
    for (const int values : {3, 10, 1000}) {
      std::vector<ObjectiveValues> points(300, ObjectiveValues(objectives));
      for (ObjectiveValues& point : points) {
        for (double& value : point) {
          value = std::uniform_int_distribution(-values, values)(random);
        }
      }
      EXPECT_EQ(front_of(points), each_beside_each(points)) << objectives << " of " << values;
    }
  }
}

TEST(ParetoFront, GrowsWithoutComparingAllPairs) {
  ParetoFront equal;
  ParetoFront falling;
  constexpr std::uint64_t kRows = 5'000;
  for (std::uint64_t i = 0; i < kRows; ++i) {
    const auto value = static_cast<double>(i);
    equal.add({1, 2, 3}, {i, i + 1});
    falling.add({value, -value, 5}, {i, i + 1});
  }
  EXPECT_EQ(equal.members().size(), kRows);
  EXPECT_EQ(falling.members().size(), kRows);
  equal.add({1, 2, 2}, {kRows, kRows + 1});
  EXPECT_EQ(equal.members(), (std::vector<Member>{{kRows, kRows + 1}})) << "all are beaten at once";
}

}  // namespace
}  // namespace systol::test
