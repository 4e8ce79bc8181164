#include "host/result_page/pe_charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "sim/base/text.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostRows = 24;
std::string type_of(const ResultRow& row) {
  const auto pe = std::ranges::find(row.settings, kPeKey, &Setting::key);
  return pe == row.settings.end() ? std::string() : pe->value;
}

/// The type, and what else tells the row from others of the same type; a network of its own.
std::string label_of(const RowGroup& group, const ResultRow& row) {
  std::string label = type_of(row);
  const auto same = [&](const ResultRow& other) { return type_of(other) == label; };
  if (std::ranges::count_if(group.rows, same) > 1) {
    label += fmt::format(", row {}", row.number);
  }
  return row.model == group.rows.front().model
             ? label
             : fmt::format("{} ({})", label, printable(row.model));
}

bool has_accuracy(const RowGroup& group) {
  return std::ranges::all_of(group.rows,
                             [](const ResultRow& row) { return row.accuracy.has_value(); });
}

double metric_of(const ResultRow& row, std::string_view name) {
  return row.metrics[metric_index(name, "")];
}

constexpr const char* kBarSpec = R"json({
  "width": 190,
  "title": {"fontSize": 12},
  "transform": [{"as": ["part", "value"]}],
  "mark": "bar",
  "encoding": {
    "y": {"field": "label", "type": "nominal", "sort": null,
          "axis": {"title": null, "labelLimit": 220, "ticks": false}},
    "x": {"field": "value", "type": "quantitative", "stack": "zero",
          "axis": {"title": null, "tickCount": 4, "format": "~s"}},
    "color": {"field": "part", "type": "nominal", "title": null, "legend": {"orient": "bottom"},
              "scale": {"domain": ["PEs", "all else"], "range": ["#d55e00", "#0b5cad"]}},
    "order": {"field": "rank"},
    "tooltip": [{"field": "label"}, {"field": "part"}, {"field": "value", "format": ",.4~g"}]
  }
})json";

/// A chart of one quantity: a bar for each row.
Json bars(const std::string& title, const std::string& column, std::size_t rows) {
  constexpr std::size_t kBarHeight = 30;
  Json spec = Json::parse(kBarSpec);
  spec["height"] = kBarHeight * rows;
  spec["title"]["text"] = title;
  spec["transform"][0]["fold"] = std::vector<std::string>{column};
  spec["encoding"]["color"] = Json::object();
  spec["encoding"]["color"]["value"] = "#0b5cad";
  spec["encoding"].erase("order");
  return spec;
}

/// The same of a quantity in two parts, that of the PEs and the rest.
Json split_bars(const std::string& title, const std::string& quantity, std::size_t rows) {
  Json spec = Json::parse(kBarSpec);
  spec["height"] = bars(title, quantity, rows)["height"];
  spec["title"]["text"] = title;
  spec["transform"] = Json::parse(fmt::format(
      R"json([
        {{"calculate": "datum.pe_{0}", "as": "PEs"}},
        {{"calculate": "datum.other_{0}", "as": "all else"}},
        {{"fold": ["PEs", "all else"], "as": ["part", "value"]}},
        {{"calculate": "datum.part == 'PEs' ? 0 : 1", "as": "rank"}}
      ])json",
      quantity));
  return spec;
}

Json all_bars(const RowGroup& group, const std::string& data) {
  const std::size_t rows = group.rows.size();
  Json spec;
  spec["data"]["name"] = data;
  spec["autosize"] = "pad";  // charts beside each other have their own widths
  Json& charts = spec["hconcat"] = Json::array();
  if (has_accuracy(group)) {
    charts.push_back(bars("accuracy (%)", "accuracy", rows));
  }
  charts.push_back(bars("cycles", "cycles", rows));
  charts.push_back(split_bars("energy per inference (J)", "energy", rows));
  charts.push_back(split_bars("area (mm2)", "area", rows));
  for (std::size_t i = 1; i < charts.size(); ++i) {
    charts[i]["encoding"]["y"]["axis"] = nullptr;  // the first has the names
  }
  return spec;
}

constexpr const char* kAgainstSpec = R"json({
  "width": "container",
  "height": 320,
  "transform": [{"calculate": "datum.pe_energy + datum.other_energy", "as": "energy"}],
  "encoding": {
    "x": {"field": "energy", "type": "quantitative", "scale": {"zero": true},
          "axis": {"title": "energy per inference (J)",
                     "format" : "~s"
}
}
, "y" : {
  "field" : "accuracy",
            "type" : "quantitative",
                     "scale" : {"zero" : false, "padding" : 30},
                               "axis" : {
    "title" : "accuracy (%)"
  }
}
}
, "layer" : [
  {
    "mark" : {"type" : "point", "filled" : true, "size" : 90, "color" : "#0b5cad"},
    "encoding" : {
      "tooltip" : [
        {"field" : "label"}, {"field" : "accuracy", "format" : ".2f"},
        {"field" : "energy", "format" : ".3~s"}
      ]
    }
  },
  {"mark" : {"type": "text", "align": "left", "dx": 8, "angle": 330}, "encoding" : {"text" : {"field" : "label"}}}
]
})json";

}  // namespace

std::optional<DataSet> pe_rows(const RowGroup& group, const std::string& data) {
  constexpr double kPicojoule = 1e-12;
  constexpr double kSquareMicrometre = 1e-6;  // in mm2
  std::set<std::string> types;
  for (const ResultRow& row : group.rows) {
    types.insert(type_of(row));
  }
  if (types.size() < 2 || group.rows.size() > kMostRows) {
    return std::nullopt;
  }
  DataSet set{data,
              {"label", "accuracy", "cycles", "pe_energy", "other_energy", "pe_area", "other_area"},
              {}};
  for (const ResultRow& row : group.rows) {
    set.rows.push_back({label_of(group, row),
                        row.accuracy ? Json(kPercent * row.accuracy->quantised) : Json(nullptr),
                        metric_of(row, "cycles"), kPicojoule * row.pe_energy,
                        kPicojoule * (metric_of(row, "energy_per_inference") - row.pe_energy),
                        kSquareMicrometre * row.pe_area,
                        kSquareMicrometre * (metric_of(row, "area") - row.pe_area)});
  }
  return set;
}

void add_pe_charts(const RowGroup& group, const std::string& data, PageSection& section) {
  const std::string model = printable(group.rows.front().model);
  section.chart({fmt::format("{}: what the multiplier costs", model),
                 "Bars of accuracy, cycles, energy of an inference and area for each type of PE. "
                 "Energy and area are those of the PEs, and of all else in another colour.",
                 all_bars(group, data)});
  if (has_accuracy(group)) {
    Json spec = Json::parse(kAgainstSpec);
    spec["data"]["name"] = data;
    section.chart({fmt::format("{}: accuracy against energy", model),
                   "A point for each type of PE: accuracy up, energy of an inference across.",
                   spec});
  }
}

}  // namespace systol
