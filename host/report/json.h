// The report for programs: docs/json.md describes the schema.
#pragma once

#include <nlohmann/json.hpp>

#include "host/report/report.h"

namespace systol {

inline constexpr int kRunSchemaVersion = 2;

nlohmann::ordered_json to_json(const RunReport& report);

}  // namespace systol
