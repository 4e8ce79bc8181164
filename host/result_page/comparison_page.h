// Runs side by side as a page: what `systol compare --report` writes.
#pragma once

#include <string>

#include "host/report/comparison.h"

namespace systol {

/// With more rows a page shows these first ones, and says so.
inline constexpr std::size_t kMostPageRows = 10'000;

/// The whole HTML file. The same values give the same bytes.
std::string comparison_page(const Comparison& comparison, const std::string& command_line);

}  // namespace systol
