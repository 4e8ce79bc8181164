#include "host/training_page/summary_section.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/training_page/value_or_null.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

std::string outcome_of(const ShownRun& run) {
  return run.diverged.empty() ? "trained" : fmt::format("diverged in step {}", run.loss.size() + 1);
}

DataSet run_rows(const std::vector<ShownRun>& runs) {
  DataSet data{"rates",
               {"run", "rate", "outcome", "steps", "loss", "accuracy", "test_loss", "test_accuracy",
                "cycles", "seconds", "energy_pj"},
               {}};
  for (const ShownRun& run : runs) {
    Json row{run.line, run.rate, outcome_of(run), run.loss.size()};
    if (run.epochs.empty()) {
      row.insert(row.end(), {nullptr, nullptr, nullptr, nullptr});
    } else {
      const ShownEpoch& last = run.epochs.back();
      row.insert(row.end(), {last.loss, value_or_null(last.accuracy), value_or_null(last.test_loss),
                             value_or_null(last.test_accuracy)});
    }
    row.insert(row.end(), {value_or_null(run.cycles), value_or_null(run.seconds),
                           value_or_null(run.picojoules)});
    data.rows.push_back(std::move(row));
  }
  return data;
}

/// A column that no row has a value for is not shown.
bool known(const DataSet& data, const std::string& column) {
  const auto at = std::ranges::find(data.columns, column) - data.columns.begin();
  return std::ranges::any_of(
      data.rows, [at](const Json& row) { return !row[static_cast<std::size_t>(at)].is_null(); });
}

PageTable table_of(const DataSet& data, const std::string& series) {
  const bool rates = series == "learning rate";
  PageTable table{rates ? "Learning rates" : "Trainings", data.name, {{"run", series}}, false};
  if (!rates) {
    table.columns.push_back({"rate", "learning rate"});
  }
  table.columns.push_back({"steps", "steps", CellKind::Count});
  const std::vector<PageColumn> measured = {
      {"loss", "loss of the last epoch", CellKind::Number},
      {"accuracy", "accuracy", CellKind::Share},
      {"test_loss", "loss of the tests", CellKind::Number},
      {"test_accuracy", "accuracy of the tests", CellKind::Share},
      {"cycles", "cycles", CellKind::Count},
      {"seconds", "time", CellKind::Time},
      {"energy_pj", "energy", CellKind::Energy}};
  std::ranges::copy_if(measured, std::back_inserter(table.columns),
                       [&](const PageColumn& column) { return known(data, column.key); });
  table.columns.push_back({"outcome", "outcome"});
  return table;
}

}  // namespace

PageSection& add_summary(Page& page, const std::vector<ShownRun>& runs, const std::string& series) {
  DataSet data = run_rows(runs);
  const PageTable table = table_of(data, series);
  PageSection& summary = page.section("summary", table.caption);
  summary.table(table);
  std::vector<std::string> diverged;
  for (const ShownRun& run : runs) {
    if (!run.diverged.empty()) {
      diverged.push_back(fmt::format("{}: {}", run.line, run.diverged));
    }
  }
  if (!diverged.empty()) {
    summary.list(diverged);
  }
  page.data(std::move(data));
  return summary;
}

}  // namespace systol
