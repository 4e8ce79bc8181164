#include "host/report/comparison.h"

#include <fmt/format.h>

#include "host/report/json.h"
#include "host/report/numbers.h"
#include "host/report/text_table.h"
#include "sim/config/array_file.h"

namespace systol {
namespace {

const char* verdict(const CheckReport& check) {
  if (!check.enabled) {
    return "skipped";
  }
  return check.passed() ? "ok" : "FAILED";
}

/// Quoted where the value would break the row.
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) {
    return text;
  }
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  }
  return quoted + '"';
}

}  // namespace

std::string comparison_text(std::span<const RunReport> reports) {
  TextTable table({"model", "array", "dataflow", "batch", "cycles", "time", "utilisation", "energy",
                   "per inference", "power", "TOPS", "TOPS/W", "check"});
  for (const RunReport& report : reports) {
    table.add(
        {report.model,
         fmt::format("{} ({}x{})", report.array.name, report.array.rows, report.array.columns),
         spelled(report.array.dataflow), std::to_string(report.batch),
         grouped(report.cycles.count()), duration(report.seconds()), percent(report.utilisation()),
         energy(report.energy.total), energy(report.energy_per_inference()),
         power(report.power_w()), fmt::format("{:.4g}", report.achieved_tops()),
         fmt::format("{:.3g}", report.tops_per_watt()), verdict(report.check)});
  }
  return table.text();
}

std::string comparison_csv(std::span<const RunReport> reports) {
  std::string text =
      "model,array,rows,columns,dataflow,batch,samples,engine,cycles,seconds,utilisation,energy_pj,"
      "energy_per_inference_pj,power_w,tops,tops_per_watt,check\n";
  for (const RunReport& report : reports) {
    text += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n",
                        csv_field(report.model), csv_field(report.array.name), report.array.rows,
                        report.array.columns, name_of(report.array.dataflow), report.batch,
                        report.samples, report.engine, report.cycles.count(), report.seconds(),
                        report.utilisation(), report.energy.total.count(),
                        report.energy_per_inference().count(), report.power_w(),
                        report.achieved_tops(), report.tops_per_watt(), verdict(report.check));
  }
  return text;
}

nlohmann::ordered_json comparison_json(std::span<const RunReport> reports) {
  nlohmann::ordered_json json;
  json["schema"] = {{"name", "systol.compare"}, {"version", kComparisonSchemaVersion}};
  json["runs"] = nlohmann::ordered_json::array();
  for (const RunReport& report : reports) {
    json["runs"].push_back(to_json(report));
  }
  return json;
}

}  // namespace systol
