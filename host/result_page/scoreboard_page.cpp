#include "host/result_page/scoreboard_page.h"

#include <fmt/format.h>

#include "host/page/page.h"
#include "host/report/numbers.h"
#include "host/report/version.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kResidualsSpec = R"({
  "width": "container",
  "data": {"name": "residuals"},
  "layer": [
    {
      "mark": {"type": "point", "filled": true, "size": 45, "opacity": 0.65},
      "encoding": {
        "y": {"field": "machine", "type": "nominal", "sort": null,
              "axis": {"title": null, "labelLimit": 260}},
        "x": {"field": "residual", "type": "quantitative",
              "scale": {"type": "symlog", "constant": 5},
              "axis": {"title": "residual in per cent, or in points for a share", "format": "+.0f",
                       "values": [-100, -50, -20, -10, -5, 0, 5, 10, 20, 50, 100, 200]}},
        "yOffset": {"field": "model", "type": "nominal"},
        "color": {"field": "model", "type": "nominal", "title": null,
                  "scale": {"domain": ["Systol", "SCALE-Sim's closed form"],
                            "range": ["#0b5cad", "#e69f00"]}},
        "shape": {"field": "model", "type": "nominal", "title": null,
                  "scale": {"domain": ["Systol", "SCALE-Sim's closed form"],
                            "range": ["circle", "diamond"]}},
        "tooltip": [{"field": "machine"}, {"field": "what"}, {"field": "model"},
                    {"field": "residual", "format": "+.1f"}]
      }
    },
    {"mark": {"type": "rule", "color": "#1b2530"}, "encoding": {"x": {"datum": 0}}}
  ]
})";

DataSet score_data(std::span<const ScoreRow> rows) {
  DataSet data{
      "scores",
      {"machine", "what", "unit", "measured", "systol", "off", "scale_sim", "scale_sim_off"},
      {}};
  for (const ScoreRow& row : rows) {
    data.rows.push_back({row.machine, row.what, row.unit, row.measured, row.ours,
                         residual(row, row.ours),
                         row.scale_sim ? Json(*row.scale_sim) : Json(nullptr),
                         row.scale_sim ? Json(residual(row, *row.scale_sim)) : Json(nullptr)});
  }
  return data;
}

DataSet residual_data(std::span<const ScoreRow> rows) {
  DataSet data{"residuals", {"machine", "what", "model", "residual"}, {}};
  for (const ScoreRow& row : rows) {
    data.rows.push_back({row.machine, row.what, "Systol", residual(row, row.ours)});
    if (row.scale_sim) {
      data.rows.push_back(
          {row.machine, row.what, "SCALE-Sim's closed form", residual(row, *row.scale_sim)});
    }
  }
  return data;
}

std::vector<PageFact> facts_of(std::span<const ScoreRow> rows) {
  std::vector<PageFact> facts;
  for (const ScoreSummary& summary : summaries_of(rows)) {
    std::string note = fmt::format("{} row{}, worst {:+.1f}", summary.rows,
                                   summary.rows == 1 ? "" : "s", summary.worst);
    if (summary.scale_sim_rows > 0) {
      note += fmt::format("; SCALE-Sim's closed form: median {:.1f}, worst {:+.1f}",
                          summary.scale_sim_median, summary.scale_sim_worst);
    }
    facts.push_back({summary.machine, fmt::format("{:.1f}", summary.median), note});
  }
  return facts;
}

}  // namespace

std::string scoreboard_page(std::span<const ScoreRow> rows, const std::string& command_line) {
  Page page("What others have measured", fmt::format("{} figures", grouped(rows.size())),
            fmt::format("Made by systol {}.", kVersion));
  PageSection& section = page.section("summary", "Median residual of each machine");
  section.facts(facts_of(rows));
  section.paragraph(
      "A residual is how far a figure is off: in per cent of what was measured, or in points where "
      "the figure is a share of the cycles. Nothing is fitted. docs/trust.md says where each "
      "figure comes from and what was assumed.");
  section.code("The command that makes this page", command_line);
  page.data(score_data(rows));
  page.data(residual_data(rows));
  constexpr std::size_t kMachineHeight = 40;
  Json residuals = Json::parse(kResidualsSpec);
  residuals["height"] = summaries_of(rows).size() * kMachineHeight;
  page.section("residuals", "Residuals")
      .chart({"Each figure's residual, by machine",
              "Points by residual, a row for each machine; SCALE-Sim's closed form beside Systol "
              "where it has the same figure.",
              residuals});
  page.section("figures", "Figures")
      .table({"All figures",
              "scores",
              {{"machine", "machine"},
               {"what", "figure"},
               {"unit", "unit"},
               {"measured", "measured", CellKind::Number},
               {"systol", "Systol", CellKind::Number},
               {"off", "residual", CellKind::Number},
               {"scale_sim", "SCALE-Sim", CellKind::Number},
               {"scale_sim_off", "its residual", CellKind::Number}},
              true});
  return page.html();
}

}  // namespace systol
