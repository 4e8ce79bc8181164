// What a comparison says in words, after its rows.
#pragma once

#include <string>
#include <vector>

#include "host/report/standings.h"

namespace systol {

/// In what the row is not of all that its baseline is of, as sentences after its number: a network
/// of its own, work on the host.
std::vector<std::string> remarks_on(const ResultRow& row, const Standings& standings);

/// Of each workload the rows on the Pareto front and, where there is a metric for it, the best row
/// of those that keep the limits; then what is not of the same work, what failed, and the columns
/// that are not shown.
std::string comparison_summary(const Standings& standings,
                               const std::vector<std::string>& left_out);

}  // namespace systol
