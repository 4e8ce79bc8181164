#include "host/explain/kept_commands.h"

#include <algorithm>
#include <utility>

#include "hw/isa/machine_limits.h"

namespace systol {
namespace {

/// Whether requests are asked for with their pieces: MemoryTiming::has_banks() of any memory.
bool needs_pieces(const ArrayConfig& array) {
  return std::ranges::any_of(array.memories,
                             [](const MemoryConfig& memory) { return memory.dram.has_value(); });
}

/// With its operation, where that is asked for, at the end of `operations`.
TimedCommand timed(const isa::Command& command, const ArrayConfig& array, bool banks,
                   std::deque<isa::Operation>& operations) {
  TimedCommand timed = timed_command(command, array);
  if (banks && timed.kind == TimedCommand::Kind::Request) {
    operations.push_back(command.operation);
    timed.operation = &operations.back();
  }
  return timed;
}

class KeptSource : public TimedSource {
 public:
  explicit KeptSource(const std::vector<TimedCommand>& commands) : commands_(commands) {}
  bool next(TimedCommand& command) override {
    if (position_ == commands_.size()) {
      return false;
    }
    command = commands_[position_++];
    return true;
  }

 private:
  const std::vector<TimedCommand>& commands_;
  std::size_t position_ = 0;
};

}  // namespace

TimedCommands::TimedCommands(std::unique_ptr<CommandSource> source, const ArrayConfig& array)
    : source_(std::move(source)), array_(array), banks_(needs_pieces(array)) {}

bool TimedCommands::next(TimedCommand& command) {
  constexpr std::size_t kMostWaiting = isa::kUnits * std::size_t{isa::kDeepestQueue} + 1;
  if (!source_->next(command_)) {
    return false;
  }
  command = timed(command_, array_, banks_, operations_);
  if (operations_.size() > kMostWaiting) {
    operations_.pop_front();
  }
  return true;
}

/// Keeps what goes by, as long as it is not too much.
class KeptCommands::KeepingSource : public CommandSource {
 public:
  explicit KeepingSource(KeptCommands& kept) : kept_(kept), source_(kept.program_.commands()) {}

  bool next(isa::Command& command) override {
    if (!source_->next(command)) {
      return false;
    }
    kept_.keep(command);
    return true;
  }
  void restart() override {
    source_->restart();
    kept_.forget();
  }

 private:
  KeptCommands& kept_;
  std::unique_ptr<CommandSource> source_;
};

KeptCommands::KeptCommands(const NetworkProgram& program, const ArrayConfig& array,
                           std::size_t most)
    : program_(program), array_(array), most_(most), banks_(needs_pieces(array)) {}

void KeptCommands::keep(const isa::Command& command) {
  if (kept_.size() == most_ || operations_.size() == kMostOperations) {
    forget();
    too_many_ = true;
  }
  if (!too_many_) {
    kept_.push_back(timed(command, array_, banks_, operations_));
  }
}

void KeptCommands::forget() {
  kept_ = {};
  operations_.clear();
  too_many_ = false;
}

std::unique_ptr<CommandSource> KeptCommands::first() {
  forget();
  return std::make_unique<KeepingSource>(*this);
}

std::unique_ptr<TimedSource> KeptCommands::again() const {
  if (kept_.empty()) {
    return std::make_unique<TimedCommands>(program_.commands(), array_);
  }
  return std::make_unique<KeptSource>(kept_);
}

}  // namespace systol
