#include "sim/base/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <latch>
#include <stdexcept>

namespace systol {
namespace {

TEST(ThreadPool, CallsEveryPartOnce) {
  for (const unsigned threads : {0U, 1U, 2U, 5U}) {
    ThreadPool pool(threads);
    for (std::size_t parts = 0; parts < 40; ++parts) {
      std::vector<std::atomic<int>> calls(parts);
      pool.run(parts, [&](std::size_t part) { ++calls[part]; });
      for (const std::atomic<int>& count : calls) {
        EXPECT_EQ(count, 1);
      }
    }
  }
}

TEST(ThreadPool, WorksOnAsManyPartsAtOnceAsItHasThreads) {
  ThreadPool pool(3);
  for (int job = 0; job < 20; ++job) {
    std::latch all(3);  // opens only if three parts are in their middle together
    pool.run(3, [&](std::size_t) { all.arrive_and_wait(); });
    EXPECT_TRUE(all.try_wait());
  }
}

TEST(ThreadPool, StartsNoThreadForASinglePart) {
  ThreadPool pool(4);
  const std::thread::id caller = std::this_thread::get_id();
  pool.run(1, [&](std::size_t) { EXPECT_EQ(std::this_thread::get_id(), caller); });
}

TEST(ThreadPool, ThrowsWhatAPartThrewAfterAllHaveReturned) {
  ThreadPool pool(2);
  std::atomic<int> calls = 0;
  const auto part = [&](std::size_t number) {
    ++calls;
    if (number == 3) {
      throw std::runtime_error("part 3");
    }
  };
  EXPECT_THROW(pool.run(8, part), std::runtime_error);
  EXPECT_EQ(calls, 8);
  pool.run(3, part);
  EXPECT_EQ(calls, 11) << "the error is gone with its job";
}

TEST(ThreadPool, SleepsWhileThereIsNoJob) {
  ThreadPool pool(4);
  std::latch all(4);
  pool.run(4, [&](std::size_t) { all.arrive_and_wait(); });
  const std::clock_t before = std::clock();  // CPU time of all threads
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_LT(std::clock() - before, CLOCKS_PER_SEC / 20) << "spinning would take 200 ms a thread";
}

}  // namespace
}  // namespace systol
