// The trainings that a page shows beside its own.
#pragma once

#include <string>
#include <vector>

#include "host/training_page/shown_run.h"

namespace systol {

/// Of files that `systol train --json` wrote, in their order. Throws InputError, with a file's
/// path.
std::vector<ShownRun> read_runs_beside(const std::vector<std::string>& files);

/// Throws InputError where a run of `beside` would share its line with another of them, or with one
/// of the page's own training, which has a run for each of `rates`.
void check_lines(const std::vector<ShownRun>& beside, const std::string& label,
                 const std::vector<double>& rates);

}  // namespace systol
