// A chart of bars that are made of parts: cycles by class, energy by component.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace systol {

struct BarPart {
  std::string column;  ///< of the data set; also what the legend says
  std::string colour;  ///< "#rrggbb"
};

/// What Vega-Lite needs of them.
struct PartScale {
  nlohmann::ordered_json columns;
  nlohmann::ordered_json colours;
  std::string rank;  ///< an expression: where the column `datum.part` stands in the stack
};
PartScale scale_of(const std::vector<BarPart>& parts);

struct StackedBars {
  std::string data;      ///< a data set with a bar per row, in the order of the rows
  std::size_t bars = 0;  ///< how many rows it has
  std::string label;     ///< its column that says which bar it is; no two are the same
  std::vector<BarPart> parts;
  std::string part_title;   ///< of the legend
  std::string value_title;  ///< of the axis, with the unit
  std::string format;       ///< of the axis's numbers, as D3's: "~s"
};

/// A Vega-Lite specification. Its reader can choose between values and shares of each bar.
nlohmann::ordered_json stacked_bars(const StackedBars& bars);

}  // namespace systol
