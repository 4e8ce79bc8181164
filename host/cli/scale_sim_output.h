// What `systol run` prints and writes for those who come from SCALE-Sim.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "host/report/report.h"

namespace systol {

struct ScaleSimOutput {
  std::string report_as;  ///< empty, "scale-sim" or "scale-sim=FILE"
  std::string estimate;   ///< empty or "scale-sim"
};

/// --report-as and --estimate.
void add_scale_sim_options(CLI::App& run, ScaleSimOutput& output);

/// Throws InputError for a format that there is not, or where two things want standard output.
void check_output(const ScaleSimOutput& output, const std::string& json);

/// Where --report-as writes: a file, "-" for standard output, or empty.
std::string report_file(const ScaleSimOutput& output);

/// Writes the report as text, CSV and JSON, whatever is asked for. `json` and `csv`, of the layers,
/// are a file, "-" or empty.
void write_report(const RunReport& report, const ScaleSimOutput& output, const std::string& json,
                  const std::string& csv);

}  // namespace systol
