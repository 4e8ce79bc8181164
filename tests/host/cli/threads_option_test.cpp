#include "host/cli/threads_option.h"

#include <gtest/gtest.h>
#include <sched.h>

namespace systol {
namespace {

unsigned parsed(const std::string& command_line) {
  CLI::App app;
  unsigned threads = 0;
  add_threads_option(app, threads);
  app.parse(command_line);
  return threads;
}

TEST(ThreadsOption, IsTheNumberGiven) {
  EXPECT_EQ(parsed("--threads 1"), 1U);
  EXPECT_EQ(parsed("--threads 1024"), 1024U);
  EXPECT_THROW(parsed("--threads 0"), CLI::ValidationError);
  EXPECT_THROW(parsed("--threads 1025"), CLI::ValidationError);
}

TEST(ThreadsOption, IsTheCoresThatTheProcessMayUseWithoutIt) {
  cpu_set_t all;
  ASSERT_EQ(::sched_getaffinity(0, sizeof all, &all), 0);
  EXPECT_EQ(parsed(""), static_cast<unsigned>(CPU_COUNT(&all)));
  std::size_t first = 0;
  while (!CPU_ISSET(first, &all)) {
    ++first;
  }
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(first, &one);
  ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(parsed(""), 1U);
  ASSERT_EQ(::sched_setaffinity(0, sizeof all, &all), 0);
}

}  // namespace
}  // namespace systol
