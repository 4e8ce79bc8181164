#include "host/training_page/training_charts.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kLines = R"({
  "width": "container",
  "height": 260,
  "layer": [{
    "mark": {"type": "line", "strokeWidth": 2},
    "encoding": {
      "x": {"type": "quantitative", "scale": {"nice": false, "zero": false}},
      "y": {"type": "quantitative", "scale": {"zero": false}},
      "color": {"type": "nominal"}
    }
  }]
})";

constexpr const char* kEnds = R"({
  "mark": {"type": "point", "shape": "cross", "filled": true, "size": 140, "angle": 45},
  "encoding": {
    "tooltip": [{"field": "run"}, {"field": "why", "title": "diverged"}]
  }
})";

/// Colours that differ for colour-blind readers, too (Okabe and Ito).
Json colours() {
  return {"#0b5cad", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#1b2530"};
}

}  // namespace

Json rate_lines(const RateLines& lines) {
  Json spec = Json::parse(kLines);
  Json& layer = spec["layer"][0];
  layer["data"]["name"] = lines.data;
  Json& encoding = layer["encoding"];
  encoding["x"]["field"] = lines.x;
  encoding["x"]["axis"] = {{"title", lines.x_title}, {"grid", false}};
  encoding["y"]["field"] = lines.y;
  encoding["y"]["axis"] = {{"title", lines.y_title}, {"format", lines.format}};
  encoding["color"]["field"] = lines.series;
  encoding["color"]["title"] = lines.series_title;
  encoding["color"]["scale"] = {{"domain", lines.rates}, {"range", colours()}};
  if (lines.logarithmic) {
    encoding["y"]["scale"] = {{"type", "log"}};
  }
  if (lines.highest) {
    layer["mark"]["clip"] = true;
    encoding["y"]["scale"]["domainMax"] = *lines.highest;
  }
  encoding["tooltip"] =
      Json::array({Json{{"field", lines.series}, {"title", lines.series_title}},
                   Json{{"field", lines.x}, {"title", lines.x_title}},
                   Json{{"field", lines.y}, {"title", lines.y_title}, {"format", lines.format}}});
  if (!lines.at.empty()) {
    layer["mark"]["point"] = true;
    encoding["x"]["axis"]["values"] = lines.at;
    encoding["x"]["axis"]["labelOverlap"] = true;
    encoding["x"]["axis"]["format"] = "d";
  }
  if (lines.dashes) {
    encoding["strokeDash"] = {{"field", "samples"},
                              {"type", "nominal"},
                              {"title", "samples"},
                              {"legend", {{"symbolType", "stroke"}}}};
  }
  if (!lines.ends.empty()) {
    Json ends = Json::parse(kEnds);
    ends["data"]["name"] = lines.ends;
    for (const char* channel : {"x", "y", "color"}) {
      ends["encoding"][channel] = encoding[channel];
    }
    spec["layer"].push_back(ends);
  }
  return spec;
}

}  // namespace systol
