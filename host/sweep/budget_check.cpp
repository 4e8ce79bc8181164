#include "host/sweep/budget_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <string_view>

#include "host/report/result_row.h"
#include "host/scale_sim/array_file.h"
#include "host/sweep/plan_parts.h"
#include "sim/base/error.h"
#include "sim/config/nearest.h"

namespace systol {
namespace {

const NodeReport& layer_of(const Budget& budget, const RunReport& report) {
  const auto found = std::ranges::find(report.nodes, budget.layer, &NodeReport::name);
  const auto count = std::ranges::count(report.nodes, budget.layer, &NodeReport::name);
  if (count == 1) {
    return *found;
  }
  if (count > 1) {
    throw InputError(fmt::format("{}: layers: found {}, which {} layers of {} are called",
                                 budget.place, in_quotes(budget.layer), count, report.model));
  }
  std::vector<std::string_view> names;
  std::ranges::transform(report.nodes, std::back_inserter(names),
                         [](const NodeReport& node) { return std::string_view(node.name); });
  throw InputError(fmt::format("{}: layers: found {}{}, allowed: {}", budget.place,
                               in_quotes(budget.layer), did_you_mean(budget.layer, names),
                               join_names(names)));
}

double measured_of(const Budget& budget, const RunReport& report) {
  const NodeReport* layer = budget.layer.empty() ? nullptr : &layer_of(budget, report);
  if (!budget.is_energy) {
    return static_cast<double>((layer ? layer->ledger.total() : report.cycles).count());
  }
  return (layer ? layer->energy : report.energy).total.count() / budget.picojoules;
}

/// What is wrong with an override has no place of its own.
ArrayConfig array_of(const BudgetedRun& run) {
  try {
    return read_array(run.array, run.overrides);
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: {}", run.place, error.what()));
  }
}

/// The double nearest to the decimal number, so that equal texts are equal numbers.
double rounded(double value, int decimals) {
  return std::stod(fmt::format("{:.{}f}", value, decimals));
}

std::string amount(double value, const Budget& budget) {
  const bool one_cycle = !budget.is_energy && value == 1;
  return fmt::format("{:.{}f} {}", value, budget.decimals, one_cycle ? "cycle" : budget.unit);
}

std::string percent_of(const BudgetResult& result) {
  return result.budget.amount == 0
             ? "-"
             : fmt::format("{:+.2f} %", 100 * result.difference() / result.budget.amount);
}

std::string label_of(const BudgetResult& result) {
  return result.budget.layer.empty() ? result.run : result.run + ", " + result.budget.layer;
}

std::string failure(const BudgetResult& result) {
  const Budget& budget = result.budget;
  return fmt::format(
      "FAILED {}: {}: {}, {} {} than the budget of {} ({})\n", budget.place, label_of(result),
      amount(result.measured, budget), amount(std::abs(result.difference()), budget),
      result.difference() > 0 ? "more" : "less", amount(budget.amount, budget), percent_of(result));
}

}  // namespace

std::vector<BudgetResult> compare(const BudgetedRun& run, const RunReport& report) {
  std::vector<BudgetResult> results;
  for (const Budget& budget : run.budgets) {
    BudgetResult result{report.model + " on " + report.array.name, budget,
                        rounded(measured_of(budget, report), budget.decimals), false};
    result.budget.amount = rounded(budget.amount, budget.decimals);
    result.failed = run.exact ? result.difference() != 0 : result.difference() > 0;
    results.push_back(std::move(result));
  }
  return results;
}

std::vector<BudgetResult> check_budgets(const BudgetedRun& run, const Progress& progress) {
  if (run.data && is_topology_file(run.model)) {
    throw InputError(run.place +
                     ": data: found true, allowed: false for a topology, which has no "
                     "values");
  }
  const ArrayConfig array = array_of(run);
  RunOptions options;
  options.batch = run.batch;
  options.check = run.data;
  options.scores = false;
  const FastEngine engine{.values = run.data, .search_hazards = run.data};
  const RunReport report =
      systol::run(load_workload(run.model, run.batch), array, engine, options, progress);
  if (result_of(report).check == "FAILED") {
    throw HardwareError(fmt::format("{}: {} on {}: values differ from the integer reference",
                                    run.place, report.model, array.name));
  }
  return compare(run, report);
}

std::string budget_text(const std::vector<BudgetResult>& results, std::size_t width) {
  constexpr std::array<std::string_view, 2> kLeast = {"percent", "difference"};
  FittedTable table({"", "budget", "measured", "difference", "percent", ""});
  std::string failures;
  std::size_t failed = 0;
  for (const BudgetResult& result : results) {
    const Budget& budget = result.budget;
    table.add({label_of(result), amount(budget.amount, budget), amount(result.measured, budget),
               fmt::format("{:+.{}f}", result.difference(), budget.decimals), percent_of(result),
               result.failed ? "FAILED" : "ok"});
    if (result.failed) {
      failures += failure(result);
      ++failed;
    }
  }
  return fmt::format("{}\n{}{} of {} budgets are met\n", table.text(width, kLeast), failures,
                     results.size() - failed, results.size());
}

nlohmann::ordered_json budget_json(const std::vector<BudgetResult>& results) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const BudgetResult& result : results) {
    const Budget& budget = result.budget;
    rows.push_back({{"run", result.run},
                    {"layer", budget.layer.empty() ? nlohmann::ordered_json(nullptr)
                                                   : nlohmann::ordered_json(budget.layer)},
                    {"metric", budget.is_energy ? "energy" : "cycles"},
                    {"unit", budget.unit},
                    {"budget", budget.amount},
                    {"measured", result.measured},
                    {"difference", rounded(result.difference(), budget.decimals)},
                    {"failed", result.failed},
                    {"place", budget.place}});
  }
  return {{"schema", 1}, {"budgets", std::move(rows)}};
}

}  // namespace systol
