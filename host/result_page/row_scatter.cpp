#include "host/result_page/row_scatter.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "host/result_page/metric_axis.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

/// Places among the parameters.
enum : std::size_t {
  kNamesParam = 2,
  kPlacesParam = 3,
  kUnitsParam = 4,
  kTitlesParam = 5,
  kScalesParam = 6
};

/// `names` are the texts of an axis whose values are no numbers, `places` their numbers on it,
/// `units` what stands after the numbers of another; `titles` and `scales` are of metrics.
constexpr const char* kScatterSpec = R"json({
  "width": "container",
  "height": 360,
  "params": [
    {"name": "across", "bind": {"input": "select", "name": "Across "}},
    {"name": "up", "bind": {"input": "select", "name": "Up "}},
    {"name": "names", "value": {}},
    {"name": "places", "value": {}},
    {"name": "units", "value": {}},
    {"name": "titles", "value": {}},
    {"name": "scales", "value": {}}
  ],
  "transform": [{"calculate": "datum.standing === 'on the front' ? 1 : 0", "as": "rank"}],
  "mark": {"type": "point", "filled": true, "size": 90, "opacity": 0.8, "stroke": "#ffffff"},
  "encoding": {
    "x": {"field": "x", "type": "quantitative", "scale": {"zero": false, "nice": true}},
    "y": {"field": "y", "type": "quantitative", "scale": {"zero": false, "nice": true}},
    "order": {"field": "rank", "type": "quantitative"},
    "color": {
      "field": "standing", "type": "nominal", "title": null, "legend": {"orient": "top"},
      "scale": {"domain": ["on the front", "beaten", "breaks a limit"],
                "range": ["#0b5cad", "#9aa5b1", "#d55e00"]}
    },
    "shape": {
      "field": "standing", "type": "nominal", "title": null, "legend": {"orient": "top"},
      "scale": {"domain": ["on the front", "beaten", "breaks a limit"],
                "range": ["circle", "square", "triangle-up"]}
    }
  }
})json";

/// Puts what the parameter `axis` names on the axis `channel`.
void bind_axis(const std::string& axis, const std::string& channel, Json& spec) {
  spec["transform"].push_back(
      {{"calculate", fmt::format("places[{0}] ? places[{0}][datum[{0}]] : isString(datum[{0}]) ? "
                                 "toNumber(split(datum[{0}], ' ')[0]) : "
                                 "datum[{0}] * (scales[{0}] || 1)",
                                 axis)},
       {"as", channel}});
  spec["encoding"][channel]["axis"] = {
      {"title", {{"expr", fmt::format("titles[{0}] || {0} + (units[{0}] || '')", axis)}}},
      {"format", "~s"},
      {"labelExpr",
       fmt::format("names[{0}] ? (names[{0}][datum.value] || '') : datum.label", axis)}};
}

/// Of "64 KiB" it is "KiB", of "64" nothing is left; no value for what is no number before it.
std::optional<std::string> unit_of(const std::string& value) {
  double number = 0;
  const char* end = value.data() + value.size();
  const auto [rest, error] = std::from_chars(value.data(), end, number);
  if (error != std::errc() || (rest != end && *rest != ' ')) {
    return std::nullopt;
  }
  return std::string(rest == end ? rest : rest + 1, end);
}

/// The key's values, each once, in the order of the rows.
std::vector<std::string> values_of(const std::string& key, std::span<const ResultRow> rows) {
  std::vector<std::string> values;
  std::set<std::string_view> seen;
  for (const ResultRow& row : rows) {
    const auto setting = std::ranges::find(row.settings, key, &Setting::key);
    if (setting != row.settings.end() && seen.insert(setting->value).second) {
      values.push_back(setting->value);
    }
  }
  return values;
}

bool are_numbers_of_one_unit(const std::vector<std::string>& values) {
  const std::optional<std::string> unit = values.empty() ? std::nullopt : unit_of(values.front());
  return unit && std::ranges::all_of(
                     values, [&](const std::string& value) { return unit_of(value) == unit; });
}

/// What the axes need to know of a key.
void describe(const std::string& key, const std::vector<std::string>& values, Json& params) {
  if (are_numbers_of_one_unit(values)) {
    const std::string unit = *unit_of(values.front());
    if (!unit.empty()) {
      params[kUnitsParam]["value"][key] = fmt::format(" ({})", unit);
    }
    return;
  }
  params[kNamesParam]["value"][key] = values;
  for (std::size_t i = 0; i < values.size(); ++i) {
    params[kPlacesParam]["value"][key][values[i]] = i;
  }
}

Json tooltip_of(const Criteria& criteria) {
  Json tooltip = {{{"field", "row"}}, {{"field", "label"}}};
  for (const std::size_t metric : criteria.objectives) {
    tooltip.push_back({{"field", metrics()[metric].key},
                       {"title", title_with_unit(metrics()[metric])},
                       {"format", ",.4~g"}});
  }
  return tooltip;
}

}  // namespace

Json row_scatter(const Criteria& criteria, std::span<const ResultRow> rows,
                 const std::string& data) {
  Json spec = Json::parse(kScatterSpec);
  spec["data"]["name"] = data;
  spec["usermeta"]["renderer"] = rows.size() > kMostShapes ? "canvas" : "svg";
  bind_axis("across", "x", spec);
  bind_axis("up", "y", spec);
  MetricAxes axes = metric_axes();
  spec["params"][kTitlesParam]["value"] = std::move(axes.titles);
  spec["params"][kScalesParam]["value"] = std::move(axes.scales);
  Json quantities = metric_keys();
  Json labels = metric_titles();
  for (const std::string& key : criteria.keys) {
    quantities.push_back(key);
    labels.push_back(key);
    describe(key, values_of(key, rows), spec["params"]);
  }
  for (std::size_t i = 0; i < 2; ++i) {
    const std::size_t objective = std::min(i, criteria.objectives.size() - 1);
    spec["params"][i]["value"] = metrics()[criteria.objectives[objective]].key;
    spec["params"][i]["bind"]["options"] = quantities;
    spec["params"][i]["bind"]["labels"] = labels;
  }
  spec["encoding"]["tooltip"] = tooltip_of(criteria);
  return spec;
}

}  // namespace systol
