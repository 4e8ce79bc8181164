#include "sim/unit/sum_toggles.h"

#include <gtest/gtest.h>

namespace systol::test {
namespace {

TEST(SumToggles, ARowCountsWhatItChangesOnItsWayThroughTheArray) {
  SumToggles toggles(2, 2);
  // Rows a and b, one cycle apart: a is at PE (0, 0), then at (0, 1) and (1, 0), then at (1, 1).
  const std::vector<std::vector<std::int32_t>> sums = {
      {3, 0, 0, 0},    // a: two bits
      {1, 7, 1, 0},    // a: three and one bits; b: one bit at (0, 0)
      {1, 0, -1, 4},   // a: one bit; b: three bits at (0, 1), 31 at (1, 0)
      {1, 0, -1, -1},  // b: 31 bits at (1, 1)
  };
  for (std::size_t cycle = 0; cycle < sums.size(); ++cycle) {
    toggles.step(cycle < 2, sums[cycle].data());
  }
  EXPECT_EQ(toggles.of_rows(), (std::vector<std::uint64_t>{2 + 3 + 1 + 1, 1 + 3 + 31 + 31}));
}

TEST(SumToggles, AnArrayAtRestIsNotLookedAt) {
  SumToggles toggles(1, 1);
  const std::int32_t sum = 1;
  toggles.step(true, &sum);
  for (int i = 0; i < 5; ++i) {
    toggles.step(false, nullptr);
  }
  EXPECT_EQ(toggles.of_rows(), (std::vector<std::uint64_t>{1}));
}

}  // namespace
}  // namespace systol::test
