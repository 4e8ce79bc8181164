#include "host/compile/short_program.h"

#include <utility>
#include <vector>

namespace systol {
namespace {

struct TooLong {};

class KeptCommands : public CommandSource {
 public:
  explicit KeptCommands(std::vector<isa::Command> commands)
      : commands_(std::move(commands)), list_(commands_) {}
  bool next(isa::Command& command) override { return list_.next(command); }
  void restart() override { list_.restart(); }

 private:
  std::vector<isa::Command> commands_;
  CommandList list_;
};

}  // namespace

std::unique_ptr<CommandSource> short_program(const std::function<void(const CommandSink&)>& produce,
                                             std::size_t most) {
  std::vector<isa::Command> commands;
  try {
    produce([&](isa::Command&& command) {
      if (commands.size() == most) {
        throw TooLong();
      }
      commands.push_back(std::move(command));
    });
  } catch (const TooLong&) {
    return nullptr;
  }
  return std::make_unique<KeptCommands>(std::move(commands));
}

}  // namespace systol
