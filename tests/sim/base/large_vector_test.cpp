#include "sim/base/large_vector.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

namespace systol {
namespace {

TEST(LargeVector, IsAsManyZeros) {
  EXPECT_TRUE(large_vector<float>(0).empty());
  EXPECT_EQ(large_vector<float>(3), (std::vector<float>{0, 0, 0}));
  // Three of the system's large pages, so that one lies inside whole.
  std::vector<std::int8_t> values = large_vector<std::int8_t>(std::size_t{3} << 21U);
  EXPECT_EQ(values.size(), std::size_t{3} << 21U);
  EXPECT_EQ(std::ranges::count(values, 0), 3 << 21);
  values.back() = 1;
  EXPECT_EQ(values.back(), 1);
}

}  // namespace
}  // namespace systol
