#include "host/compile/short_program.h"

#include <utility>

#include "sim/base/ring.h"

namespace systol {
namespace {

struct TooLong {};

}  // namespace

std::unique_ptr<CommandSource> short_program(const std::function<void(const CommandSink&)>& produce,
                                             std::size_t most) {
  Ring<isa::Command> commands;  // which never moves one to make room
  try {
    produce([&](isa::Command&& command) {
      if (commands.size() == most) {
        throw TooLong();
      }
      commands.push_back() = std::move(command);
    });
  } catch (const TooLong&) {
    return nullptr;
  }
  return std::make_unique<ListedCommands<Ring<isa::Command>>>(std::move(commands));
}

}  // namespace systol
