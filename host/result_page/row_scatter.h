// Rows as points, by any two of their metrics and of their settings.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "host/report/standings.h"

namespace systol {

/// A Vega-Lite specification of the data set `data`, which has a column for each key of the
/// criteria, for each metric, and `standing`. The axes begin with the first two objectives. Values
/// of a key that are numbers of one unit are drawn as such; others stand beside each other in the
/// order in which `rows` have them.
nlohmann::ordered_json row_scatter(const Criteria& criteria, std::span<const ResultRow> rows,
                                   const std::string& data);

}  // namespace systol
