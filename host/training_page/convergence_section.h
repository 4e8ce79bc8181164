// How the loss and the accuracy of trainings went on.
#pragma once

#include <string>
#include <vector>

#include "host/page/page.h"
#include "host/training_page/shown_run.h"

namespace systol {

/// Charts with a line for each run. `series` is what a line is: "learning rate", "training".
void add_convergence(Page& page, const std::vector<ShownRun>& runs, const std::string& series);

}  // namespace systol
