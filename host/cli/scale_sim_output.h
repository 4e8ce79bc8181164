// What `systol run` prints and writes for those who come from SCALE-Sim.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "host/cli/load_array.h"
#include "host/import/scale_sim_topology.h"
#include "host/report/report.h"

namespace systol {

struct ScaleSimOutput {
  std::string report_as;  ///< empty, "scale-sim" or "scale-sim=FILE"
  std::string estimate;   ///< empty or "scale-sim"

  bool wanted() const { return !report_as.empty() || !estimate.empty(); }
};

/// --report-as and --estimate.
void add_scale_sim_options(CLI::App& run, ScaleSimOutput& output);

/// Throws InputError for a format that there is not, or where two things want standard output.
void check_output(const ScaleSimOutput& output, const std::string& json);

/// Where --report-as writes: a file, "-" for standard output, or empty.
std::string report_file(const ScaleSimOutput& output);

/// Writes the report as text, CSV and JSON, whatever is asked for. `json` is a file, "-" or empty.
void write_report(const RunReport& report, const ScaleSimOutput& output, const std::string& json);

/// The estimate alone, of an array that does not run.
void write_estimate(const Topology& topology, const PaperArray& array, const std::string& json);

}  // namespace systol
