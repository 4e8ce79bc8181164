#include "host/validate/scoreboard.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "host/report/text_table.h"
#include "host/report/version.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kShare = "%";

std::string number_text(double number, const std::string& unit) {
  return unit == kShare || unit == "us" || unit == "W"  ? fmt::format("{:.1f}", number)
         : unit == "x" || unit == "mm2" || unit == "pJ" ? fmt::format("{:.2f}", number)
                                                        : fmt::format("{:.0f}", number);
}

std::string residual_text(const ScoreRow& row, std::optional<double> figure) {
  return figure ? fmt::format("{:+.1f} {}", residual(row, *figure), row.unit == kShare ? "pt" : "%")
                : "-";
}

double median_of(std::vector<double> residuals) {
  for (double& residual : residuals) {
    residual = std::abs(residual);
  }
  std::ranges::sort(residuals);
  const std::size_t half = residuals.size() / 2;
  return residuals.size() % 2 == 1 ? residuals[half] : (residuals[half - 1] + residuals[half]) / 2;
}

double worst_of(const std::vector<double>& residuals) {
  return *std::ranges::max_element(residuals, {}, [](double x) { return std::abs(x); });
}

ScoreRow share_row(const TpuResult& result, std::string_view what, double measured, double ours) {
  return {"first TPU, table 3", fmt::format("{} {}", result.workload.name, what),
          std::string(kShare),  kPercent * measured,
          kPercent * ours,      {}};
}

void add_shares(const TpuResult& result, std::vector<ScoreRow>& rows) {
  const TpuColumn& published = *result.workload.published;
  const TpuColumn& ours = result.column;
  const auto add = [&](std::string_view what, double measured, double own) {
    rows.push_back(share_row(result, what, measured, own));
  };
  add("array active", published.shares.array_active, ours.shares.array_active);
  add("weight stall", published.shares.weight_stall, ours.shares.weight_stall);
  add("weight shift", published.shares.weight_shift, ours.shares.weight_shift);
  add("non-matrix", published.shares.non_matrix, ours.shares.non_matrix);
  add("RAW stalls", published.details.raw_stall, ours.details.raw_stall);
  add("input stalls", published.details.input_stall, ours.details.input_stall);
  add("useful MACs", published.details.useful, ours.details.useful);
  rows.back().scale_sim = kPercent * result.scale_sim_useful;
}

std::string summary_text(const std::vector<ScoreSummary>& summaries) {
  TextTable table(
      {"machine", "rows", "median", "worst", "SCALE-Sim's rows", "its median", "its worst"});
  for (const ScoreSummary& summary : summaries) {
    const bool both = summary.scale_sim_rows > 0;
    table.add({summary.machine, fmt::format("{}", summary.rows),
               fmt::format("{:.1f}", summary.median), fmt::format("{:+.1f}", summary.worst),
               fmt::format("{}", summary.scale_sim_rows),
               both ? fmt::format("{:.1f}", summary.scale_sim_median) : "-",
               both ? fmt::format("{:+.1f}", summary.scale_sim_worst) : "-"});
  }
  return table.text();
}

}  // namespace

double residual(const ScoreRow& row, double figure) {
  return row.unit == kShare ? figure - row.measured : kPercent * (figure / row.measured - 1);
}

std::vector<ScoreRow> score_rows(std::span<const TpuResult> results) {
  std::vector<ScoreRow> rows;
  for (const TpuResult& result : results) {
    if (result.workload.published) {
      add_shares(result, rows);
    }
  }
  for (std::size_t i = 0; i < tpu_changes().size(); ++i) {
    if (const TpuChange& change = tpu_changes()[i]; change.speed) {
      rows.push_back({"first TPU, figure 11",
                      fmt::format("speed with {}", change.change),
                      "x",
                      *change.speed,
                      mean_speed(results, i),
                      {}});
    }
  }
  return rows;
}

std::vector<ScoreRow> score_rows(std::span<const GemminiResult> results) {
  std::vector<ScoreRow> rows;
  for (const GemminiResult& result : results) {
    rows.push_back(
        {"Gemmini",
         fmt::format("{}, {} accumulator rows", result.layer.name(), result.layer.accumulator_rows),
         "cycles", static_cast<double>(result.layer.better().count()),
         static_cast<double>(result.cycles.count()),
         static_cast<double>(result.scale_sim.count())});
  }
  return rows;
}

std::vector<ScoreRow> score_rows(std::span<const TinyTpuResult> results) {
  std::vector<ScoreRow> rows;
  for (const TinyTpuResult& result : results) {
    rows.push_back({"tinyTPU", fmt::format("MNIST 784-504-10, {0} x {0}", result.row.side), "us",
                    result.row.microseconds, result.microseconds, result.scale_sim_microseconds});
  }
  return rows;
}

std::vector<ScoreRow> score_rows(std::span<const EnergyComparison> results) {
  std::vector<ScoreRow> rows;
  for (const EnergyComparison& result : results) {
    rows.push_back({fmt::format("{}, {}", result.chip, result.unit == "mm2" ? "area" : "power"),
                    std::string(result.what),
                    result.unit.empty() ? "x" : std::string(result.unit),
                    result.published,
                    result.ours,
                    {}});
  }
  return rows;
}

std::vector<ScoreSummary> summaries_of(std::span<const ScoreRow> rows) {
  std::vector<ScoreSummary> summaries;
  for (auto first = rows.begin(); first != rows.end();) {
    const auto end = std::find_if(
        first, rows.end(), [&](const ScoreRow& row) { return row.machine != first->machine; });
    std::vector<double> ours;
    std::vector<double> theirs;
    for (auto row = first; row != end; ++row) {
      ours.push_back(residual(*row, row->ours));
      if (row->scale_sim) {
        theirs.push_back(residual(*row, *row->scale_sim));
      }
    }
    ScoreSummary& summary = summaries.emplace_back();
    summary.machine = first->machine;
    summary.rows = ours.size();
    summary.median = median_of(ours);
    summary.worst = worst_of(ours);
    summary.scale_sim_rows = theirs.size();
    if (!theirs.empty()) {
      summary.scale_sim_median = median_of(theirs);
      summary.scale_sim_worst = worst_of(theirs);
    }
    first = end;
  }
  return summaries;
}

std::string scoreboard_text(std::span<const ScoreRow> rows) {
  TextTable table(
      {"machine", "row", "unit", "measured", "Systol", "residual", "SCALE-Sim", "its residual"});
  for (const ScoreRow& row : rows) {
    table.add({row.machine, row.what, row.unit, number_text(row.measured, row.unit),
               number_text(row.ours, row.unit), residual_text(row, row.ours),
               row.scale_sim ? number_text(*row.scale_sim, row.unit) : "-",
               residual_text(row, row.scale_sim)});
  }
  return fmt::format(
      "{}\nAbsolute residuals, in points (pt) of shares and in % of everything else:\n\n{}\n"
      "Nothing is fitted. SCALE-Sim is its closed form, which knows no memory. Sources, what is\n"
      "assumed and why rows do not close: docs/trust.md and docs/validation.md.\n",
      table.text(), summary_text(summaries_of(rows)));
}

Json scoreboard_json(std::span<const ScoreRow> rows) {
  Json json;
  json["schema"] = {{"name", "systol.validate.all"}, {"version", 1}};
  json["tool"] = {{"name", "systol"}, {"version", kVersion}};
  json["rows"] = Json::array();
  for (const ScoreRow& row : rows) {
    const auto theirs = [&](auto of) { return row.scale_sim ? Json(of(*row.scale_sim)) : Json(); };
    json["rows"].push_back(
        {{"machine", row.machine},
         {"row", row.what},
         {"unit", row.unit},
         {"measured", row.measured},
         {"systol", row.ours},
         {"residual", residual(row, row.ours)},
         {"scale_sim", theirs([](double figure) { return figure; })},
         {"scale_sim_residual", theirs([&](double figure) { return residual(row, figure); })}});
  }
  json["machines"] = Json::array();
  for (const ScoreSummary& summary : summaries_of(rows)) {
    const bool both = summary.scale_sim_rows > 0;
    json["machines"].push_back(
        {{"machine", summary.machine},
         {"rows", summary.rows},
         {"median", summary.median},
         {"worst", summary.worst},
         {"scale_sim_rows", summary.scale_sim_rows},
         {"scale_sim_median", both ? Json(summary.scale_sim_median) : Json()},
         {"scale_sim_worst", both ? Json(summary.scale_sim_worst) : Json()}});
  }
  return json;
}

}  // namespace systol
