#include "host/reference/each_sample.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

namespace systol {
namespace {

constexpr std::size_t kMuch = std::size_t{1} << 30;

TEST(EachSample, VisitsEachOnce) {
  for (const unsigned threads : {0U, 1U, 2U, 5U}) {
    for (const std::size_t samples : {0U, 1U, 3U, 7U}) {
      std::vector<std::atomic<int>> visits(samples);
      each_sample(samples, kMuch, threads, [&](std::size_t sample, unsigned) { ++visits[sample]; });
      for (const std::atomic<int>& count : visits) {
        EXPECT_EQ(count, 1);
      }
    }
  }
}

TEST(EachSample, SharesTheThreadsThatSamplesLeave) {
  each_sample(1, kMuch, 4, [](std::size_t, unsigned threads) { EXPECT_EQ(threads, 4U); });
  each_sample(2, kMuch, 4, [](std::size_t, unsigned threads) { EXPECT_EQ(threads, 2U); });
  each_sample(9, kMuch, 4, [](std::size_t, unsigned threads) { EXPECT_EQ(threads, 1U); });
  each_sample(9, 100, 4, [](std::size_t, unsigned threads) { EXPECT_EQ(threads, 4U); });
}

TEST(EachSample, ThrowsWhatAVisitThrows) {
  EXPECT_THROW(each_sample(4, kMuch, 2,
                           [](std::size_t sample, unsigned) {
                             if (sample == 3) {
                               throw std::runtime_error("it");
                             }
                           }),
               std::runtime_error);
}

}  // namespace
}  // namespace systol
