// The report for programs: docs/json.md describes the schema.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "host/report/report.h"

namespace systol {

inline constexpr int kRunSchemaVersion = 2;

nlohmann::ordered_json to_json(const RunReport& report);
/// Of each reason to wait, the cycles.
nlohmann::ordered_json waits_json(const Waits& waits);

/// With indentation and a line's end. Text that is not UTF-8 loses the bytes that are not.
std::string json_text(const nlohmann::ordered_json& json);

}  // namespace systol
