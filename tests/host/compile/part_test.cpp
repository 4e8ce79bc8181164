#include "host/compile/part.h"

#include <gtest/gtest.h>

namespace systol {
namespace {

using Parts = std::vector<TensorPart>;

Parts bands(const Shape& shape, const BandCut& cut) {
  Parts parts;
  for_each_band(shape, cut, [&](const TensorPart& part) { parts.push_back(part); });
  return parts;
}

TEST(Bands, OfTheFirstAxisHaveAllOfTheOthers) {
  EXPECT_EQ(bands({5, 3}, {0, 2}), (Parts{{{0, 2}, {0, 3}}, {{2, 4}, {0, 3}}, {{4, 5}, {0, 3}}}));
  EXPECT_EQ(parts_of({5, 3}, {0, 2}), 3U);
}

TEST(Bands, OfALaterAxisHaveOneIndexOfThoseBeforeIt) {
  EXPECT_EQ(bands({2, 3, 4}, {1, 2}), (Parts{{{0, 1}, {0, 2}, {0, 4}},
                                             {{0, 1}, {2, 3}, {0, 4}},
                                             {{1, 2}, {0, 2}, {0, 4}},
                                             {{1, 2}, {2, 3}, {0, 4}}}));
  EXPECT_EQ(parts_of({2, 3, 4}, {1, 2}), 4U);
}

TEST(Bands, ValuesOfAnIndexAreThoseOfTheAxesAfterIt) {
  EXPECT_EQ(values_of_index({2, 3, 4}, 0), 12U);
  EXPECT_EQ(values_of_index({2, 3, 4}, 2), 1U);
}

}  // namespace
}  // namespace systol
