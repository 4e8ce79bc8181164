// One row of a comparison or of a sweep: what ran where, and what was measured.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/report/metric.h"
#include "host/report/report.h"

namespace systol {

/// A key of the array's file and the value that replaces its own: "array.rows", "16".
struct Setting {
  std::string key;
  std::string value;
  bool operator==(const Setting&) const = default;
};

/// "array.rows=16", as an override is written.
std::string text_of(const Setting& setting);

/// The key of the PEs' type.
inline constexpr std::string_view kPeKey = "array.pe";

/// Whether a row's size, its PEs, says what the setting says.
inline bool is_in_size(std::string_view key) {
  return key == "array.rows" || key == "array.columns";
}

struct ResultRow {
  std::uint64_t number = 0;  ///< of the design point, from 1
  std::size_t workload = 0;  ///< which of the models it is: two may have one name
  std::string model;
  std::string array;
  std::vector<Setting> settings;  ///< what was swept
  std::uint32_t rows = 0;         ///< of PEs
  std::uint32_t columns = 0;
  std::string dataflow;  ///< "weight_stationary"
  std::string engine;
  std::uint64_t batch = 0;
  std::uint64_t samples = 0;
  MetricValues metrics{};
  std::uint64_t seed = 0;  ///< of what is made up or drawn
  std::string check;       ///< "ok", "FAILED" or "skipped"
  std::optional<Accuracy> accuracy;
  std::string on_host;   ///< as RunReport has it
  double pe_energy = 0;  ///< of an inference, what the PEs themselves have of it, in pJ
  double pe_area = 0;    ///< of the PEs, in um2
  std::string error;     ///< why there is no result: then nothing above from `rows` on holds

  bool failed() const { return !error.empty(); }
};

/// The row of a run, without number, workload and settings.
ResultRow result_of(const RunReport& report);

}  // namespace systol
