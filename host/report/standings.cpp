#include "host/report/standings.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace systol {

bool Criteria::keeps_limits(const ResultRow& row) const {
  return !row.failed() &&
         std::ranges::all_of(limits, [&](const Limit& limit) { return limit.holds(row.metrics); });
}

Standings::Standings(Criteria criteria, std::optional<std::size_t> best)
    : criteria_(std::move(criteria)), best_(best) {}

void Standings::add(const ResultRow& row) {
  OfWorkload& standing = of(row.workload);
  if (row.failed()) {
    if (failed_++ < kMostFailures) {
      failures_.push_back(row);
    }
  } else if (!standing.baseline) {
    standing.baseline = row;
  }
  const bool own_model = standing.baseline && row.model != standing.baseline->model;
  if (!row.failed() && (own_model || !row.on_host.empty()) && others_.size() < kMostFailures) {
    others_.push_back(row);
  }
  if (criteria_.keeps_limits(row)) {
    standing.front.add(objective_values(row), {rows_, row.number});
    for (const std::size_t objective : criteria_.objectives) {
      take_best(row, objective, standing);
    }
    if (best_) {
      take_best(row, *best_, standing);
    }
  }
  ++rows_;
}

/// The last is mostly the one: rows of a workload follow one another.
Standings::OfWorkload& Standings::of(std::size_t workload) {
  const auto found = std::find_if(
      workloads_.rbegin(), workloads_.rend(),
      [workload](const OfWorkload& standing) { return standing.workload == workload; });
  if (found != workloads_.rend()) {
    return *found;
  }
  OfWorkload& fresh = workloads_.emplace_back();
  fresh.workload = workload;
  return fresh;
}

/// Less is better. What is not a number is the worst.
ObjectiveValues Standings::objective_values(const ResultRow& row) const {
  ObjectiveValues values;
  values.reserve(criteria_.objectives.size());
  for (const std::size_t objective : criteria_.objectives) {
    const double value = row.metrics[objective];
    values.push_back(std::isnan(value) ? std::numeric_limits<double>::infinity()
                     : metrics()[objective].better == Better::Less ? value
                                                                   : -value);
  }
  return values;
}

void Standings::take_best(const ResultRow& row, std::size_t metric, OfWorkload& standing) const {
  const auto [best, first] = standing.best.try_emplace(metric, row);
  if (!first && beats(metrics()[metric], row.metrics[metric], best->second.metrics[metric])) {
    best->second = row;
  }
}

std::vector<bool> Standings::front() const {
  std::vector<bool> front(rows_, false);
  for (const OfWorkload& standing : workloads_) {
    for (const ParetoFront::Member& member : standing.front.members()) {
      front[member.place] = true;
    }
  }
  return front;
}

}  // namespace systol
