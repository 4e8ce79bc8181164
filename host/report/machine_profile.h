// What the machine's units, memories and PEs do over time.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "host/report/array_use.h"
#include "host/report/run_observer.h"
#include "host/report/window_series.h"
#include "hw/isa/command.h"
#include "sim/device.h"

namespace systol {

/// In a window, in cycles and bytes. What crosses a window's border is shared out.
struct MachineWindow {
  std::array<double, isa::kUnits> busy{};      ///< cycles of each unit with a command
  std::array<double, kCycleClasses> matrix{};  ///< the matrix unit's cycles by class
  std::array<double, isa::kSpaces> bytes{};    ///< through each memory, in the config's order
  MachineWindow& operator+=(const MachineWindow& other);
};

/// Collects a run, or runs one after another.
class MachineProfile : public RunObserver {
 public:
  MachineProfile();

  /// Enough for a screen.
  static constexpr std::size_t kMostWindows = 512;

  void begin_run(std::span<const std::string> nodes) override;

  void completed(std::uint64_t index, const isa::Command& command, Cycles start,
                 Cycles end) override;
  void matrix_cycles(std::uint32_t node, CycleClass kind, Cycles from, Cycles to) override;
  void moved(const Transport& transport) override;

  Cycles window() const { return series_.length(); }
  /// The last ones of a run may be missing where nothing happened in them.
  const std::vector<MachineWindow>& windows() const { return series_.windows(); }
  const ArrayUse& array() const { return array_; }

 private:
  WindowSeries<MachineWindow> series_;
  ArrayUse array_;
  std::array<Cycles, isa::kUnits> busy_until_{};
  // Of the run that is seen: its cycle 0, its end so far.
  Cycles begin_;
  Cycles end_;
};

}  // namespace systol
