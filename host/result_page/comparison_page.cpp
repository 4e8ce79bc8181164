#include "host/result_page/comparison_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "host/page/page.h"
#include "host/report/comparison_summary.h"
#include "host/report/numbers.h"
#include "host/report/version.h"
#include "host/result_page/metric_axis.h"
#include "host/result_page/pe_charts.h"
#include "host/result_page/row_scatter.h"
#include "sim/base/text.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

/// With more a bar is too thin to be read.
constexpr std::size_t kMostRowBars = 60;
/// Of the data set: what tells rows apart, before the settings and the metrics.
constexpr std::array<const char*, 8> kNames = {"row",  "label", "model",    "array",
                                               "size", "batch", "standing", "note"};

std::string array_size(const ResultRow& row) {
  return fmt::format("{} × {}", row.rows, row.columns);
}

/// What tells the row from the others of its workload, in a few words.
std::string label_of(const ResultRow& row) {
  std::string label = fmt::format("{} {} {}", printable(row.array), array_size(row), row.dataflow);
  for (const Setting& setting : row.settings) {
    if (!is_in_size(setting.key)) {
      label += fmt::format(", {}", text_of(setting));
    }
  }
  return label;
}

std::string standing_of(const Criteria& criteria, const ResultRow& row, bool on_front) {
  if (on_front) {
    return "on the front";
  }
  return criteria.keeps_limits(row) ? "beaten" : "breaks a limit";
}

Json row_of(const Criteria& criteria, const ResultRow& row, bool on_front) {
  Json json = {
      row.number,
      label_of(row),
      printable(row.model),
      printable(row.array),
      array_size(row),
      row.batch,
      standing_of(criteria, row, on_front),
      row.check == "FAILED" ? "check failed" : broken_limits(criteria.limits, row.metrics)};
  for (const std::string& key : criteria.keys) {
    const auto same = std::ranges::find(row.settings, key, &Setting::key);
    json.push_back(same == row.settings.end() ? Json(nullptr) : Json(same->value));
  }
  for (const double value : row.metrics) {
    json.push_back(value);
  }
  return json;
}

std::vector<std::string> columns_of(const Criteria& criteria) {
  std::vector<std::string> columns(kNames.begin(), kNames.end());
  std::ranges::copy(criteria.keys, std::back_inserter(columns));
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
  return title_with_unit(metric);
}

constexpr const char* kBarsSpec = R"({
  "width": "container",
  "params": [
    {"name": "quantity", "bind": {"input": "select", "name": "Show "}},
    {"name": "titles"},
    {"name": "scales"}
  ],
  "transform": [{"calculate": "datum[quantity] * scales[quantity]", "as": "value"}],
  "mark": "bar",
  "encoding": {
    "y": {"field": "label", "type": "nominal", "sort": null,
          "axis": {"title": null, "labelLimit": 260, "ticks": false}},
    "x": {"field": "value", "type": "quantitative",
          "axis": {"title": {"expr": "titles[quantity]"}, "format": "~s"}},
    "color": {
      "field": "standing", "type": "nominal", "title": null, "legend": {"orient": "top"},
      "scale": {"domain": ["on the front", "beaten", "breaks a limit"],
                "range": ["#0b5cad", "#9aa5b1", "#d55e00"]}
    },
    "tooltip": [{"field": "label"}, {"field": "value", "format": ",.4~s"}]
  }
})";

/// The name of a group's data set, and of its section.
std::string data_of(const RowGroup& group) { return fmt::format("rows-{}", group.workload); }

std::string model_of(const RowGroup& group) { return printable(group.rows.front().model); }

Json bars(const Criteria& criteria, const RowGroup& group) {
  constexpr std::size_t kBarHeight = 20;
  Json spec = Json::parse(kBarsSpec);
  spec["data"]["name"] = data_of(group);
  spec["height"] = group.rows.size() * kBarHeight;
  spec["params"][0]["value"] = metrics()[criteria.objectives.front()].key;
  spec["params"][0]["bind"]["options"] = metric_keys();
  spec["params"][0]["bind"]["labels"] = metric_titles();
  MetricAxes axes = metric_axes();
  spec["params"][1]["value"] = std::move(axes.titles);
  spec["params"][2]["value"] = std::move(axes.scales);
  return spec;
}

PageTable table_of(const Criteria& criteria, const RowGroup& group) {
  PageTable table{fmt::format("{}: all rows", model_of(group)),
                  data_of(group),
                  {{"row", "#", CellKind::Count}, {"array", "array"}, {"size", "PEs"}},
                  true};
  for (const std::string& key : criteria.keys) {
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

void add_group(Page& page, const Criteria& criteria, const RowGroup& group) {
  DataSet data{data_of(group), columns_of(criteria), {}};
  for (std::size_t i = 0; i < group.rows.size(); ++i) {
    data.rows.push_back(row_of(criteria, group.rows[i], group.on_front[i]));
  }
  page.data(std::move(data));
  PageSection& section = page.section(data_of(group), model_of(group));
  const std::string pe_data = data_of(group) + "-pe";
  if (std::optional<DataSet> pes = pe_rows(group, pe_data)) {
    page.data(std::move(*pes));
    add_pe_charts(group, pe_data, section);
  }
  section.chart({fmt::format("{}: one quantity against another", model_of(group)),
                 "A point for each row, by two quantities or parameters that can be chosen. Points "
                 "on the front are not beaten in all objectives by any other row.",
                 row_scatter(criteria, group.rows, data_of(group))});
  if (group.rows.size() <= kMostRowBars) {
    section.chart({fmt::format("{}: one quantity, row by row", model_of(group)),
                   "A bar for each row, of a quantity that can be chosen.", bars(criteria, group)});
  }
  section.table(table_of(criteria, group));
}

std::string objectives_text(const Criteria& criteria) {
  std::string text;
  for (const std::size_t metric : criteria.objectives) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", title_of(metrics()[metric]));
  }
  return text;
}

/// For each workload and each objective the row that no other beats.
std::vector<PageFact> best_facts(const Standings& standings) {
  std::vector<PageFact> facts;
  for (const Standings::OfWorkload& standing : standings.workloads()) {
    for (const std::size_t objective : standings.criteria().objectives) {
      const auto best = standing.best.find(objective);
      if (best != standing.best.end()) {
        const ResultRow& row = best->second;
        facts.push_back(
            {fmt::format("{}: best {}", printable(row.model), title_of(metrics()[objective])),
             value_text(metrics()[objective], row.metrics[objective]),
             fmt::format("row {}: {}", row.number, label_of(row))});
      }
    }
  }
  return facts;
}

/// What a reader of a sample has to know.
std::string sample_text(const Standings& standings, const ShownRows& shown) {
  return fmt::format(
      "A sample: {} of {} rows are shown, those on the front (or many of them), the best ones, and "
      "every {}th of all. --csv writes all rows.",
      grouped(shown.shown), grouped(standings.rows()), shown.step);
}

/// What rows leave out, or do in another way.
void add_remarks(PageSection& section, const Standings& standings) {
  std::vector<std::string> lines;
  for (const ResultRow& row : standings.others()) {
    for (const std::string& remark : remarks_on(row, standings)) {
      lines.push_back(fmt::format("Row {} ({}) {}.", row.number, label_of(row), printable(remark)));
    }
  }
  if (!lines.empty()) {
    section.list(lines);
  }
}

void add_failures(Page& page, const Standings& standings, const ShownRows& shown) {
  if (shown.failed.empty()) {
    return;
  }
  std::vector<std::string> lines;
  for (const ResultRow& row : shown.failed) {
    lines.push_back(fmt::format("Row {}, {}: {}", row.number, label_of(row), row.error));
  }
  PageSection& section = page.section("failures", "Rows without a result");
  section.list(lines);
  if (standings.failed() > shown.failed.size()) {
    section.paragraph(fmt::format("These are the first of {}.", grouped(standings.failed())));
  }
}

}  // namespace

std::string result_page(const std::string& title, const Standings& standings, const RowSource& rows,
                        const std::string& command_line) {
  const Criteria& criteria = standings.criteria();
  const ShownRows shown = shown_rows(standings, rows);
  Page page(title, fmt::format("{} rows", grouped(standings.rows())),
            fmt::format("Made by systol {}.", kVersion));
  PageSection& summary = page.section("summary", "Summary");
  summary.facts(best_facts(standings));
  summary.paragraph(fmt::format(
      "A row is on the front if no other row of the same model that keeps the limits is at least "
      "as good in all of these and better in one: {}.",
      objectives_text(criteria)));
  if (!criteria.limits.empty()) {
    summary.paragraph(fmt::format("Limits: {}.", limits_text(criteria.limits)));
  }
  add_remarks(summary, standings);
  if (shown.step > 1) {
    summary.paragraph(sample_text(standings, shown));
  }
  if (!command_line.empty()) {
    summary.code("The command that makes this page", command_line);
  }
  for (const RowGroup& group : shown.groups) {
    add_group(page, criteria, group);
  }
  add_failures(page, standings, shown);
  return page.html();
}

std::string comparison_page(const Comparison& comparison, const std::string& command_line) {
  const RowSource rows = [&](const std::function<void(const ResultRow&)>& take) {
    std::ranges::for_each(comparison.rows, take);
  };
  return result_page("Comparison", comparison.standings(), rows, command_line);
}

}  // namespace systol
