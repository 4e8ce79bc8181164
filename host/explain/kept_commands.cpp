#include "host/explain/kept_commands.h"

#include <span>
#include <utility>

namespace systol {
namespace {

/// Keeps what goes by, as long as it is not too much.
class KeepingSource : public CommandSource {
 public:
  KeepingSource(std::unique_ptr<CommandSource> source, std::vector<isa::Command>& kept)
      : source_(std::move(source)), kept_(kept) {}

  bool next(isa::Command& command) override {
    if (!source_->next(command)) {
      return false;
    }
    if (!too_many_ && kept_.size() == KeptCommands::kMost) {
      too_many_ = true;
      kept_ = {};
    }
    if (!too_many_) {
      kept_.push_back(command);
    }
    return true;
  }
  void restart() override {
    source_->restart();
    kept_.clear();
    too_many_ = false;
  }

 private:
  std::unique_ptr<CommandSource> source_;
  std::vector<isa::Command>& kept_;
  bool too_many_ = false;
};

}  // namespace

std::unique_ptr<CommandSource> KeptCommands::first() {
  kept_.clear();
  return std::make_unique<KeepingSource>(program_.commands(), kept_);
}

std::unique_ptr<CommandSource> KeptCommands::again() const {
  if (kept_.empty()) {
    return program_.commands();
  }
  return std::make_unique<CommandList>(kept_);
}

}  // namespace systol
