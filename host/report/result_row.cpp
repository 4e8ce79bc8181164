#include "host/report/result_row.h"

#include "sim/config/array_file.h"

namespace systol {
namespace {

std::string verdict(const CheckReport& check) {
  if (!check.enabled) {
    return "skipped";
  }
  return check.passed() ? "ok" : "FAILED";
}

}  // namespace

std::string text_of(const Setting& setting) { return setting.key + "=" + setting.value; }

ResultRow result_of(const RunReport& report) {
  ResultRow row;
  row.model = report.model;
  row.array = report.array.name;
  row.rows = report.array.rows;
  row.columns = report.array.columns;
  row.dataflow = name_of(report.array.dataflow);
  row.engine = report.engine;
  row.batch = report.batch;
  row.samples = report.samples;
  row.metrics = metric_values(report);
  row.check = verdict(report.check);
  row.accuracy = report.accuracy;
  return row;
}

}  // namespace systol
