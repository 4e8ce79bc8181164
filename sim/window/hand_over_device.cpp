#include "sim/window/hand_over_device.h"

#include "sim/fast/fast_device.h"
#include "sim/fast/fast_snapshot.h"

namespace systol {
namespace {

class HandOverDevice : public Device {
 public:
  HandOverDevice(const ArrayConfig& config, UnitFactories make_units)
      : config_(config), make_units_(std::move(make_units)) {}

  std::string_view engine() const override { return "hand-over"; }

  RunResult run(CommandSource& commands, std::span<const std::string> nodes, MemoryImage& memory,
                Observer* observer) override {
    MemoryImage initial = memory.copy();
    RunResult result = make_fast_device(config_, {})->run(commands, nodes, memory, nullptr);
    commands.restart();
    const Cycles half(some_cycle(result));
    Snapshot snapshot =
        fast_snapshot(config_, commands, nodes.size(), std::move(initial), half, observer);
    StartedLater later(observer, half);
    result.cycles =
        resume(config_, snapshot, commands, nodes, make_units_, {}, std::nullopt, &later).cycle;
    memory = std::move(snapshot.memory);
    return result;
  }

 private:
  /// Shows the commands that the fast engine has not shown.
  class StartedLater : public Observer {
   public:
    StartedLater(Observer* observer, Cycles from) : observer_(observer), from_(from) {}
    void completed(std::uint64_t index, const isa::Command& command, Cycles start,
                   Cycles end) override {
      if (observer_ != nullptr && start >= from_) {
        observer_->completed(index, command, start, end);
      }
    }

    void wrote_row(std::uint64_t index, const isa::Command& command, std::uint32_t row,
                   std::span<const std::int8_t> values) override {
      if (observer_ != nullptr) {
        observer_->wrote_row(index, command, row, values);
      }
    }

   private:
    Observer* observer_;
    Cycles from_;
  };

  /// Anywhere in the run, differently for different programs.
  static std::uint64_t some_cycle(const RunResult& result) {
    const Activity activity = result.activity();
    const std::uint64_t mixed =
        (activity[Action::MacsUseful] * 31 + activity[Action::MacsZero]) * 0x9e3779b97f4a7c15U;
    return mixed % (result.cycles.count() + 1);
  }

  const ArrayConfig& config_;
  UnitFactories make_units_;
};

}  // namespace

std::unique_ptr<Device> make_hand_over_device(const ArrayConfig& config, UnitFactories make_units) {
  return std::make_unique<HandOverDevice>(config, std::move(make_units));
}

}  // namespace systol
