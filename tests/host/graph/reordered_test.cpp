#include "host/graph/reordered.h"

#include <gtest/gtest.h>

namespace systol {
namespace {

TEST(Reordered, AxesLieInAnotherOrder) {
  const std::vector<int> matrix = {1, 2, 3, 4, 5, 6};
  EXPECT_EQ(reordered(matrix, {2, 3}, {1, 0}), (std::vector<int>{1, 4, 2, 5, 3, 6}));
  const std::vector<int> image = {1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_EQ(reordered(image, {2, 2, 2}, {2, 0, 1}), (std::vector<int>{1, 3, 5, 7, 2, 4, 6, 8}));
}

TEST(Reordered, OneValueStays) { EXPECT_EQ(reordered(std::vector{7}, {}, {}), std::vector{7}); }

}  // namespace
}  // namespace systol
