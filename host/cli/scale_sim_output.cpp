#include "host/cli/scale_sim_output.h"

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "host/cli/terminal.h"
#include "host/report/json.h"
#include "host/report/node_csv.h"
#include "host/report/table.h"
#include "host/scale_sim/estimate.h"
#include "sim/base/error.h"
#include "sim/base/output_file.h"

namespace systol {
namespace {

constexpr std::string_view kFormat = "scale-sim";
constexpr std::string_view kToFile = "scale-sim=";

/// What to look for first in a long report.
std::string with_coloured_verdict(std::string text) {
  using Verdict = std::pair<std::string_view, Style>;
  for (const auto& [verdict, style] :
       {Verdict("\ncheck: ok", Style::Green), Verdict("\ncheck: FAILED", Style::Red)}) {
    if (const std::size_t place = text.find(verdict); place != std::string::npos) {
      text.replace(place + 1, verdict.size() - 1, styled(verdict.substr(1), style, stdout));
    }
  }
  return text;
}

}  // namespace

void add_scale_sim_options(CLI::App& run, ScaleSimOutput& output) {
  run.add_option("--report-as", output.report_as,
                 "scale-sim or scale-sim=FILE: prints the layers with the columns of SCALE-Sim's "
                 "COMPUTE_REPORT.csv instead of the table, or writes them to FILE.\n"
                 "  --report-as scale-sim=COMPUTE_REPORT.csv");
  run.add_option("--estimate", output.estimate,
                 "scale-sim: prints the cycles of SCALE-Sim's closed form beside ours; "
                 "docs/scale-sim.md says where they differ.\n  --estimate scale-sim");
}

void check_output(const ScaleSimOutput& output, const std::string& json) {
  if (!output.estimate.empty() && output.estimate != kFormat) {
    throw InputError(fmt::format("--estimate '{}': there is scale-sim", output.estimate));
  }
  const bool to_file =
      output.report_as.starts_with(kToFile) && output.report_as.size() > kToFile.size();
  if (!output.report_as.empty() && output.report_as != kFormat && !to_file) {
    throw InputError(
        fmt::format("--report-as '{}': expected scale-sim or scale-sim=FILE", output.report_as));
  }
  if (output.report_as == kFormat && (json == "-" || !output.estimate.empty())) {
    throw InputError(
        fmt::format("--report-as scale-sim takes standard output for itself: give it "
                    "a file beside {}, as --report-as scale-sim=COMPUTE_REPORT.csv",
                    json == "-" ? "--json -" : "--estimate"));
  }
}

std::string report_file(const ScaleSimOutput& output) {
  if (output.report_as.starts_with(kToFile)) {
    return output.report_as.substr(kToFile.size());
  }
  return output.report_as.empty() ? "" : "-";
}

void write_report(const RunReport& report, const ScaleSimOutput& output, const std::string& json,
                  const std::string& csv) {
  const ScaleSimEstimate estimate{report.array.rows, report.array.columns,
                                  scale_sim_dataflow(report.array.dataflow),
                                  estimated_layers(report)};
  if (output.report_as == kFormat) {
    fmt::print("{}", compute_report_csv(report));
  } else if (json != "-" && csv != "-") {
    fmt::print("{}",
               with_coloured_verdict(to_text(report, known_width(stdout).value_or(kAnyWidth))));
    if (!output.estimate.empty()) {
      fmt::print("\n{}", estimate_text(estimate));
    }
  }
  if (output.report_as.starts_with(kToFile)) {
    write_file(report_file(output), compute_report_csv(report));
  }
  if (!csv.empty()) {
    write_file(csv, node_csv(report));
  }
  if (!json.empty()) {
    nlohmann::ordered_json document = to_json(report);
    if (!output.estimate.empty()) {
      document["estimate"] = estimate_json(estimate);
    }
    write_file(json, json_text(document));
  }
}

}  // namespace systol
