// What a run may use at most, or must reach.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "host/report/metric.h"

namespace systol {

struct Limit {
  std::size_t metric = 0;  ///< index of metrics()
  bool at_most = true;     ///< else at least
  double value = 0;        ///< in the unit of the metric's key

  bool holds(const MetricValues& values) const {
    return at_most ? values[metric] <= value : values[metric] >= value;
  }
};

/// "1 W", "2 mm2", "50 us", "3 mJ", "10000 cycles", where the unit says which metric is meant;
/// "energy_per_inference 2 uJ" names it. Throws InputError, which begins with `where`.
Limit parse_limit(std::string_view text, std::string_view where);

/// A quantity of the metric, in the unit of its key: "2 uJ", "0.5". Throws as above.
double parse_metric_value(std::size_t metric, std::string_view text, std::string_view where);

/// "power at most 1 W".
std::string limit_text(const Limit& limit);
std::string limits_text(std::span<const Limit> limits);

/// Names of the metrics whose limits are not kept, with commas; empty if all are.
std::string broken_limits(std::span<const Limit> limits, const MetricValues& values);

}  // namespace systol
