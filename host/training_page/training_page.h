// Training as a page: what `systol train --report` writes.
#pragma once

#include <string>

#include "host/train/training_report.h"

namespace systol {

/// The whole HTML file. The same values give the same bytes.
std::string training_page(const TrainingReport& report);

}  // namespace systol
