// Runs side by side as a page: what `systol compare --report` and `systol sweep --report` write.
#pragma once

#include <string>

#include "host/report/comparison.h"
#include "host/result_page/shown_rows.h"

namespace systol {

/// The whole HTML file, of the rows that `standings` are of. The same values give the same bytes.
/// `command_line` may be empty: of a page that no command makes.
std::string result_page(const std::string& title, const Standings& standings, const RowSource& rows,
                        const std::string& command_line);

std::string comparison_page(const Comparison& comparison, const std::string& command_line);

}  // namespace systol
