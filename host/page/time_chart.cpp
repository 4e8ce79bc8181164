#include "host/page/time_chart.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kAreas = R"({
  "width": "container",
  "height": 180,
  "layer": [{
    "transform": [{"as": ["part", "value"]}],
    "mark": {"type": "area", "interpolate": "step-after"},
    "encoding": {
      "x": {"type": "quantitative", "scale": {"nice": false, "zero": false}},
      "y": {"field": "value", "type": "quantitative", "stack": true},
      "color": {"field": "part", "type": "nominal", "title": null},
      "order": {"field": "rank"}
    }
  }]
})";

constexpr const char* kLimit = R"({
  "mark": {"type": "rule", "color": "#1b2530", "strokeDash": [5, 4]},
  "encoding": {"y": {}}
})";

constexpr const char* kHeatMap = R"({
  "width": "container",
  "usermeta": {"renderer": "canvas"},
  "mark": "rect",
  "encoding": {
    "x": {"type": "quantitative", "scale": {"nice": false, "zero": false}},
    "x2": {},
    "y": {"type": "nominal", "title": null, "scale": {"paddingInner": 0.12}},
    "color": {
      "type": "quantitative", "title": "busy",
      "scale": {"domain": [0, 1], "range": ["#eef3f8", "#0b5cad"]}, "legend": {"format": ".0%"}
    }
  }
})";

constexpr std::size_t kRowHeight = 26;  ///< pixels

}  // namespace

Json time_chart(const TimeChart& chart) {
  const PartScale scale = scale_of(chart.parts);
  Json spec = Json::parse(kAreas);
  spec["data"]["name"] = chart.data;
  Json& areas = spec["layer"][0];
  areas["transform"][0]["fold"] = scale.columns;
  areas["transform"].push_back({{"calculate", scale.rank}, {"as", "rank"}});
  Json& encoding = areas["encoding"];
  encoding["x"]["field"] = chart.time;
  encoding["x"]["axis"] = {{"title", chart.time_title}, {"format", "~s"}, {"grid", false}};
  encoding["y"]["axis"] = {
      {"title", chart.value_title}, {"format", chart.format}, {"tickCount", 5}};
  encoding["color"]["scale"] = {{"domain", scale.columns}, {"range", scale.colours}};
  if (chart.parts.size() == 1) {
    encoding["color"]["legend"] = nullptr;
  }
  if (chart.limit) {
    Json limit = Json::parse(kLimit);
    limit["encoding"]["y"]["datum"] = *chart.limit;
    limit["encoding"]["tooltip"]["value"] = chart.limit_title;
    spec["layer"].push_back(limit);
  }
  return spec;
}

Json time_heat_map(const TimeHeatMap& map) {
  Json spec = Json::parse(kHeatMap);
  spec["data"]["name"] = map.data;
  Json& encoding = spec["encoding"];
  encoding["x"]["field"] = map.from;
  encoding["x"]["axis"] = {{"title", map.time_title}, {"format", "~s"}, {"grid", false}};
  encoding["x2"]["field"] = map.to;
  encoding["y"]["field"] = map.row;
  encoding["y"]["scale"]["domain"] = map.rows;
  spec["height"] = kRowHeight * map.rows.size();
  encoding["color"]["field"] = map.share;
  Json row;
  row["field"] = map.row;
  Json from = {{"field", map.from}, {"format", ",.0f"}};
  Json to = {{"field", map.to}, {"format", ",.0f"}};
  Json share = {{"field", map.share}, {"format", ".1%"}};
  encoding["tooltip"] = Json::array({row, from, to, share});
  return spec;
}

}  // namespace systol
