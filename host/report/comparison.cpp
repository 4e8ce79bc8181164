#include "host/report/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "host/report/csv_field.h"
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

/// The shares that are right, in int8 and in floating point; empty without labels.
std::string accuracy_csv(const RunReport& report) {
  return report.accuracy
             ? fmt::format("{},{}", report.accuracy->quantised, report.accuracy->floating)
             : ",";
}

}  // namespace

std::string comparison_text(std::span<const RunReport> reports) {
  std::vector<std::string> names{"model", "array",       "dataflow", "batch",         "cycles",
                                 "time",  "utilisation", "energy",   "per inference", "power",
                                 "TOPS",  "TOPS/W",      "area",     "TOPS/mm2",      "check"};
  const bool accuracy = std::ranges::any_of(
      reports, [](const RunReport& report) { return report.accuracy.has_value(); });
  if (accuracy) {
    names.insert(names.end(), {"int8 accuracy", "float accuracy"});
  }
  TextTable table(std::move(names));
  for (const RunReport& report : reports) {
    std::vector<std::string> row{
        report.model,
        fmt::format("{} ({}x{})", report.array.name, report.array.rows, report.array.columns),
        std::string(spelled(report.array.dataflow)),
        std::to_string(report.batch),
        grouped(report.cycles.count()),
        duration(report.seconds()),
        percent(report.utilisation()),
        energy(report.energy.total),
        energy(report.energy_per_inference()),
        power(report.power_w()),
        fmt::format("{:.4g}", report.achieved_tops()),
        fmt::format("{:.3g}", report.tops_per_watt()),
        area(total_area(report.hardware)),
        fmt::format("{:.3g}", report.tops_per_mm2()),
        verdict(report.check)};
    if (accuracy) {
      row.push_back(report.accuracy ? percent(report.accuracy->quantised) : "");
      row.push_back(report.accuracy ? percent(report.accuracy->floating) : "");
    }
    table.add(std::move(row));
  }
  return table.text();
}

std::string comparison_csv(std::span<const RunReport> reports) {
  std::string text =
      "model,array,rows,columns,dataflow,batch,samples,engine,cycles,seconds,utilisation,energy_pj,"
      "energy_per_inference_pj,power_w,tops,tops_per_watt,area_um2,tops_per_mm2,check,accuracy,"
      "accuracy_float\n";
  for (const RunReport& report : reports) {
    text += fmt::format(
        "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", csv_field(report.model),
        csv_field(report.array.name), report.array.rows, report.array.columns,
        name_of(report.array.dataflow), report.batch, report.samples, report.engine,
        report.cycles.count(), report.seconds(), report.utilisation(), report.energy.total.count(),
        report.energy_per_inference().count(), report.power_w(), report.achieved_tops(),
        report.tops_per_watt(), total_area(report.hardware).count(), report.tops_per_mm2(),
        verdict(report.check), accuracy_csv(report));
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
