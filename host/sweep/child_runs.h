// Points in child processes: for engines of which a process can run one at a time.
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "host/report/result_row.h"
#include "host/sweep/design_space.h"

namespace systol {

using NumberedPoint = std::pair<std::uint64_t, DesignSpace::Point>;

/// Nothing after the last point.
using PointSource = std::function<std::optional<NumberedPoint>()>;
using RowSink = std::function<void(const ResultRow&)>;

struct PointRunner {
  std::function<ResultRow(const NumberedPoint&)> run;  ///< in the child
  std::function<ResultRow(const NumberedPoint&)>
      unfinished;  ///< a row of which only the point is known
};

/// Takes points from `next` until there are none, runs each in a process of its own, up to
/// `jobs` at a time, and hands its row to `take`. A process that ends without a row gives one that
/// says so. The caller has no other thread. Throws EnvironmentError where no process can be had,
/// and what `take` throws, after the processes that run have been ended.
void run_in_children(unsigned jobs, const PointSource& next, const PointRunner& runner,
                     const RowSink& take);

}  // namespace systol
