// Several runs side by side.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "host/report/report.h"

namespace systol {

inline constexpr int kComparisonSchemaVersion = 2;

/// A row per run: cycles, utilisation, energy, power, TOPS/W and the check's verdict.
std::string comparison_text(std::span<const RunReport> reports);

/// The same columns in plain units, named in the first line.
std::string comparison_csv(std::span<const RunReport> reports);

/// All reports whole, as `systol run --json` writes each.
nlohmann::ordered_json comparison_json(std::span<const RunReport> reports);

}  // namespace systol
