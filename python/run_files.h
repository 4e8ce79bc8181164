// What a run leaves beside its report: a page, a timeline.
#pragma once

#include <pybind11/pybind11.h>

#include <filesystem>
#include <optional>
#include <vector>

#include "host/account/energy_table.h"
#include "host/report/report.h"
#include "host/report/timeline.h"
#include "host/run_page/run_trace.h"
#include "sim/config/array_config.h"

namespace systol::python {

/// None, or a file that is to be written. Throws TypeError, which begins with `name`, for another
/// type.
std::filesystem::path output_argument(const pybind11::object& given, const char* name);

class RunFiles {
 public:
  /// Empty paths are no files. `config` must outlive it.
  RunFiles(std::filesystem::path page, std::filesystem::path timeline, const ArrayConfig& config);
  RunFiles(const RunFiles&) = delete;
  RunFiles& operator=(const RunFiles&) = delete;

  std::vector<RunObserver*> observers();
  /// Once, after the run. Throws EnvironmentError for what cannot be written.
  void write(const RunReport& report);

 private:
  std::filesystem::path page_;
  std::filesystem::path timeline_path_;
  std::optional<EnergyTable> table_;
  std::optional<RunTracer> tracer_;
  std::optional<Timeline> timeline_;
};

}  // namespace systol::python
