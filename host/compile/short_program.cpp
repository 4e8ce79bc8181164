#include "host/compile/short_program.h"

#include <utility>

#include "sim/base/ring.h"

namespace systol {
namespace {

struct TooLong {};

class KeptCommands : public CommandSource {
 public:
  explicit KeptCommands(Ring<isa::Command> commands) : commands_(std::move(commands)) {}
  bool next(isa::Command& command) override {
    if (position_ == commands_.size()) {
      return false;
    }
    command = commands_[position_++];
    return true;
  }
  void restart() override { position_ = 0; }

 private:
  Ring<isa::Command> commands_;  // which never moves one to make room
  std::size_t position_ = 0;
};

}  // namespace

std::unique_ptr<CommandSource> short_program(const std::function<void(const CommandSink&)>& produce,
                                             std::size_t most) {
  Ring<isa::Command> commands;
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
  return std::make_unique<KeptCommands>(std::move(commands));
}

}  // namespace systol
