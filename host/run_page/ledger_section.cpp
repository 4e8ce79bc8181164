#include <array>

#include "host/page/stacked_bars.h"
#include "host/run_page/class_colours.h"
#include "host/run_page/layer_rows.h"
#include "host/run_page/sections.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

/// In the order of CycleClass.
constexpr std::array<const char*, kCycleClasses> kClassMeanings = {
    "a row of activations entered the array",
    "the next tile of weights had not arrived from memory",
    "the next tile was shifting into the array",
    "waited for results of an earlier command",
    "waited for inputs from memory",
    "nothing to multiply, other units worked",
    "nothing to multiply, and no unit worked"};

DataSet ledger_rows(const RunReport& report) {
  DataSet data{"ledger", {"layer"}, {}};
  data.columns.insert(data.columns.end(), kCycleClassNames.begin(), kCycleClassNames.end());
  for (const LayerBar& bar : layer_bars(report)) {
    Ledger sum;
    for (std::size_t i = bar.first; i < bar.last; ++i) {
      sum += report.nodes[i].ledger;
    }
    Json row = {bar.label};
    for (const Cycles cycles : sum.cycles) {
      row.push_back(cycles.count());
    }
    data.rows.push_back(std::move(row));
  }
  return data;
}

DataSet class_rows(const RunReport& report) {
  DataSet data{"classes", {"class", "meaning", "cycles", "share"}, {}};
  const auto all = static_cast<double>(report.ledger.total().count());
  for (std::size_t i = 0; i < kCycleClasses; ++i) {
    const std::uint64_t cycles = report.ledger.cycles[i].count();
    data.rows.push_back({kCycleClassNames[i], kClassMeanings[i], cycles,
                         all == 0 ? 0 : static_cast<double>(cycles) / all});
  }
  return data;
}

}  // namespace

void add_ledger(Page& page, const RunReport& report) {
  PageSection& section = page.section("ledger", "Where the cycles go");
  section.paragraph("Each cycle of the matrix unit is in exactly one class.");
  page.data(class_rows(report));
  section.table({"Cycles by class",
                 "classes",
                 {{"class", "class"},
                  {"meaning", "what the matrix unit did"},
                  {"cycles", "cycles", CellKind::Count},
                  {"share", "share", CellKind::Share}}});
  DataSet rows = ledger_rows(report);
  StackedBars bars{rows.name, rows.rows.size(), "layer", {}, "class", "cycles", "~s"};
  for (std::size_t i = 0; i < kCycleClasses; ++i) {
    bars.parts.push_back({std::string(kCycleClassNames[i]), kClassColours[i]});
  }
  page.data(std::move(rows));
  section.chart({report.nodes.size() > kMostBars ? "Cycles of several layers in a row, by class"
                                                 : "Cycles of each layer, by class",
                 "Stacked bars: the cycles of each layer by class. The tables of layers and of "
                 "classes have the figures.",
                 stacked_bars(bars)});
}

}  // namespace systol
