// How rows stand to each other, told of one after another: so many that memory does not hold them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host/report/limit.h"
#include "host/report/metric.h"
#include "host/report/pareto_front.h"
#include "host/report/result_row.h"

namespace systol {

/// What the rows of one table are judged by.
struct Criteria {
  std::vector<std::string> keys;        ///< of the settings that rows differ in
  std::vector<std::size_t> objectives;  ///< of the Pareto front: indices of metrics()
  std::vector<Limit> limits;

  /// Has a result and keeps the limits.
  bool keeps_limits(const ResultRow& row) const;
};

/// Keeps the rows that it speaks of. Rows of different workloads never meet.
class Standings {
 public:
  struct OfWorkload {
    std::size_t workload = 0;
    std::optional<ResultRow> baseline;  ///< its first row with a result
    ParetoFront front;                  ///< of the rows that keep the limits
    /// By metric, for each objective and `best`: the first that keeps the limits and no other
    /// beats.
    std::map<std::size_t, ResultRow> best;
  };

  /// `best` is the metric that names the best row of the summary, an index of metrics().
  Standings(Criteria criteria, std::optional<std::size_t> best);

  void add(const ResultRow& row);

  const Criteria& criteria() const { return criteria_; }
  std::optional<std::size_t> best_metric() const { return best_; }
  /// In the order of their first rows.
  const std::vector<OfWorkload>& workloads() const { return workloads_; }
  std::uint64_t rows() const { return rows_; }
  std::uint64_t failed() const { return failed_; }
  /// The first rows that failed, kMostFailures at most.
  const std::vector<ResultRow>& failures() const { return failures_; }
  /// The first rows that are not of all that their baseline is of, kMostFailures at most: their
  /// network is another, or some of it ran on the host.
  const std::vector<ResultRow>& others() const { return others_; }
  /// By place: whether the row keeps the limits, and no other such row of the workload is at least
  /// as good in all objectives and better in one.
  std::vector<bool> front() const;

  static constexpr std::size_t kMostFailures = 8;

 private:
  OfWorkload& of(std::size_t workload);
  ObjectiveValues objective_values(const ResultRow& row) const;
  void take_best(const ResultRow& row, std::size_t metric, OfWorkload& standing) const;

  Criteria criteria_;
  std::optional<std::size_t> best_;
  std::vector<OfWorkload> workloads_;
  std::uint64_t rows_ = 0;
  std::uint64_t failed_ = 0;
  std::vector<ResultRow> failures_;
  std::vector<ResultRow> others_;
};

}  // namespace systol
