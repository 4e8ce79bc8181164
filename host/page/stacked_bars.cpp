#include "host/page/stacked_bars.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

/// More names do not fit below their bars.
constexpr std::size_t kMostLevelNames = 6;

constexpr const char* kStackedBarsSpec = R"({
  "width": "container",
  "height": 300,
  "params": [{
    "name": "show", "value": "values",
    "bind": {"input": "radio", "options": ["values", "shares of each bar"], "name": "Show "}
  }],
  "transform": [
    {"as": ["part", "value"]},
    {"joinaggregate": [{"op": "sum", "field": "value", "as": "whole"}]},
    {"calculate": "datum.whole ? datum.value / datum.whole : 0", "as": "share"},
    {"calculate": "show == 'values' ? datum.value : datum.share", "as": "shown"}
  ],
  "mark": "bar",
  "encoding": {
    "x": {
      "type": "nominal", "sort": null, "scale": {"paddingInner": 0.1},
      "axis": {"title": null, "labelLimit": 110, "labelOverlap": "greedy",
               "ticks": false}
    },
    "y": {"field": "shown", "type": "quantitative"},
    "color": {"field": "part", "type": "nominal"},
    "order": {"field": "rank"}
  }
})";

}  // namespace

PartScale scale_of(const std::vector<BarPart>& parts) {
  PartScale scale{Json::array(), Json::array(), {}};
  for (const BarPart& part : parts) {
    scale.columns.push_back(part.column);
    scale.colours.push_back(part.colour);
  }
  scale.rank = "indexof(" + scale.columns.dump() + ", datum.part)";
  return scale;
}

Json stacked_bars(const StackedBars& bars) {
  const PartScale scale = scale_of(bars.parts);
  Json spec = Json::parse(kStackedBarsSpec);
  spec["data"]["name"] = bars.data;
  spec["transform"][0]["fold"] = scale.columns;
  spec["transform"][1]["groupby"] = Json::array({bars.label});
  spec["transform"].push_back({{"calculate", scale.rank}, {"as", "rank"}});
  Json& encoding = spec["encoding"];
  encoding["x"]["field"] = bars.label;
  encoding["x"]["axis"]["labelAngle"] = bars.bars > kMostLevelNames ? -45 : 0;
  encoding["y"]["axis"] = {{"title", bars.value_title},
                           {"labelExpr", "show == 'values' ? format(datum.value, '" + bars.format +
                                             "') : format(datum.value, '.0%')"}};
  encoding["color"]["title"] = bars.part_title;
  encoding["color"]["scale"] = {{"domain", scale.columns}, {"range", scale.colours}};
  encoding["tooltip"] = {{{"field", bars.label}},
                         {{"field", "part"}, {"title", bars.part_title}},
                         {{"field", "value"}, {"format", ",.3~g"}, {"title", bars.value_title}},
                         {{"field", "share"}, {"format", ".1%"}, {"title", "share"}}};
  return spec;
}

}  // namespace systol
