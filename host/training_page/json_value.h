// A value of a JSON file that somebody brings, with its place for what is wrong with it.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace systol {

/// Everything throws InputError where the value is of another type; the JSON outlives it.
class JsonValue {
 public:
  JsonValue(const nlohmann::json& json, std::string place)
      : json_(json), place_(std::move(place)) {}

  JsonValue at(const char* key) const;
  /// Nothing where there is none, or null.
  std::optional<JsonValue> find(const char* key) const;
  std::vector<JsonValue> list() const;
  double number() const;
  std::uint64_t count() const;
  std::string text() const;
  /// Of a key that may not be there.
  std::optional<double> number_of(const char* key) const;
  [[noreturn]] void fail(std::string_view allowed) const;

 private:
  const nlohmann::json& json_;
  std::string place_;
};

}  // namespace systol
