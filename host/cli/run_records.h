// What `systol run` records while it runs: a timeline, power over time.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "host/account/energy_table.h"
#include "host/cli/run_options.h"
#include "host/report/power_profile.h"
#include "host/report/report.h"
#include "host/report/timeline.h"
#include "host/report/wavefront.h"
#include "host/run_page/run_trace.h"

namespace systol {

/// Throws InputError for options that do not go together.
void check_records(const RunWords& words);

class RunRecords {
 public:
  RunRecords(const RunWords& words, const ArrayConfig& config);

  std::vector<RunObserver*> observers();

  /// After the run: writes the timeline, and adds to the report what belongs there.
  void finish(RunReport& report);
  /// After that, where a page is wanted: writes it.
  void write_page(const RunReport& report, const Wavefront& wavefront);

 private:
  void write_timeline(std::vector<std::string>& notes);

  const ArrayConfig& config_;
  EnergyTable table_;
  std::filesystem::path path_;  ///< of the timeline
  std::optional<Timeline> timeline_;
  std::optional<PowerProfile> power_;
  std::filesystem::path page_;
  std::optional<RunTracer> tracer_;  ///< of the page
  std::optional<double> load_;
};

}  // namespace systol
