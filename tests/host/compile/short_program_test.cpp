#include "host/compile/short_program.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace systol {
namespace {

std::function<void(const CommandSink&)> tables(std::uint64_t count) {
  return [count](const CommandSink& sink) {
    for (std::uint64_t i = 0; i < count; ++i) {
      sink({isa::SetTable{i}, {}, {}, {}});
    }
  };
}

TEST(ShortProgram, GivesAllCommandsInOrderAndAgain) {
  const std::unique_ptr<CommandSource> commands = short_program(tables(5), 5);
  ASSERT_NE(commands, nullptr);
  for (int turn = 0; turn < 2; ++turn) {
    isa::Command command;
    for (std::uint64_t i = 0; i < 5; ++i) {
      ASSERT_TRUE(commands->next(command));
      EXPECT_EQ(command.operation, isa::Operation(isa::SetTable{i}));
    }
    EXPECT_FALSE(commands->next(command));
    commands->restart();
  }
}

TEST(ShortProgram, OneThatIsLongerIsNotKept) {
  EXPECT_EQ(short_program(tables(6), 5), nullptr);
  EXPECT_NE(short_program(tables(0), 5), nullptr);
}

TEST(ShortProgram, ThrowsWhatTheProducerThrows) {
  EXPECT_THROW(short_program([](const CommandSink&) { throw std::runtime_error("no"); }),
               std::runtime_error);
}

}  // namespace
}  // namespace systol
