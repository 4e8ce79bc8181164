// Power over time as people see it in a terminal.
#pragma once

#include <string>

#include "host/report/report.h"

namespace systol {

/// A chart of at most 64 columns and 8 rows, under it the time. A column covers windows of equal
/// number: filled up to their average, and lightly up to their largest.
std::string power_chart(const PowerOverTime& power, Cycles cycles);

}  // namespace systol
