#include "host/training_page/weights_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <unordered_set>

#include "sim/base/text.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

/// A row of panels for each layer, a column for each run, each with axes of its own: the weights of
/// a network of distances have another scale than those of a network of products.
constexpr const char* kPanels = R"({
  "autosize": {"type": "pad"},
  "facet": {
    "row": {"field": "parameter", "type": "nominal", "title": null,
            "header": {"labelAngle": 0, "labelAlign": "left", "labelLimit": 150}},
    "column": {"field": "run", "type": "nominal", "title": null,
               "header": {"labelLimit": 320, "labelFontWeight": "bold"}}
  },
  "spec": {
    "height": 110,
    "layer": [{
      "mark": {"type": "bar", "color": "#9fc3e6"},
      "encoding": {
        "x": {"field": "low", "type": "quantitative", "bin": {"binned": true},
              "axis": {"title": null, "grid": false, "tickCount": 5}},
        "x2": {"field": "high"},
        "y": {"field": "density", "type": "quantitative",
              "axis": {"title": null, "grid": false, "tickCount": 3}},
        "tooltip": [{"field": "low", "format": ".3g"}, {"field": "high", "format": ".3g"},
                    {"field": "count"}]
      }
    }, {
      "transform": [{"fold": ["normal", "Laplace"], "as": ["distribution", "at"]},
                    {"calculate": "(datum.low + datum.high) / 2", "as": "middle"}],
      "mark": {"type": "line", "strokeWidth": 1.5},
      "encoding": {
        "x": {"field": "middle", "type": "quantitative"},
        "y": {"field": "at", "type": "quantitative"},
        "color": {"field": "distribution", "type": "nominal", "title": "of the same deviation",
                  "scale": {"domain": ["normal", "Laplace"], "range": ["#1b2530", "#d55e00"]},
                  "legend": {"orient": "top"}}
      }
    }]
  },
  "resolve": {"scale": {"x": "independent", "y": "independent"}}
})";

double normal(double distance, double deviation) {
  const double z = distance / deviation;
  return std::exp(-z * z / 2) / (deviation * std::sqrt(2 * std::numbers::pi));
}

double laplace(double distance, double deviation) {
  const double scale = deviation / std::numbers::sqrt2;
  return std::exp(-std::fabs(distance) / scale) / (2 * scale);
}

/// One that has a width and a deviation: other curves have no height that could be drawn.
void add_bins(DataSet& data, const std::string& line, const WeightHistogram& histogram) {
  const double width =
      (histogram.high - histogram.low) / static_cast<double>(histogram.counts.size());
  const double all = std::accumulate(
      histogram.counts.begin(), histogram.counts.end(), 0.0,
      [](double sum, std::uint64_t count) { return sum + static_cast<double>(count); });
  if (!(width > 0 && histogram.deviation > 0 && all > 0)) {
    return;
  }
  for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
    const double low = histogram.low + static_cast<double>(i) * width;
    const double middle = low + width / 2 - histogram.mean;
    data.rows.push_back({line, printable(histogram.name), low, low + width, histogram.counts[i],
                         static_cast<double>(histogram.counts[i]) / (all * width),
                         normal(middle, histogram.deviation),
                         laplace(middle, histogram.deviation)});
  }
}

/// What a column has, once each, in its order.
std::vector<std::string> names_of(const DataSet& data, std::size_t column) {
  std::vector<std::string> names;
  std::unordered_set<std::string> seen;
  for (const Json& row : data.rows) {
    const std::string name = row[column];
    if (seen.insert(name).second) {
      names.push_back(name);
    }
  }
  return names;
}

/// As wide as there is room for so many beside each other.
int panel_width(std::size_t runs) {
  constexpr int kRoom = 980;
  constexpr int kAround = 60;  // of each, for its axis
  return std::max(160, kRoom / static_cast<int>(std::min<std::size_t>(runs, 10)) - kAround);
}

}  // namespace

void add_weights(Page& page, const std::vector<ShownRun>& runs, const std::string& series) {
  DataSet bins{
      "weights", {"run", "parameter", "low", "high", "count", "density", "normal", "Laplace"}, {}};
  DataSet moments{"moments", {"run", "parameter", "mean", "deviation", "kurtosis"}, {}};
  std::size_t shown = 0;
  for (const ShownRun& run : runs) {
    shown += run.weights.empty() ? 0 : 1;
    for (const WeightHistogram& histogram : run.weights) {
      add_bins(bins, run.line, histogram);
      moments.rows.push_back({run.line, printable(histogram.name), histogram.mean,
                              histogram.deviation, histogram.excess_kurtosis});
    }
  }
  if (shown == 0) {
    return;
  }
  PageSection& section = page.section("weights", "Weights");
  if (!bins.rows.empty()) {
    Json spec = Json::parse(kPanels);
    spec["data"]["name"] = bins.name;
    spec["facet"]["row"]["sort"] = names_of(bins, 1);
    spec["facet"]["column"]["sort"] = names_of(bins, 0);
    spec["spec"]["width"] = panel_width(shown);
    section.chart({"How the weights of each layer are spread",
                   fmt::format("A histogram for each layer and {}, with the densities of a normal "
                               "distribution and of Laplace's of the same mean and deviation.",
                               series),
                   spec});
  }
  section.table({"Excess kurtosis is 0 of a normal distribution and 3 of Laplace's",
                 moments.name,
                 {{"run", series},
                  {"parameter", "parameter"},
                  {"mean", "mean", CellKind::Number},
                  {"deviation", "deviation", CellKind::Number},
                  {"kurtosis", "excess kurtosis", CellKind::Number}}});
  page.data(std::move(bins));
  page.data(std::move(moments));
}

}  // namespace systol
