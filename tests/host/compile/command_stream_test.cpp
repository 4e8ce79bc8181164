#include "host/compile/command_stream.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

namespace systol {
namespace {

isa::Command numbered(std::uint64_t number) { return {isa::SetTable{number}, {}, {}, {}}; }

CommandStream::Produce count_to(std::uint64_t count) {
  return [count](const CommandSink& sink) {
    for (std::uint64_t i = 0; i < count; ++i) {
      sink(numbered(i));
    }
  };
}

TEST(CommandStream, GivesAllCommandsInOrder) {
  for (const std::uint64_t count : {0U, 1U, 1023U, 1024U, 1025U, 100'000U}) {
    CommandStream stream(count_to(count));
    isa::Command command;
    for (std::uint64_t i = 0; i < count; ++i) {
      ASSERT_TRUE(stream.next(command));
      ASSERT_EQ(command, numbered(i));
    }
    EXPECT_FALSE(stream.next(command));
    EXPECT_FALSE(stream.next(command)) << "the end stays the end";
  }
}

TEST(CommandStream, RunsOnlySoFarAhead) {
  std::atomic<std::uint64_t> made{0};
  CommandStream stream([&](const CommandSink& sink) {
    for (std::uint64_t i = 0; i < 100'000; ++i) {
      sink(numbered(i));
      ++made;
    }
  });
  isa::Command command;
  for (std::uint64_t i = 0; i < 50'000; ++i) {
    ASSERT_TRUE(stream.next(command));
    ASSERT_LE(made, i + 4096);
  }
}

TEST(CommandStream, ThrowsWhatTheProducerThrewBehindTheCommandsBefore) {
  CommandStream stream([](const CommandSink& sink) {
    sink(numbered(0));
    throw std::runtime_error("no more");
  });
  isa::Command command;
  EXPECT_TRUE(stream.next(command));
  EXPECT_THROW(stream.next(command), std::runtime_error);
}

TEST(CommandStream, StopsTheProducerWhenNobodyAsksAnyMore) {
  bool unwound = false;
  {
    CommandStream stream([&](const CommandSink& sink) {
      struct Guard {
        bool& unwound;
        ~Guard() { unwound = true; }
      } guard{unwound};
      for (std::uint64_t i = 0;; ++i) {
        sink(numbered(i));
      }
    });
    isa::Command command;
    stream.next(command);
  }
  EXPECT_TRUE(unwound);
}

/// All that is left.
std::vector<isa::Command> rest_of(CommandStream& stream) {
  std::vector<isa::Command> commands;
  for (isa::Command command; stream.next(command);) {
    commands.push_back(command);
  }
  return commands;
}

TEST(CommandStream, RestartedAnywhereBeginsWithTheFirstCommand) {
  constexpr std::uint64_t kCount = 5000;
  CommandStream stream(count_to(kCount));
  isa::Command command;
  for (const std::uint64_t taken : {0U, 1U, 1023U, 1024U, 1025U, 4000U, 5000U}) {
    for (std::uint64_t i = 0; i < taken; ++i) {
      ASSERT_TRUE(stream.next(command));
      ASSERT_EQ(command, numbered(i));
    }
    stream.restart();
  }
  const std::vector<isa::Command> commands = rest_of(stream);
  ASSERT_EQ(commands.size(), kCount);
  stream.restart();  // after the end
  EXPECT_EQ(rest_of(stream), commands);
}

TEST(CommandStream, RestartedAfterAnErrorThrowsItAgainInTheSamePlace) {
  CommandStream stream([](const CommandSink& sink) {
    sink(numbered(0));
    throw std::runtime_error("no more");
  });
  for (int round = 0; round < 2; ++round) {
    isa::Command command;
    ASSERT_TRUE(stream.next(command));
    EXPECT_EQ(command, numbered(0));
    EXPECT_THROW(stream.next(command), std::runtime_error);
    stream.restart();
  }
}

TEST(CommandStream, MayGoBeforeAnythingWasAskedFor) { CommandStream stream(count_to(1'000'000)); }

}  // namespace
}  // namespace systol
