// What a comparison says in words, after its rows.
#pragma once

#include <string>
#include <vector>

#include "host/report/standings.h"

namespace systol {

/// Of each workload the rows on the Pareto front and, where there is a metric for it, the best row
/// of those that keep the limits; then what failed, and the columns that are not shown.
std::string comparison_summary(const Standings& standings,
                               const std::vector<std::string>& left_out);

}  // namespace systol
