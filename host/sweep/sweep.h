// Running all points of a plan.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "host/report/comparison.h"
#include "host/session/workload.h"
#include "host/sweep/child_runs.h"
#include "host/sweep/design_space.h"
#include "host/sweep/plan.h"
#include "host/sweep/result_database.h"
#include "host/sweep/shard.h"

namespace systol {

struct SweepProgress {
  std::uint64_t points = 0;   ///< of the plan
  std::uint64_t before = 0;   ///< that had a row when the sweep began
  std::uint64_t done = 0;     ///< that have one now
  std::uint64_t failed = 0;   ///< of those of this sweep
  std::uint64_t wrong = 0;    ///< whose check failed, likewise
  std::uint64_t waiting = 0;  ///< tasks elsewhere that have not begun
  std::uint64_t running = 0;  ///< and that have

  /// A row of this sweep.
  void count(const ResultRow& row);
};

/// What a plan's rows are judged by.
Criteria criteria_of(const SweepPlan& plan);
/// All rows that there are, to be judged as the plan says.
Comparison results_of(const ResultDatabase& results, const SweepPlan& plan);

/// A plan with its models, which are read once.
class Sweep {
 public:
  /// Reads the models. Throws InputError, and for arrays that cannot be read even before anything
  /// of them is changed, and for keys that none can have.
  explicit Sweep(SweepPlan plan);
  Sweep(const Sweep&) = delete;
  Sweep& operator=(const Sweep&) = delete;

  const SweepPlan& plan() const { return plan_; }
  const DesignSpace& space() const { return space_; }
  SweepIdentity identity() const;

  /// The row of one point; one that cannot run has the reason in it. Several threads may call it
  /// at once where the plan's engine is fast.
  ResultRow run(const NumberedPoint& point) const;

  /// Runs the points that have no row in `results`, up to `jobs` at a time: as threads that sleep
  /// where they wait, or in child processes where the engine has a clock, of which a process can
  /// run one alone. `progress` is called after each point, by one thread at a time.
  SweepProgress run(ResultDatabase& results, unsigned jobs,
                    const std::function<void(const SweepProgress&)>& progress = {}) const;

  /// The rows of a shard's points, in the order of their numbers.
  std::vector<ResultRow> run(const Shard& shard, unsigned jobs) const;

  /// Runs the points that `next` gives until it gives none, in the same way; `next` and `take` are
  /// called by one thread at a time.
  void run(const PointSource& next, const RowSink& take, unsigned jobs) const;

  /// How far a sweep is before it runs; `finished` is as ResultDatabase::finished() gives it.
  /// Throws InputError where there is no point.
  SweepProgress before(const std::vector<bool>& finished) const;

  /// What is known of a point before it runs.
  ResultRow unfinished(const NumberedPoint& point) const;

 private:
  SweepPlan plan_;
  DesignSpace space_;
  std::vector<Workload> workloads_;
  mutable EnergyTables energy_tables_;
};

}  // namespace systol
