// What a comparison says in words, after its rows.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "host/report/comparison.h"

namespace systol {

/// Of each workload the rows on the Pareto front and, where `best` names a metric (an index of
/// metrics()), the best row of those that keep the limits; then what failed, and the columns that
/// are not shown.
std::string comparison_summary(const Comparison& comparison, std::optional<std::size_t> best,
                               const std::vector<std::string>& left_out);

}  // namespace systol
