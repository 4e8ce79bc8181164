// What a page's script reads, out of its HTML.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace systol::test {

inline nlohmann::ordered_json page_content(const std::string& html) {
  const std::string begin = "<script type=\"application/json\" id=\"page-content\">";
  const std::size_t from = html.find(begin) + begin.size();
  return nlohmann::ordered_json::parse(html.substr(from, html.find("</script>", from) - from));
}

/// The value in a row, by the column's name.
inline nlohmann::ordered_json page_value(const nlohmann::ordered_json& content,
                                         const std::string& data, std::size_t row,
                                         const std::string& column) {
  const nlohmann::ordered_json& set = content["data"][data];
  for (std::size_t i = 0; i < set["columns"].size(); ++i) {
    if (set["columns"][i] == column) {
      return set["rows"][row][i];
    }
  }
  ADD_FAILURE() << "no column " << column << " in " << data;
  return nullptr;
}

}  // namespace systol::test
