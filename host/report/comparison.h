// Runs side by side: which are on the Pareto front, which keep the limits, which is best.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/report/limit.h"
#include "host/report/metric.h"
#include "host/report/report.h"
#include "host/report/result_row.h"

namespace systol {

inline constexpr int kComparisonSchemaVersion = 2;

/// Rows of one table, and what they are judged by. Rows of different workloads never meet.
struct Comparison {
  std::vector<std::string> keys;        ///< of the settings that rows differ in
  std::vector<std::size_t> objectives;  ///< of the Pareto front: indices of metrics()
  std::vector<Limit> limits;
  std::vector<ResultRow> rows;

  /// Has a result and keeps the limits.
  bool keeps_limits(const ResultRow& row) const;
  /// By row: whether it keeps the limits, and no other such row of the workload is at least as good
  /// in all objectives and better in one.
  std::vector<bool> front() const;
  /// The first of the workload's rows that keep the limits which no other beats.
  std::optional<std::size_t> best(std::size_t workload, std::size_t metric) const;
  /// What others of the workload are compared with: its first row with a result.
  const ResultRow* baseline(std::size_t workload) const;
};

/// A row per run in plain units, named in the first line.
std::string comparison_csv(const Comparison& comparison);

/// All rows, and all reports whole as `systol run --json` writes each.
nlohmann::ordered_json comparison_json(const Comparison& comparison,
                                       std::span<const RunReport> reports);

}  // namespace systol
