// A result as one line of JSON, and back.
#pragma once

#include <nlohmann/json.hpp>

#include "host/report/result_row.h"

namespace systol {

/// All of it, metrics by their keys.
nlohmann::ordered_json row_json(const ResultRow& row);
/// Of what row_json() made; throws nlohmann::json::exception for other JSON.
ResultRow row_of_json(const nlohmann::ordered_json& json);

}  // namespace systol
