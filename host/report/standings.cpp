#include "host/report/standings.h"

#include <algorithm>
#include <utility>

namespace systol {
namespace {

bool dominates(const MetricValues& a, const MetricValues& b,
               const std::vector<std::size_t>& objectives) {
  const auto better = [&](const MetricValues& x, const MetricValues& y) {
    return std::ranges::any_of(objectives,
                               [&](std::size_t i) { return beats(metrics()[i], x[i], y[i]); });
  };
  return better(a, b) && !better(b, a);
}

}  // namespace

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
  if (criteria_.keeps_limits(row)) {
    add_to_front(row, standing.front);
    if (best_ && (!standing.best ||
                  beats(metrics()[*best_], row.metrics[*best_], standing.best->metrics[*best_]))) {
      standing.best = row;
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

/// What a member beats stays beaten when that member is.
void Standings::add_to_front(const ResultRow& row, std::vector<Member>& front) const {
  const std::vector<std::size_t>& objectives = criteria_.objectives;
  if (std::ranges::any_of(front, [&](const Member& member) {
        return dominates(member.metrics, row.metrics, objectives);
      })) {
    return;
  }
  std::erase_if(front, [&](const Member& member) {
    return dominates(row.metrics, member.metrics, objectives);
  });
  front.push_back({rows_, row.number, row.metrics});
}

std::vector<bool> Standings::front() const {
  std::vector<bool> front(rows_, false);
  for (const OfWorkload& standing : workloads_) {
    for (const Member& member : standing.front) {
      front[member.place] = true;
    }
  }
  return front;
}

}  // namespace systol
