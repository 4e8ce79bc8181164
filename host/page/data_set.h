// Values that the tables and charts of a page show.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace systol {

/// Named columns, and in each row a value per column: a number, a text, or null for what is not
/// known.
struct DataSet {
  std::string name;
  std::vector<std::string> columns;
  std::vector<nlohmann::ordered_json> rows;
};

}  // namespace systol
