// What `systol run` records while it runs: a timeline, power over time.
#pragma once

#include <filesystem>
#include <optional>

#include "host/account/energy_table.h"
#include "host/cli/run_options.h"
#include "host/report/power_profile.h"
#include "host/report/report.h"
#include "host/report/timeline.h"

namespace systol {

/// Throws InputError for options that do not go together.
void check_records(const RunWords& words);

class RunRecords {
 public:
  RunRecords(const RunWords& words, const ArrayConfig& config);

  /// Null where none is wanted.
  Timeline* timeline() { return timeline_ ? &*timeline_ : nullptr; }
  PowerProfile* power() { return power_ ? &*power_ : nullptr; }

  /// After the run: writes the file, and adds to the report what belongs there.
  void finish(RunReport& report);

 private:
  void write_timeline(std::vector<std::string>& notes);

  const ArrayConfig& config_;
  EnergyTable table_;
  std::filesystem::path path_;  ///< of the timeline
  std::optional<Timeline> timeline_;
  std::optional<PowerProfile> power_;
  std::optional<double> load_;
};

}  // namespace systol
