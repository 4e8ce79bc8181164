// What the library writes as text, as Python's objects.
#pragma once

#include <pybind11/pybind11.h>

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>

namespace systol::python {

/// A CSV text as a pandas DataFrame with exact numbers; the columns `words` are text whatever is in
/// them. An empty field is nothing.
pybind11::object frame_of_csv(const std::string& csv, std::initializer_list<const char*> words);

/// JSON as dicts and lists.
pybind11::object object_of_json(const nlohmann::ordered_json& json);

}  // namespace systol::python
