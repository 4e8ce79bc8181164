// Charts with a line for each of several trainings.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace systol {

/// A line for each training, or for each network of one.
struct RateLines {
  std::string data;  ///< a data set with the column `series`
  std::string x;     ///< columns
  std::string y;
  std::string x_title;
  std::string y_title;
  std::string format;               ///< of y's numbers, as D3's
  bool logarithmic = false;         ///< y, of which no value is 0 then
  std::vector<std::string> rates;   ///< the lines, in the order of the colours
  std::optional<double> highest{};  ///< y's value at the upper edge; lines above are cut off
  std::string ends{};               ///< a data set with a cross where a rate diverged, or empty
  bool dashes = false;              ///< by the column `samples`: which samples a line is of
  std::vector<std::uint64_t> at{};  ///< x's values, each a point; empty: points are not drawn
  std::string series = "run";       ///< a column: which line a row is of
  std::string series_title = "learning rate";
};

/// A Vega-Lite specification.
nlohmann::ordered_json rate_lines(const RateLines& lines);

}  // namespace systol
