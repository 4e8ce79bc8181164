#include "host/report/comparison_summary.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <optional>
#include <string_view>

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

/// "1 2 5", or the first of many.
std::string numbers_of(const std::vector<ParetoFront::Member>& members) {
  constexpr std::size_t kMostNumbers = 100;
  std::vector<std::uint64_t> numbers;
  for (const ParetoFront::Member& member : members) {
    if (numbers.size() < kMostNumbers) {
      numbers.push_back(member.number);
    }
  }
  std::string text = numbers.empty() ? "no row" : fmt::format("{}", fmt::join(numbers, " "));
  if (members.size() > kMostNumbers) {
    text += fmt::format(" and {} more", members.size() - kMostNumbers);
  }
  return text;
}

std::string front_line(const Criteria& criteria, const Standings::OfWorkload& standing) {
  std::vector<std::string_view> names;
  for (const std::size_t objective : criteria.objectives) {
    names.push_back(metrics()[objective].name);
  }
  return fmt::format("Pareto front of {}: {}\n", fmt::join(names, ", "),
                     numbers_of(standing.front.members()));
}

std::string best_line(const Criteria& criteria, const Standings::OfWorkload& standing,
                      std::size_t metric) {
  const std::string limits = criteria.limits.empty() ? "" : " with " + limits_text(criteria.limits);
  const auto best = standing.best.find(metric);
  if (best == standing.best.end()) {
    return fmt::format("best {}{}: no row\n", metrics()[metric].name, limits);
  }
  return fmt::format("best {}{}: {}, {}\n", metrics()[metric].name, limits,
                     name_of_row(best->second),
                     value_text(metrics()[metric], best->second.metrics[metric]));
}

std::string others(const Standings& standings) {
  std::string text;
  for (const ResultRow& row : standings.others()) {
    for (const std::string& remark : remarks_on(row, standings)) {
      text += fmt::format("{} {}\n", row.number, remark);
    }
  }
  return text;
}

std::string failures(const Standings& standings) {
  std::string text;
  for (const ResultRow& row : standings.failures()) {
    text += fmt::format("{} failed: {}\n", row.number, row.error);
  }
  return standings.failed() > Standings::kMostFailures
             ? text + fmt::format("{} rows failed in all\n", standings.failed())
             : text;
}

}  // namespace

std::vector<std::string> remarks_on(const ResultRow& row, const Standings& standings) {
  std::vector<std::string> remarks;
  for (const Standings::OfWorkload& standing : standings.workloads()) {
    if (standing.workload == row.workload && standing.baseline->model != row.model) {
      remarks.push_back(fmt::format("runs a network of its own: {}", row.model));
    }
  }
  if (!row.on_host.empty()) {
    remarks.push_back(
        fmt::format("has in no cycle and no energy what the host computes: {}", row.on_host));
  }
  return remarks;
}

std::string comparison_summary(const Standings& standings,
                               const std::vector<std::string>& left_out) {
  const std::vector<Standings::OfWorkload>& workloads = standings.workloads();
  std::string text;
  for (const Standings::OfWorkload& standing : workloads) {
    if (standings.rows() == workloads.size() || !standing.baseline) {
      continue;  // nothing stands side by side
    }
    const std::string model = workloads.size() > 1 ? standing.baseline->model + ": " : "";
    text += model + fmt::format("baseline: {}\n", name_of_row(*standing.baseline));
    text += model + front_line(standings.criteria(), standing);
    if (const auto best = standings.best_metric()) {
      text += model + best_line(standings.criteria(), standing, *best);
    }
  }
  text += others(standings);
  text += failures(standings);
  if (!left_out.empty()) {
    text += fmt::format("not shown in this width: {}\n", fmt::join(left_out, ", "));
  }
  return text;
}

}  // namespace systol
