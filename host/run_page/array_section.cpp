#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "host/report/numbers.h"
#include "host/run_page/sections.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

/// A chart has so many rectangles in a row or a column at most: larger arrays are shown in blocks.
constexpr std::uint32_t kMostBlocks = 64;

constexpr const char* kArraySpec = R"({
  "data": {"name": "pes"},
  "width": 420,
  "usermeta": {"renderer": "canvas"},
  "mark": "rect",
  "encoding": {
    "x": {"field": "column", "type": "quantitative", "scale": {"nice": false},
          "axis": {"title": "PE column", "grid": false, "tickMinStep": 1, "orient": "top"}},
    "x2": {"field": "column_end"},
    "y": {"field": "row", "type": "quantitative", "scale": {"nice": false, "reverse": true},
          "axis": {"title": "PE row", "grid": false, "tickMinStep": 1}},
    "y2": {"field": "row_end"},
    "color": {
      "field": "share", "type": "quantitative", "title": "useful cycles",
      "scale": {"domain": [0, 1], "range": ["#eef3f8", "#7fb0dd", "#0b5cad", "#06294d"]},
      "legend": {"format": ".0%"}
    },
    "tooltip": [
      {"field": "row"}, {"field": "column"},
      {"field": "share", "title": "of all cycles", "format": ".1%"}
    ]
  }
})";

std::uint32_t block_edge(const ArrayConfig& array) {
  return (std::max(array.rows, array.columns) + kMostBlocks - 1) / kMostBlocks;
}

DataSet pe_rows(const RunReport& report, const std::vector<std::uint64_t>& pes) {
  const ArrayConfig& array = report.array;
  const std::uint32_t edge = block_edge(array);
  const auto cycles = static_cast<double>(report.cycles.count());
  DataSet data{"pes", {"row", "row_end", "column", "column_end", "share"}, {}};
  for (std::uint32_t row = 0; row < array.rows; row += edge) {
    const std::uint32_t row_end = std::min(array.rows, row + edge);
    for (std::uint32_t column = 0; column < array.columns; column += edge) {
      const std::uint32_t column_end = std::min(array.columns, column + edge);
      double work = 0;
      for (std::size_t r = row; r < row_end; ++r) {
        const auto begin = pes.begin() + static_cast<std::ptrdiff_t>(r * array.columns);
        work += static_cast<double>(
            std::accumulate(begin + column, begin + column_end, std::uint64_t{0}));
      }
      const double slots = double{cycles} * (row_end - row) * (column_end - column);
      data.rows.push_back({row, row_end, column, column_end, work / slots});
    }
  }
  return data;
}

}  // namespace

void add_array_use(Page& page, const RunReport& report, const RunTrace& trace) {
  PageSection& section = page.section("array", "Use of the array");
  if (report.cycles.count() == 0 || trace.pes.empty()) {
    section.missing("The run took no cycle, or was not traced.");
    return;
  }
  const std::uint32_t edge = block_edge(report.array);
  section.paragraph(fmt::format(
      "For each {} the share of all cycles in which it multiplies two values that the network "
      "has. Over all PEs this is the utilisation, {}. A tile lies in the upper left corner, so "
      "layers that do not fill the array leave the right and the lower edge unused.",
      edge == 1 ? "PE" : fmt::format("block of {0} × {0} PEs", edge),
      percent(report.utilisation())));
  page.data(pe_rows(report, trace.pes));
  Json spec = Json::parse(kArraySpec);
  const double height = 420.0 * report.array.rows / report.array.columns;
  spec["height"] = std::clamp(height, 60.0, 840.0);
  section.chart({"Useful cycles of each PE",
                 "A heat map of the array: darker where a PE has more useful cycles.", spec});
}

}  // namespace systol
