// Training as a page: what `systol train --report` writes.
#pragma once

#include <string>
#include <vector>

#include "host/train/training_report.h"
#include "host/training_page/shown_run.h"

namespace systol {

/// The whole HTML file. The same values give the same bytes. What is `beside` are other trainings,
/// whose lines differ from this one's label.
std::string training_page(const TrainingReport& report, std::vector<ShownRun> beside = {});

}  // namespace systol
