// Every figure that others have measured and that Systol has a run for, in one table.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/validate/energy.h"
#include "host/validate/gemmini.h"
#include "host/validate/tiny_tpu.h"
#include "host/validate/tpu_v1.h"

namespace systol {

struct ScoreRow {
  std::string machine;  ///< and which of its tables
  std::string what;
  std::string unit;  ///< "us", "cycles", "W", "mm2", "x"; "%" for a share of the cycles
  double measured = 0;
  double ours = 0;
  std::optional<double> scale_sim;  ///< its closed form on the same row, where it has one
};

/// How far a figure is off: in points for a share, otherwise in per cent of what was measured.
double residual(const ScoreRow& row, double figure);

/// Of a machine's rows, by absolute residual. Both sides over the same rows where both have one.
struct ScoreSummary {
  std::string machine;
  std::size_t rows = 0;
  double median = 0;
  double worst = 0;  ///< with its sign
  std::size_t scale_sim_rows = 0;
  double scale_sim_median = 0;
  double scale_sim_worst = 0;
};

std::vector<ScoreRow> score_rows(std::span<const TpuResult> results);
std::vector<ScoreRow> score_rows(std::span<const GemminiResult> results);
std::vector<ScoreRow> score_rows(std::span<const TinyTpuResult> results);
std::vector<ScoreRow> score_rows(std::span<const EnergyComparison> results);

/// One for each machine, in the order of the rows.
std::vector<ScoreSummary> summaries_of(std::span<const ScoreRow> rows);

std::string scoreboard_text(std::span<const ScoreRow> rows);
nlohmann::ordered_json scoreboard_json(std::span<const ScoreRow> rows);

}  // namespace systol
