// How the weights of trained networks are spread.
#pragma once

#include <string>
#include <vector>

#include "host/page/page.h"
#include "host/training_page/shown_run.h"

namespace systol {

/// A histogram for each layer, those of several runs beside each other, over the normal
/// distribution and Laplace's of the same mean and deviation. Nothing where no run has weights.
void add_weights(Page& page, const std::vector<ShownRun>& runs, const std::string& series);

}  // namespace systol
