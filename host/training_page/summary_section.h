// Trainings as the rows of a table.
#pragma once

#include <string>
#include <vector>

#include "host/page/page.h"
#include "host/training_page/shown_run.h"

namespace systol {

/// With what each came to, and why those ended that diverged. `series` is what a row is.
PageSection& add_summary(Page& page, const std::vector<ShownRun>& runs, const std::string& series);

}  // namespace systol
