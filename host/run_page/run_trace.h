// What a page shows of a run's course over time.
#pragma once

#include <vector>

#include "host/account/energy_table.h"
#include "host/report/machine_profile.h"
#include "host/report/power_profile.h"
#include "host/report/report.h"
#include "host/report/run_observer.h"
#include "host/report/timeline.h"

namespace systol {

/// Of a bounded size, however long the run is.
struct RunTrace {
  PowerOverTime power;
  Cycles window;                       ///< the length of the next two's windows
  std::vector<MachineWindow> windows;  ///< from cycle 0 to the run's end
  std::vector<std::int64_t> buffer;    ///< most bytes of the unified buffer in use, by window
  TimelineRecord excerpt;              ///< the first commands
  std::vector<std::uint64_t> pes;      ///< useful multiplications, PE (r, c) at r * columns + c
};

/// Collects it: give its observers to a run, or to runs one after another.
class RunTracer {
 public:
  /// What `config` and `table` name must outlive the tracer.
  RunTracer(const ArrayConfig& config, const EnergyTable& table);

  static constexpr std::size_t kMostCommands = 400;  ///< of the excerpt

  std::vector<RunObserver*> observers() { return {&power_, &machine_, &timeline_}; }
  /// Once, after the runs, which `report` is of.
  RunTrace take(const RunReport& report);

 private:
  const ArrayConfig& config_;
  PowerProfile power_;
  MachineProfile machine_;
  Timeline timeline_;
};

}  // namespace systol
