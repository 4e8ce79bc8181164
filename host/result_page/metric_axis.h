// Metrics on the axes of charts.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "host/report/metric.h"

namespace systol {

/// "energy (pJ)", in the unit of the metric's values; "TOPS/W" where the title says it.
std::string title_with_unit(const Metric& metric);

/// For Vega-Lite's parameters: what each metric's key is called on an axis, `titles`, and by what
/// its values are multiplied there, `scales`. Units are those that prefixes can be put before:
/// "energy (J)".
struct MetricAxes {
  nlohmann::ordered_json titles;
  nlohmann::ordered_json scales;
};
MetricAxes metric_axes();

/// What an axis can show of the metrics, by their keys, for a select's "options" and "labels".
nlohmann::ordered_json metric_keys();
nlohmann::ordered_json metric_titles();

}  // namespace systol
