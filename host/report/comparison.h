// Runs side by side: which are on the Pareto front, which keep the limits, which is best.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/report/report.h"
#include "host/report/result_row.h"
#include "host/report/standings.h"

namespace systol {

inline constexpr int kComparisonSchemaVersion = 2;

/// Rows of one table, and what they are judged by.
struct Comparison : Criteria {
  std::vector<ResultRow> rows;

  /// With the row that `best`, an index of metrics(), names.
  Standings standings(std::optional<std::size_t> best = std::nullopt) const;
  /// By row: whether it is on the Pareto front.
  std::vector<bool> front() const { return standings().front(); }
  /// The first of the workload's rows that keep the limits which no other beats.
  std::optional<std::size_t> best(std::size_t workload, std::size_t metric) const;
  /// What others of the workload are compared with: its first row with a result.
  const ResultRow* baseline(std::size_t workload) const;
};

/// A row per run in plain units, named in the first line.
std::string comparison_csv(const Comparison& comparison);
/// Its first line, and the line of one row.
std::string comparison_csv_header(const Criteria& criteria);
std::string comparison_csv_row(const Criteria& criteria, const ResultRow& row, bool on_front);

/// All rows, and all reports whole as `systol run --json` writes each.
nlohmann::ordered_json comparison_json(const Comparison& comparison,
                                       std::span<const RunReport> reports);

}  // namespace systol
