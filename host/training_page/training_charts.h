// Charts of trainings with several learning rates.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace systol {

/// A line for each learning rate.
struct RateLines {
  std::string data;  ///< a data set with the column `rate`
  std::string x;     ///< columns
  std::string y;
  std::string x_title;
  std::string y_title;
  std::string format;        ///< of y's numbers, as D3's
  bool logarithmic = false;  ///< y, of which no value is 0 then
  bool dashes = false;       ///< by the column `samples`: which samples a line is of
  std::string ends;          ///< a data set with a cross for each rate that diverged, or empty
  std::vector<std::string> rates;  ///< in the order of the colours
};

/// A Vega-Lite specification.
nlohmann::ordered_json rate_lines(const RateLines& lines);

}  // namespace systol
