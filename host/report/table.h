// The report for people.
#pragma once

#include <string>

#include "host/report/report.h"

namespace systol {

/// What ran, per-layer table, ledger, energy and the verdict of the check; ends in a newline.
std::string to_text(const RunReport& report);

}  // namespace systol
