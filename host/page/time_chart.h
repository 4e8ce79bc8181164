// Charts over time: values that hold from each row's time to the next row's.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "host/page/stacked_bars.h"

namespace systol {

struct TimeChart {
  std::string data;        ///< a data set, in the order of time; its last row only ends the others
  std::string time;        ///< the column with the time
  std::string time_title;  ///< of its axis
  std::vector<BarPart> parts;  ///< columns, drawn as areas on top of each other
  std::string value_title;
  std::string format;           ///< of the value's numbers, as D3's
  std::optional<double> limit;  ///< a line at this value
  std::string limit_title;      ///< what the line is
};

/// A Vega-Lite specification. With one part there is no legend.
nlohmann::ordered_json time_chart(const TimeChart& chart);

struct TimeHeatMap {
  std::string data;  ///< a data set with a row for each rectangle
  std::string from;  ///< the columns of its times
  std::string to;
  std::string row;    ///< the column that says in which row it lies
  std::string share;  ///< the column of its shade, 0 to 1
  std::string time_title;
  std::vector<std::string> rows;  ///< all of them, from top to bottom
};

nlohmann::ordered_json time_heat_map(const TimeHeatMap& map);

}  // namespace systol
