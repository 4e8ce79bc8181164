// What the library writes as text, as Python's objects.
#pragma once

#include <pybind11/pybind11.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace systol::python {

/// Columns whose type does not depend on what happens to be in them.
struct ColumnTypes {
  std::vector<std::string> words;
  std::vector<std::string> reals;
};

/// A CSV text as a pandas DataFrame with exact numbers. An empty field is nothing.
pybind11::object frame_of_csv(const std::string& csv, const ColumnTypes& types);

/// JSON as dicts and lists.
pybind11::object object_of_json(const nlohmann::ordered_json& json);

}  // namespace systol::python
