// The report for people.
#pragma once

#include <string>

#include "host/report/fitted_table.h"
#include "host/report/report.h"

namespace systol {

/// What ran, per-layer table, ledger, energy and the verdict of the check; ends in a newline. The
/// per-layer table leaves out columns for which lines of `width` have no room.
std::string to_text(const RunReport& report, std::size_t width = kAnyWidth);

}  // namespace systol
