// A training as a page: what the learning rate does to the loss.
#pragma once

#include <string>

#include "host/train/training_report.h"

namespace systol {

/// The HTML of a page with a curve for each learning rate, and a table of the epochs.
std::string training_page(const TrainingReport& report);

}  // namespace systol
