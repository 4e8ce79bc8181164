// Training as a page: what `systol train --report` writes.
#pragma once

#include <string>

#include "host/train/training_report.h"

namespace systol {

/// Of a learning rate's steps a chart shows at most so many points, each the mean over as many
/// steps as are then left.
inline constexpr std::size_t kMostStepPoints = 400;

/// The whole HTML file. The same values give the same bytes.
std::string training_page(const TrainingReport& report);

}  // namespace systol
