#include "sim/window/windowed_device.h"

#include <fmt/format.h>

#include "sim/fast/fast_device.h"
#include "sim/fast/fast_snapshot.h"
#include "sim/window/window_check.h"

namespace systol {
namespace {

class WindowedDevice : public Device {
 public:
  WindowedDevice(const ArrayConfig& config, UnitFactories make_units, WindowedOptions options)
      : config_(config), make_units_(std::move(make_units)), options_(std::move(options)) {}

  std::string_view engine() const override { return "fast"; }
  std::vector<std::string> notes() const override { return notes_; }
  std::vector<std::string> failures() const override { return failures_; }

  RunResult run(CommandSource& commands, std::span<const std::string> layers, MemoryImage& memory,
                Observer* observer) override {
    WindowFinder finder(config_, options_.request, layers);
    Observers observers;
    observers.add(&finder);
    if (observer != nullptr) {
      observers.add(observer);
    }
    MemoryImage initial = memory.copy();
    RunResult result = make_fast_device(config_, {.data = true,
                                                  .check_program = options_.check_program,
                                                  .threads = options_.threads})
                           ->run(commands, layers, memory, &observers);
    commands.restart();
    record(finder.window(), commands, layers, std::move(initial));
    return result;
  }

 private:
  /// Three passes: fast to the window's end, for its values; fast to the hand-over; clocked from
  /// there until all that started in the window is complete.
  void record(const CycleWindow& window, CommandSource& commands,
              std::span<const std::string> layers, MemoryImage memory) {
    // What ends with the window completes in the cycle after it.
    const Cycles end = window.to + Cycles(1);
    WindowRecord fast_commands(window.hand_over);
    const Snapshot fast =
        fast_snapshot(config_, commands, layers.size(), memory.copy(), end, &fast_commands);
    commands.restart();
    Snapshot snapshot = fast_snapshot(config_, commands, layers.size(), std::move(memory),
                                      window.hand_over, nullptr);
    SystemOptions system;
    system.wave = options_.wave;
    system.wave->from = window.from;
    system.wave->to = window.to;
    WindowCheck check(fast_commands, options_.clocked);
    const Resumed resumed =
        resume(config_, snapshot, commands, layers, make_units_, system, end, &check);
    check.finish({resumed.buffer, resumed.accumulators, resumed.sums}, snapshot.memory, fast,
                 config_.columns);
    failures_ = check.failures();
    notes_ = {fmt::format("the wave shows cycles {} to {} on the {} engine, which took over in "
                          "cycle {}{}",
                          window.from.count(), window.to.count(), options_.clocked,
                          window.hand_over.count(), agreement(check)),
              resumed.note};
  }

  static std::string agreement(const WindowCheck& check) {
    if (!check.failures().empty()) {
      return "";
    }
    return fmt::format("; {} commands ran in the same cycles on both, and {} values are the same",
                       check.commands(), check.values());
  }

  const ArrayConfig& config_;
  UnitFactories make_units_;
  WindowedOptions options_;
  std::vector<std::string> notes_;
  std::vector<std::string> failures_;
};

}  // namespace

std::unique_ptr<Device> make_windowed_device(const ArrayConfig& config, UnitFactories make_units,
                                             WindowedOptions options) {
  return std::make_unique<WindowedDevice>(config, std::move(make_units), std::move(options));
}

}  // namespace systol
