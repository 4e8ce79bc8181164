#include "sim/window/array_recording.h"

#include <algorithm>

#include "sim/fast/fast_device.h"
#include "sim/fast/fast_snapshot.h"
#include "sim/systemc/systemc_device.h"
#include "sim/unit/model_unit.h"

namespace systol {
namespace {

/// Up to here a clock from the first cycle on costs next to nothing, and nothing is missing then of
/// what shifted in before the window.
constexpr Cycles kSoon(20'000);

class Recorder : public RegisterRecorder {
 public:
  Recorder(const ArrayConfig& config, Cycles from, Cycles to)
      : config_(config), from_(from), to_(to) {}

  bool wants(Cycles cycle) const override { return cycle >= from_ && cycle < to_; }
  void record(Cycles /*cycle*/, const MatrixUnit& unit, std::string_view ledger) override {
    ArrayCycle& now = cycles.emplace_back();
    now.ledger = ledger;
    for (std::uint32_t row = 0; row < config_.rows; ++row) {
      for (std::uint32_t column = 0; column < config_.columns; ++column) {
        now.pes.push_back(unit.pe(row, column));
      }
    }
  }

  std::vector<ArrayCycle> cycles;

 private:
  const ArrayConfig& config_;
  Cycles from_;
  Cycles to_;
};

CycleWindow window_of(const ArrayConfig& config, CommandSource& commands,
                      std::span<const std::string> nodes, const MemoryImage& memory,
                      const WindowRequest& request) {
  WindowFinder finder(config, request, nodes);
  MemoryImage unused = memory.copy();
  make_fast_device(config, {.data = false, .check_program = false})
      ->run(commands, nodes, unused, &finder);
  commands.restart();
  return finder.window();
}

}  // namespace

ArrayRecording record_array(const ArrayConfig& config, CommandSource& commands,
                            std::span<const std::string> nodes, const MemoryImage& memory,
                            const WindowRequest& request, std::size_t most) {
  const CycleWindow window = window_of(config, commands, nodes, memory, request);
  const Cycles hand_over = window.from <= kSoon ? Cycles(0) : window.hand_over;
  const Cycles lead(std::min<std::uint64_t>((window.from - hand_over).count(), config.rows + 1));
  const Cycles from = window.from - lead;
  const Cycles to = std::min(window.to, from + Cycles(most));
  Recorder recorder(config, from, to);
  Snapshot snapshot =
      fast_snapshot(config, commands, nodes.size(), memory.copy(), hand_over, nullptr);
  SystemOptions options;
  options.registers = &recorder;
  resume(config, snapshot, commands, nodes, make_model_unit, options, to, nullptr);
  return {from, window.to, std::move(recorder.cycles)};
}

}  // namespace systol
