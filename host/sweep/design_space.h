// The points of a plan, by number.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "host/report/result_row.h"
#include "host/sweep/plan.h"

namespace systol {

/// Models outside, arrays inside, then the settings. The same plan has the same points.
class DesignSpace {
 public:
  struct Point {
    std::size_t model = 0;  ///< of the plan's
    std::size_t array = 0;
    std::vector<Setting> settings;
  };

  /// `plan` must outlive it. Throws InputError for more points than kMostPoints.
  explicit DesignSpace(const SweepPlan& plan);

  /// Numbers run from 0 to below it.
  std::uint64_t size() const { return size_; }
  /// Nothing where the settings do not meet the plan's conditions.
  std::optional<Point> point(std::uint64_t number) const;

 private:
  std::size_t level(std::size_t axis, std::uint64_t sample) const;

  const SweepPlan& plan_;
  std::uint64_t samples_ = 1;  ///< settings of each model and array
  std::uint64_t size_ = 0;
  std::vector<std::vector<std::uint32_t>> strata_;  ///< Latin hypercube: by axis, by sample
};

}  // namespace systol
