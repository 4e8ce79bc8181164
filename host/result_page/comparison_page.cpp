#include "host/result_page/comparison_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "host/page/page.h"
#include "host/report/numbers.h"
#include "host/report/version.h"
#include "sim/base/text.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

/// With more a bar is too thin to be read.
constexpr std::size_t kMostBars = 60;
/// With more points a chart is drawn as a picture, which is faster.
constexpr std::size_t kMostShapes = 1'000;
/// Of the data set: what tells rows apart, before the settings and the metrics.
constexpr std::array<const char*, 8> kNames = {"row",  "label", "model",    "array",
                                               "size", "batch", "standing", "note"};

std::string size_of(const ResultRow& row) { return fmt::format("{} × {}", row.rows, row.columns); }

/// What tells the row from the others of its workload, in a few words.
std::string label_of(const ResultRow& row) {
  std::string label = printable(row.array);
  for (const Setting& setting : row.settings) {
    if (!is_in_size(setting.key)) {
      label += fmt::format(", {}", text_of(setting));
    }
  }
  return fmt::format("{} {} {}", label, size_of(row), row.dataflow);
}

std::string standing_of(const Comparison& comparison, const ResultRow& row, bool on_front) {
  if (on_front) {
    return "on the front";
  }
  return comparison.keeps_limits(row) ? "beaten" : "breaks a limit";
}

Json row_of(const Comparison& comparison, const ResultRow& row, bool on_front) {
  Json json = {
      row.number,
      label_of(row),
      printable(row.model),
      printable(row.array),
      size_of(row),
      row.batch,
      standing_of(comparison, row, on_front),
      row.check == "FAILED" ? "check failed" : broken_limits(comparison.limits, row.metrics)};
  for (const std::string& key : comparison.keys) {
    const auto same = std::ranges::find(row.settings, key, &Setting::key);
    json.push_back(same == row.settings.end() ? Json(nullptr) : Json(same->value));
  }
  for (const double value : row.metrics) {
    json.push_back(value);
  }
  return json;
}

std::vector<std::string> columns_of(const Comparison& comparison) {
  std::vector<std::string> columns(kNames.begin(), kNames.end());
  std::ranges::copy(comparison.keys, std::back_inserter(columns));
  for (const Metric& metric : metrics()) {
    columns.emplace_back(metric.key);
  }
  return columns;
}

CellKind kind_of(const Metric& metric) {
  if (metric.name == "cycles") {
    return CellKind::Count;
  }
  if (metric.name == "time") {
    return CellKind::Time;
  }
  if (metric.name == "utilisation") {
    return CellKind::Share;
  }
  if (metric.name == "power") {
    return CellKind::Power;
  }
  return metric.key.ends_with("_pj") ? CellKind::Energy : CellKind::Number;
}

/// In the unit of the metric's values.
std::string heading_of(const Metric& metric) {
  const CellKind kind = kind_of(metric);
  if (kind != CellKind::Number) {
    return std::string(title_of(metric));
  }
  const auto own = std::ranges::find_if(
      metric.units, [](const UnitScale& unit) { return unit.numerator == unit.denominator; });
  const bool says = own == metric.units.end() || own->name == title_of(metric);
  return says ? std::string(title_of(metric)) : fmt::format("{} ({})", title_of(metric), own->name);
}

/// Rows with a result of one workload.
struct Group {
  std::string model;
  std::string data;  ///< name of the data set
  std::vector<std::size_t> rows;
};

std::vector<Group> groups_of(const Comparison& comparison) {
  std::vector<Group> groups;
  const std::size_t shown = std::min(comparison.rows.size(), kMostPageRows);
  for (std::size_t i = 0; i < shown; ++i) {
    const ResultRow& row = comparison.rows[i];
    if (row.failed()) {
      continue;
    }
    while (groups.size() <= row.workload) {
      groups.push_back({{}, fmt::format("rows-{}", groups.size()), {}});
    }
    groups[row.workload].model = printable(row.model);
    groups[row.workload].rows.push_back(i);
  }
  std::erase_if(groups, [](const Group& group) { return group.rows.empty(); });
  return groups;
}

constexpr const char* kScatterSpec = R"({
  "width": "container",
  "height": 360,
  "params": [
    {"name": "across", "bind": {"input": "select", "name": "Across "}},
    {"name": "up", "bind": {"input": "select", "name": "Up "}}
  ],
  "transform": [
    {"calculate": "datum[across]", "as": "x"},
    {"calculate": "datum[up]", "as": "y"}
  ],
  "mark": {"type": "point", "filled": true, "size": 90, "opacity": 0.8, "stroke": "#ffffff"},
  "encoding": {
    "x": {"field": "x", "type": "quantitative", "scale": {"zero": false, "nice": true},
          "axis": {"title": {"expr": "across"}, "format": "~s"}},
    "y": {"field": "y", "type": "quantitative", "scale": {"zero": false, "nice": true},
          "axis": {"title": {"expr": "up"}, "format": "~s"}},
    "color": {
      "field": "standing", "type": "nominal", "title": null,
      "scale": {"domain": ["on the front", "beaten", "breaks a limit"],
                "range": ["#0b5cad", "#9aa5b1", "#d55e00"]}
    },
    "shape": {
      "field": "standing", "type": "nominal", "title": null,
      "scale": {"domain": ["on the front", "beaten", "breaks a limit"],
                "range": ["circle", "square", "triangle-up"]}
    }
  }
})";

constexpr const char* kBarsSpec = R"({
  "width": "container",
  "params": [{"name": "quantity", "bind": {"input": "select", "name": "Show "}}],
  "transform": [{"calculate": "datum[quantity]", "as": "value"}],
  "mark": "bar",
  "encoding": {
    "y": {"field": "label", "type": "nominal", "sort": null,
          "axis": {"title": null, "labelLimit": 260, "ticks": false}},
    "x": {"field": "value", "type": "quantitative",
          "axis": {"title": {"expr": "quantity"}, "format": "~s"}},
    "color": {
      "field": "standing", "type": "nominal", "title": null,
      "scale": {"domain": ["on the front", "beaten", "breaks a limit"],
                "range": ["#0b5cad", "#9aa5b1", "#d55e00"]}
    },
    "tooltip": [{"field": "label"}, {"field": "value", "format": ",.4~g"}]
  }
})";

/// What an axis can show: all metrics, by their keys.
Json metric_keys() {
  Json keys = Json::array();
  for (const Metric& metric : metrics()) {
    keys.push_back(metric.key);
  }
  return keys;
}

Json tooltip_of(const Comparison& comparison) {
  Json tooltip = {{{"field", "row"}}, {{"field", "label"}}};
  for (const std::size_t metric : comparison.objectives) {
    tooltip.push_back({{"field", metrics()[metric].key}, {"format", ",.4~g"}});
  }
  return tooltip;
}

/// The two axes begin with the first two objectives.
Json scatter(const Comparison& comparison, const Group& group) {
  Json spec = Json::parse(kScatterSpec);
  spec["data"]["name"] = group.data;
  spec["usermeta"]["renderer"] = group.rows.size() > kMostShapes ? "canvas" : "svg";
  for (std::size_t i = 0; i < 2; ++i) {
    const std::size_t objective = std::min(i, comparison.objectives.size() - 1);
    spec["params"][i]["value"] = metrics()[comparison.objectives[objective]].key;
    spec["params"][i]["bind"]["options"] = metric_keys();
  }
  spec["encoding"]["tooltip"] = tooltip_of(comparison);
  return spec;
}

Json bars(const Comparison& comparison, const Group& group) {
  constexpr std::size_t kBarHeight = 20;
  Json spec = Json::parse(kBarsSpec);
  spec["data"]["name"] = group.data;
  spec["height"] = group.rows.size() * kBarHeight;
  spec["params"][0]["value"] = metrics()[comparison.objectives.front()].key;
  spec["params"][0]["bind"]["options"] = metric_keys();
  return spec;
}

PageTable table_of(const Comparison& comparison, const Group& group) {
  PageTable table{fmt::format("{}: all rows", group.model),
                  group.data,
                  {{"row", "#", CellKind::Count}, {"array", "array"}, {"size", "PEs"}},
                  true};
  for (const std::string& key : comparison.keys) {
    if (!is_in_size(key)) {
      table.columns.push_back({key, key});
    }
  }
  for (const Metric& metric : metrics()) {
    table.columns.push_back({std::string(metric.key), heading_of(metric), kind_of(metric)});
  }
  table.columns.push_back({"standing", "front"});
  table.columns.push_back({"note", "breaks"});
  return table;
}

void add_group(Page& page, const Comparison& comparison, const std::vector<bool>& front,
               const Group& group) {
  DataSet data{group.data, columns_of(comparison), {}};
  for (const std::size_t i : group.rows) {
    data.rows.push_back(row_of(comparison, comparison.rows[i], front[i]));
  }
  page.data(std::move(data));
  PageSection& section = page.section(group.data, group.model);
  section.chart({fmt::format("{}: one quantity against another", group.model),
                 "A point for each row, by two quantities that can be chosen. Points on the front "
                 "are not beaten in all objectives by any other row.",
                 scatter(comparison, group)});
  if (group.rows.size() <= kMostBars) {
    section.chart({fmt::format("{}: one quantity, row by row", group.model),
                   "A bar for each row, of a quantity that can be chosen.",
                   bars(comparison, group)});
  }
  section.table(table_of(comparison, group));
}

std::string objectives_text(const Comparison& comparison) {
  std::string text;
  for (const std::size_t metric : comparison.objectives) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", title_of(metrics()[metric]));
  }
  return text;
}

/// For each workload and each objective the row that no other beats.
std::vector<PageFact> best_facts(const Comparison& comparison, const std::vector<Group>& groups) {
  std::vector<PageFact> facts;
  for (const Group& group : groups) {
    for (const std::size_t objective : comparison.objectives) {
      const std::size_t workload = comparison.rows[group.rows.front()].workload;
      if (const auto best = comparison.best(workload, objective)) {
        const ResultRow& row = comparison.rows[*best];
        facts.push_back({fmt::format("{}: best {}", group.model, title_of(metrics()[objective])),
                         value_text(metrics()[objective], row.metrics[objective]),
                         fmt::format("row {}: {}", row.number, label_of(row))});
      }
    }
  }
  return facts;
}

void add_failures(Page& page, const Comparison& comparison) {
  std::vector<std::string> lines;
  for (const ResultRow& row : comparison.rows) {
    if (row.failed() && lines.size() < kMostPageRows) {
      lines.push_back(fmt::format("Row {}, {}: {}", row.number, label_of(row), row.error));
    }
  }
  if (!lines.empty()) {
    page.section("failures", "Rows without a result").list(lines);
  }
}

}  // namespace

std::string comparison_page(const Comparison& comparison, const std::string& command_line) {
  const std::vector<Group> groups = groups_of(comparison);
  Page page("Comparison", fmt::format("{} rows", grouped(comparison.rows.size())),
            fmt::format("Made by systol {}.", kVersion));
  PageSection& summary = page.section("summary", "Summary");
  summary.facts(best_facts(comparison, groups));
  summary.paragraph(fmt::format(
      "A row is on the front if no other row of the same model that keeps the limits is at least "
      "as good in all of these and better in one: {}.",
      objectives_text(comparison)));
  if (!comparison.limits.empty()) {
    summary.paragraph(fmt::format("Limits: {}.", limits_text(comparison.limits)));
  }
  if (comparison.rows.size() > kMostPageRows) {
    summary.paragraph(fmt::format("Shown are the first {} rows; --csv writes all of them.",
                                  grouped(kMostPageRows)));
  }
  summary.code("The command that makes this page", command_line);
  const std::vector<bool> front = comparison.front();
  for (const Group& group : groups) {
    add_group(page, comparison, front, group);
  }
  add_failures(page, comparison);
  return page.html();
}

}  // namespace systol
