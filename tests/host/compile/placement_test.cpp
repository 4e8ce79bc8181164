#include "host/compile/placement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace systol {
namespace {

/// Slow and obviously right: byte by byte, step by step, nothing is in use twice.
void expect_no_overlap(const std::vector<Lifetime>& lifetimes,
                       const std::vector<std::uint64_t>& offsets, std::uint64_t rows,
                       std::uint64_t capacity) {
  ASSERT_EQ(offsets.size(), lifetimes.size());
  std::size_t steps = 0;
  for (const Lifetime& lifetime : lifetimes) {
    steps = std::max(steps, lifetime.last + 1);
  }
  for (std::size_t step = 0; step < steps; ++step) {
    std::vector<bool> used(capacity);
    for (std::size_t i = 0; i < lifetimes.size(); ++i) {
      if (lifetimes[i].first > step || lifetimes[i].last < step) {
        continue;
      }
      for (std::uint64_t byte = 0; byte < rows * lifetimes[i].sample_bytes; ++byte) {
        ASSERT_LT(offsets[i] + byte, capacity) << "tensor " << i;
        ASSERT_FALSE(used[offsets[i] + byte]) << "tensor " << i << ", step " << step;
        used[offsets[i] + byte] = true;
      }
    }
  }
}

std::vector<Lifetime> chain(const std::vector<std::uint64_t>& sizes) {
  std::vector<Lifetime> lifetimes;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    lifetimes.push_back({static_cast<TensorId>(i), sizes[i], i == 0 ? 0 : i - 1, i});
  }
  return lifetimes;
}

TEST(Placement, AChainAlternatesBetweenTheEnds) {
  EXPECT_EQ(place(chain({10, 6, 4, 8}), 2, 32),
            (std::vector<std::uint64_t>{0, 32 - 12, 0, 32 - 16}));
}

TEST(Placement, AChainFitsInItsPeak) {
  const std::vector<Lifetime> lifetimes = chain({100, 10, 1, 90, 3});
  EXPECT_EQ(peak_bytes(lifetimes), 110U);
  const auto offsets = place(lifetimes, 3, 330);
  ASSERT_TRUE(offsets);
  expect_no_overlap(lifetimes, *offsets, 3, 330);
  EXPECT_FALSE(place(lifetimes, 3, 329));
}

TEST(Placement, TheRowsThatFitAreLimitedByThePeak) {
  const std::vector<Lifetime> lifetimes = chain({100, 10, 1, 90, 3});
  EXPECT_EQ(rows_that_fit(lifetimes, 1100, 100), 10U);
  EXPECT_EQ(rows_that_fit(lifetimes, 1099, 100), 9U);
  EXPECT_EQ(rows_that_fit(lifetimes, 1100, 4), 4U);
  EXPECT_EQ(rows_that_fit(lifetimes, 109, 4), 0U);
}

TEST(Placement, OfRandomLifetimesNeverOverlaps) {
  std::mt19937 random(7);
  int tight = 0;
  for (int attempt = 0; attempt < 500; ++attempt) {
    std::vector<Lifetime> lifetimes;
    for (std::uint32_t i = 0; i < 2 + random() % 8; ++i) {
      const std::size_t first = random() % 6;
      lifetimes.push_back(
          {static_cast<TensorId>(i), 1 + random() % 20, first, first + random() % 4});
    }
    const std::uint64_t rows = 1 + random() % 3;
    const std::uint64_t peak = rows * peak_bytes(lifetimes);
    for (const std::uint64_t capacity : {peak, peak + peak / 2, 3 * peak}) {
      if (const auto offsets = place(lifetimes, rows, capacity)) {
        expect_no_overlap(lifetimes, *offsets, rows, capacity);
        ASSERT_FALSE(HasFatalFailure()) << "attempt " << attempt;
        tight += capacity == peak ? 1 : 0;
      }
    }
    ASSERT_TRUE(place(lifetimes, rows, 3 * peak)) << "attempt " << attempt;
  }
  EXPECT_GT(tight, 250) << "most fit in their peak";
}

}  // namespace
}  // namespace systol
