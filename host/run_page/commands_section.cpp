#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "host/report/numbers.h"
#include "host/run_page/sections.h"
#include "hw/isa/text.h"
#include "sim/base/text.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kCommandsSpec = R"({
  "data": {"name": "commands"},
  "width": "container",
  "mark": {"type": "rect", "stroke": "#ffffff", "strokeWidth": 0.5},
  "encoding": {
    "x": {"field": "from", "type": "quantitative", "scale": {"nice": false, "zero": false},
          "axis": {"title": "cycle", "format": ",.0f", "grid": true}},
    "x2": {"field": "to"},
    "y": {"field": "unit", "type": "nominal", "title": null, "scale": {"paddingInner": 0.2}},
    "color": {
      "field": "kind", "type": "nominal", "title": "command",
      "scale": {"range": ["#0b5cad", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00",
                          "#7b61a8", "#b59a00", "#6b7681", "#8c510a", "#01665e", "#c51b7d",
                          "#35978f"]}
    },
    "tooltip": [
      {"field": "command"}, {"field": "layer"}, {"field": "start", "format": ",.0f"},
      {"field": "end", "format": ",.0f"}
    ]
  }
})";

constexpr std::size_t kCommandRowHeight = 34;  ///< pixels

std::string layer_of(const TimelineRecord& record, const isa::Command& command) {
  const std::size_t node = command.origin.node;
  return node < record.nodes.size() ? printable(record.nodes[node]) : "";
}

/// The rectangles of a unit do not overlap, though its commands may.
DataSet command_rows(const TimelineRecord& record) {
  DataSet data{"commands", {"unit", "kind", "from", "to", "start", "end", "layer", "command"}, {}};
  std::array<Cycles, isa::kUnits> shown{};
  for (const TimelineRecord::Command& entry : record.commands) {
    Cycles& busy = shown[isa::index_of(isa::unit_of(entry.command))];
    const Cycles from = std::max(entry.start, busy);
    busy = std::max(from, entry.occupies_until());
    const std::string text = isa::to_text(entry.command);
    data.rows.push_back({isa::name_of(isa::unit_of(entry.command)), text.substr(0, text.find(' ')),
                         from.count(), std::min(busy, record.to).count(), entry.start.count(),
                         entry.end.count(), layer_of(record, entry.command), text});
  }
  return data;
}

}  // namespace

void add_commands(Page& page, const RunReport& report, const TimelineRecord& record) {
  PageSection& section = page.section("commands", "Timeline");
  if (record.commands.empty()) {
    section.missing("The run has no command.");
    return;
  }
  const bool all = record.to >= report.cycles;
  section.paragraph(fmt::format(
      "{} {} commands, from cycle {} to {}{}. A matrix unit's command is shown while its rows "
      "enter the array.",
      all ? "All" : "The first", grouped(record.commands.size()), grouped(record.from.count()),
      grouped(record.to.count()),
      all ? ""
          : fmt::format(" of {}; a Chrome trace of the run shows any part",
                        grouped(report.cycles.count()))));
  page.data(command_rows(record));
  Json spec = Json::parse(kCommandsSpec);
  spec["height"] = kCommandRowHeight * isa::kUnits;
  spec["encoding"]["y"]["scale"]["domain"] = isa::kUnitNames;
  section.chart({"Commands of each unit",
                 "Bars in a row per unit: each command from its start to its end.", spec});
}

}  // namespace systol
