// A run as a page: docs/report.md describes it.
#pragma once

#include <string>

#include "host/report/report.h"

namespace systol {

/// The whole HTML file. The same report gives the same bytes.
std::string run_page(const RunReport& report);

}  // namespace systol
