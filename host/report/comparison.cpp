#include "host/report/comparison.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/report/csv_field.h"
#include "host/report/json.h"

namespace systol {
namespace {

/// In front of the table since its first version, in this order.
constexpr std::string_view kHeader =
    "model,array,rows,columns,dataflow,batch,samples,engine,cycles,seconds,utilisation,energy_pj,"
    "energy_per_inference_pj,power_w,tops,tops_per_watt,area_um2,tops_per_mm2,check,accuracy,"
    "accuracy_float";
/// Metrics that come after.
constexpr std::array<std::string_view, 2> kLater = {"energy_delay_js", "inferences_per_second"};

bool is_later(const Metric& metric) {
  return std::ranges::find(kLater, metric.key) != kLater.end();
}

/// Of the metrics in the front part of the table, or of the later ones; empty without a result.
std::string metric_fields(const ResultRow& row, bool later) {
  std::string text;
  for (std::size_t i = 0; i < kMetrics; ++i) {
    if (is_later(metrics()[i]) == later) {
      text += row.failed() ? "," : fmt::format(",{}", row.metrics[i]);
    }
  }
  return text;
}

/// The shares that are right, in int8 and in floating point; empty without labels.
std::string accuracy_fields(const ResultRow& row) {
  return row.accuracy ? fmt::format("{},{}", row.accuracy->quantised, row.accuracy->floating) : ",";
}

nlohmann::ordered_json row_json(const Comparison& comparison, const ResultRow& row, bool on_front) {
  nlohmann::ordered_json json;
  json["number"] = row.number;
  json["model"] = row.model;
  json["array"] = row.array;
  json["settings"] = nlohmann::ordered_json::object();
  for (const Setting& setting : row.settings) {
    json["settings"][setting.key] = setting.value;
  }
  if (row.failed()) {
    json["error"] = row.error;
    return json;
  }
  for (std::size_t i = 0; i < kMetrics; ++i) {
    json[std::string(metrics()[i].key)] = row.metrics[i];
  }
  json["pareto"] = on_front;
  json["over"] = broken_limits(comparison.limits, row.metrics);
  return json;
}

}  // namespace

Standings Comparison::standings(std::optional<std::size_t> best) const {
  Standings standings(static_cast<const Criteria&>(*this), best);
  for (const ResultRow& row : rows) {
    standings.add(row);
  }
  return standings;
}

std::optional<std::size_t> Comparison::best(std::size_t workload, std::size_t metric) const {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].workload == workload && keeps_limits(rows[i]) &&
        (!best || beats(metrics()[metric], rows[i].metrics[metric], rows[*best].metrics[metric]))) {
      best = i;
    }
  }
  return best;
}

const ResultRow* Comparison::baseline(std::size_t workload) const {
  const auto found = std::ranges::find_if(
      rows, [workload](const ResultRow& row) { return row.workload == workload && !row.failed(); });
  return found == rows.end() ? nullptr : &*found;
}

std::string comparison_csv_header(const Criteria& criteria) {
  std::string text(kHeader);
  for (const std::string_view key : kLater) {
    text += fmt::format(",{}", key);
  }
  text += ",pareto,over,error";
  for (const std::string& key : criteria.keys) {
    text += "," + csv_field(key);
  }
  return text + "\n";
}

std::string comparison_csv_row(const Criteria& criteria, const ResultRow& row, bool on_front) {
  std::string text = fmt::format("{},{},", csv_field(row.model), csv_field(row.array));
  text += row.failed() ? ",,,,,"
                       : fmt::format("{},{},{},{},{},{}", row.rows, row.columns, row.dataflow,
                                     row.batch, row.samples, row.engine);
  text += metric_fields(row, false);
  text += fmt::format(",{},{}", row.check, accuracy_fields(row));
  text += metric_fields(row, true);
  text += fmt::format(",{},{},{}", on_front,
                      csv_field(row.failed() ? "" : broken_limits(criteria.limits, row.metrics)),
                      csv_field(row.error));
  for (const Setting& setting : row.settings) {
    text += "," + csv_field(setting.value);
  }
  return text + "\n";
}

std::string comparison_csv(const Comparison& comparison) {
  std::string text = comparison_csv_header(comparison);
  const std::vector<bool> front = comparison.front();
  for (std::size_t i = 0; i < comparison.rows.size(); ++i) {
    text += comparison_csv_row(comparison, comparison.rows[i], front[i]);
  }
  return text;
}

nlohmann::ordered_json comparison_json(const Comparison& comparison,
                                       std::span<const RunReport> reports) {
  nlohmann::ordered_json json;
  json["schema"] = {{"name", "systol.compare"}, {"version", kComparisonSchemaVersion}};
  json["rows"] = nlohmann::ordered_json::array();
  const std::vector<bool> front = comparison.front();
  for (std::size_t i = 0; i < comparison.rows.size(); ++i) {
    json["rows"].push_back(row_json(comparison, comparison.rows[i], front[i]));
  }
  json["runs"] = nlohmann::ordered_json::array();
  for (const RunReport& report : reports) {
    json["runs"].push_back(to_json(report));
  }
  return json;
}

}  // namespace systol
