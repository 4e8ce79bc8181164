#include "sim/base/ring.h"

#include <gtest/gtest.h>

#include <deque>

namespace systol::test {
namespace {

TEST(Ring, IsAQueueWhereverItBegins) {
  Ring<int> ring;
  std::deque<int> queue;
  EXPECT_TRUE(ring.empty());
  for (int i = 0; i < 1000; ++i) {
    ring.push_back() = i;
    queue.push_back(i);
    if (i % 3 == 1) {
      ring.pop_front();
      queue.pop_front();
    }
    ASSERT_EQ(ring.size(), queue.size());
    ASSERT_EQ(ring.front(), queue.front());
    for (std::size_t j = 0; j < queue.size(); j += 7) {
      ASSERT_EQ(ring[j], queue[j]);
    }
  }
}

}  // namespace
}  // namespace systol::test
