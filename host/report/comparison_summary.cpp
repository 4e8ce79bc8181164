#include "host/report/comparison_summary.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace systol {
namespace {

/// "2 (edge-16x16, 16x16, dma.outstanding=4)".
std::string name_of_row(const ResultRow& row) {
  std::string text = fmt::format("{} ({}, {}x{}", row.number, row.array, row.rows, row.columns);
  for (const Setting& setting : row.settings) {
    text += is_in_size(setting.key) ? "" : ", " + text_of(setting);
  }
  return text + ")";
}

std::vector<std::size_t> workloads_of(const Comparison& comparison) {
  std::vector<std::size_t> workloads;
  for (const ResultRow& row : comparison.rows) {
    if (std::ranges::find(workloads, row.workload) == workloads.end()) {
      workloads.push_back(row.workload);
    }
  }
  return workloads;
}

std::string front_line(const Comparison& comparison, std::size_t workload,
                       const std::vector<bool>& front) {
  std::vector<std::uint64_t> numbers;
  for (std::size_t i = 0; i < front.size(); ++i) {
    if (front[i] && comparison.rows[i].workload == workload) {
      numbers.push_back(comparison.rows[i].number);
    }
  }
  std::vector<std::string_view> names;
  for (const std::size_t objective : comparison.objectives) {
    names.push_back(metrics()[objective].name);
  }
  return fmt::format("Pareto front of {}: {}\n", fmt::join(names, ", "),
                     numbers.empty() ? "no row" : fmt::format("{}", fmt::join(numbers, " ")));
}

std::string best_line(const Comparison& comparison, std::size_t workload, std::size_t metric) {
  const std::string limits =
      comparison.limits.empty() ? "" : " with " + limits_text(comparison.limits);
  const std::optional<std::size_t> best = comparison.best(workload, metric);
  if (!best) {
    return fmt::format("best {}{}: no row\n", metrics()[metric].name, limits);
  }
  const ResultRow& row = comparison.rows[*best];
  return fmt::format("best {}{}: {}, {}\n", metrics()[metric].name, limits, name_of_row(row),
                     value_text(metrics()[metric], row.metrics[metric]));
}

std::string failures(const Comparison& comparison) {
  constexpr std::size_t kMostShown = 8;
  std::size_t failed = 0;
  std::string text;
  for (const ResultRow& row : comparison.rows) {
    if (row.failed() && ++failed <= kMostShown) {
      text += fmt::format("{} failed: {}\n", row.number, row.error);
    }
  }
  return failed > kMostShown ? text + fmt::format("{} rows failed in all\n", failed) : text;
}

}  // namespace

std::string comparison_summary(const Comparison& comparison, std::optional<std::size_t> best,
                               const std::vector<std::string>& left_out) {
  const std::vector<bool> front = comparison.front();
  const std::vector<std::size_t> workloads = workloads_of(comparison);
  std::string text;
  for (const std::size_t workload : workloads) {
    const ResultRow* base = comparison.baseline(workload);
    if (comparison.rows.size() == workloads.size() || base == nullptr) {
      continue;  // nothing stands side by side
    }
    const std::string model = workloads.size() > 1 ? base->model + ": " : "";
    text += model + fmt::format("baseline: {}\n", name_of_row(*base));
    text += model + front_line(comparison, workload, front);
    text += best ? model + best_line(comparison, workload, *best) : "";
  }
  text += failures(comparison);
  if (!left_out.empty()) {
    text += fmt::format("not shown in this width: {}\n", fmt::join(left_out, ", "));
  }
  return text;
}

}  // namespace systol
