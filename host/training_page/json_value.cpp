#include "host/training_page/json_value.h"

#include <fmt/format.h>

#include <utility>

#include "sim/base/error.h"
#include "sim/base/text.h"

namespace systol {

void JsonValue::fail(std::string_view allowed) const {
  constexpr std::size_t kShown = 40;
  const std::string found =
      json_.is_structured()
          ? std::string(json_.type_name())
          : json_.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace).substr(0, kShown);
  throw InputError(fmt::format("{}: found {}; allowed: {}", place_, printable(found), allowed));
}

std::optional<JsonValue> JsonValue::find(const char* key) const {
  if (!json_.is_object()) {
    fail("an object");
  }
  const auto found = json_.find(key);
  if (found == json_.end() || found->is_null()) {
    return std::nullopt;
  }
  return JsonValue(*found, fmt::format("{}: {}", place_, key));
}

JsonValue JsonValue::at(const char* key) const {
  const std::optional<JsonValue> value = find(key);
  if (!value) {
    throw InputError(fmt::format("{}: it has no '{}'", place_, key));
  }
  return *value;
}

std::vector<JsonValue> JsonValue::list() const {
  if (!json_.is_array()) {
    fail("a list");
  }
  std::vector<JsonValue> values;
  values.reserve(json_.size());
  for (std::size_t i = 0; i < json_.size(); ++i) {
    values.emplace_back(json_[i], fmt::format("{}[{}]", place_, i));
  }
  return values;
}

double JsonValue::number() const {
  if (!json_.is_number()) {
    fail("a number");
  }
  return json_.get<double>();
}

std::uint64_t JsonValue::count() const {
  if (!json_.is_number_unsigned()) {
    fail("a whole number from 0 on");
  }
  return json_.get<std::uint64_t>();
}

std::string JsonValue::text() const {
  if (!json_.is_string()) {
    fail("a text");
  }
  return json_.get<std::string>();
}

std::optional<double> JsonValue::number_of(const char* key) const {
  const std::optional<JsonValue> value = find(key);
  return value ? std::optional(value->number()) : std::nullopt;
}

}  // namespace systol
