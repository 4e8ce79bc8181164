// What others have measured beside what Systol says, as a page: `systol validate all --report`.
#pragma once

#include <span>
#include <string>

#include "host/validate/scoreboard.h"

namespace systol {

/// The whole HTML file. The same values give the same bytes.
std::string scoreboard_page(std::span<const ScoreRow> rows, const std::string& command_line);

}  // namespace systol
