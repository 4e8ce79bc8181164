// Numbers that may not be known, as a page's data have them.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

namespace systol {

/// Null for what is not known.
template <class Value>
nlohmann::ordered_json value_or_null(const std::optional<Value>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

}  // namespace systol
