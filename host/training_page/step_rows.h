// The losses of many steps as few points of a chart.
#pragma once

#include <string>
#include <vector>

#include "host/page/data_set.h"

namespace systol {

/// Of a line's steps a chart shows at most so many points, each the mean over as many
/// steps as are then left.
inline constexpr std::size_t kMostStepPoints = 400;

/// Appends rows of `series`, a step and a loss. A point stands at its last step.
void add_step_rows(DataSet& data, const std::string& series, const std::vector<double>& losses);

}  // namespace systol
