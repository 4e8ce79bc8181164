// Runs beside their budgets.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "host/report/fitted_table.h"
#include "host/report/report.h"
#include "host/session/progress.h"
#include "host/sweep/budgets.h"

namespace systol {

/// A budget and what was measured.
struct BudgetResult {
  std::string run;  ///< "resnet18 on edge_16x16"
  Budget budget;
  double measured = 0;  ///< in the budget's unit, rounded to the budget's decimals
  bool failed = false;

  /// In the budget's unit; more than the budget is positive.
  double difference() const { return measured - budget.amount; }
};

/// Throws InputError for a layer that the report does not have, or has several times.
std::vector<BudgetResult> compare(const BudgetedRun& run, const RunReport& report);

/// Runs one and compares. Throws InputError for what cannot run, HardwareError where the data of a
/// run with data are wrong.
std::vector<BudgetResult> check_budgets(const BudgetedRun& run, const Progress& progress = {});

/// All as an aligned table for `width` columns, then a sentence per failure and one about the
/// whole.
std::string budget_text(const std::vector<BudgetResult>& results, std::size_t width = kAnyWidth);
nlohmann::ordered_json budget_json(const std::vector<BudgetResult>& results);

}  // namespace systol
