// An explanation for programs (docs/json.md).
#pragma once

#include <nlohmann/json.hpp>

#include "host/explain/explain.h"

namespace systol {

nlohmann::ordered_json to_json(const Explanation& explanation);

}  // namespace systol
