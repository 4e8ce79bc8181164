// A run's layers as CSV.
#pragma once

#include <string>

#include "host/report/report.h"

namespace systol {

/// A row per node in plain units, named in the first line: its size, its cycles and what they were
/// spent on, utilisation, traffic and energy.
std::string node_csv(const RunReport& report);

}  // namespace systol
