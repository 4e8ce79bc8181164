#include "sim/window/windowed_device.h"

#include <fmt/format.h>

#include <stdexcept>

#include "sim/fast/fast_device.h"
#include "sim/fast/fast_snapshot.h"

namespace systol {
namespace {

/// Holds the clocked engine to the fast engine's times.
class SameTimes : public Observer {
 public:
  explicit SameTimes(const WindowFinder::Times& expected) : expected_(expected) {}

  void completed(std::uint64_t index, const isa::Command& /*command*/, Cycles start,
                 Cycles end) override {
    const auto found = expected_.find(index);
    if (found == expected_.end()) {
      return;
    }
    if (found->second != std::pair(start, end)) {
      throw std::logic_error(fmt::format(
          "command {} runs in cycles {} to {} in the window, and in {} to {} on the fast engine",
          index, start.count(), end.count(), found->second.first.count(),
          found->second.second.count()));
    }
    ++compared_;
  }
  std::uint64_t compared() const { return compared_; }

 private:
  const WindowFinder::Times& expected_;
  std::uint64_t compared_ = 0;
};

class WindowedDevice : public Device {
 public:
  WindowedDevice(const ArrayConfig& config, MatrixUnitFactory make_unit, WindowedOptions options)
      : config_(config), make_unit_(std::move(make_unit)), options_(std::move(options)) {}

  std::string_view engine() const override { return "fast"; }
  std::vector<std::string> notes() const override { return notes_; }

  RunResult run(CommandSource& commands, std::span<const std::string> layers, MemoryImage& memory,
                Observer* observer) override {
    WindowFinder finder(config_, options_.request, layers);
    Observers observers;
    observers.add(&finder);
    if (observer != nullptr) {
      observers.add(observer);
    }
    MemoryImage initial = memory.copy();
    RunResult result = make_fast_device(config_, {true, options_.check_program})
                           ->run(commands, layers, memory, &observers);
    commands.restart();
    record(finder, commands, layers, std::move(initial));
    return result;
  }

 private:
  void record(const WindowFinder& finder, CommandSource& commands,
              std::span<const std::string> layers, MemoryImage memory) {
    const Window window = finder.window();
    Snapshot snapshot = fast_snapshot(config_, commands, layers.size(), std::move(memory),
                                      window.hand_over, nullptr);
    SystemOptions system;
    system.wave = options_.wave;
    system.wave->from = window.from;
    system.wave->to = window.to;
    SameTimes same(finder.times());
    // One cycle more: what ends with the window completes in the cycle behind it.
    const Resumed resumed = resume(config_, snapshot, commands, layers, make_unit_, system,
                                   window.to + Cycles(1), &same);
    notes_ = {fmt::format("the wave shows cycles {} to {} on the {} engine, which took over in "
                          "cycle {}; {} commands ended in the same cycle on both",
                          window.from.count(), window.to.count(), options_.clocked,
                          window.hand_over.count(), same.compared()),
              resumed.note};
  }

  const ArrayConfig& config_;
  MatrixUnitFactory make_unit_;
  WindowedOptions options_;
  std::vector<std::string> notes_;
};

}  // namespace

std::unique_ptr<Device> make_windowed_device(const ArrayConfig& config, MatrixUnitFactory make_unit,
                                             WindowedOptions options) {
  return std::make_unique<WindowedDevice>(config, std::move(make_unit), std::move(options));
}

}  // namespace systol
