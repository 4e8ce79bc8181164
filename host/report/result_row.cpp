#include "host/report/result_row.h"

#include <algorithm>

#include "sim/config/array_file.h"

namespace systol {
namespace {

std::string verdict(const CheckReport& check) {
  if (!check.enabled) {
    return "skipped";
  }
  return check.passed() ? "ok" : "FAILED";
}

double pe_energy(const RunReport& report) {
  const auto pe = std::ranges::find(report.energy.components, "pe", &EnergyComponent::name);
  return pe == report.energy.components.end() || report.samples == 0
             ? 0.0
             : pe->energy.count() / static_cast<double>(report.samples);
}

double pe_area(const RunReport& report) {
  const auto pe = std::ranges::find(report.hardware, "pe", &Component::name);
  return pe == report.hardware.end() ? 0.0 : pe->area.count();
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
  row.on_host = report.on_host;
  row.pe_energy = pe_energy(report);
  row.pe_area = pe_area(report);
  return row;
}

}  // namespace systol
