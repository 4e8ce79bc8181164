// A run as a page: docs/report.md describes it.
#pragma once

#include <string>

#include "host/report/report.h"
#include "host/report/wavefront.h"
#include "host/run_page/run_trace.h"

namespace systol {

/// The whole HTML file. The same values give the same bytes.
std::string run_page(const RunReport& report, const RunTrace& trace, const Wavefront& wavefront);

}  // namespace systol
