#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/report/bound.h"
#include "host/report/numbers.h"
#include "host/run_page/layer_rows.h"
#include "host/run_page/sections.h"
#include "sim/base/text.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kOperationsPerTera = 1e12;

struct Point {
  const NodeReport* node = nullptr;
  double intensity = 0;  ///< operations per byte; infinite without a byte
  double tops = 0;
};

struct Roof {
  const MemoryConfig& memory;
  double peak = 0;       ///< TOPS
  double bandwidth = 0;  ///< bytes per second; infinite without a limit
  std::vector<Point> points;
};

double bytes_of(const Activity& activity, const MemoryConfig& memory) {
  double bytes = 0;
  for (const isa::Space space : memory.holds) {
    bytes += static_cast<double>(activity[memory_read(space)]) +
             static_cast<double>(activity[memory_write(space)]);
  }
  return bytes;
}

std::vector<Point> points_of(const RunReport& report, const MemoryConfig& memory) {
  std::vector<Point> points;
  for (const NodeReport& node : report.nodes) {
    const double time = seconds(node, report);
    if (operations(node) > 0 && time > 0) {
      points.push_back({&node, operations(node) / bytes_of(node.activity, memory),
                        operations(node) / time / kOperationsPerTera});
    }
  }
  return points;
}

/// The intensities that the chart shows: a power of two beyond the points and the roof's edge.
std::pair<double, double> range_of(const Roof& roof) {
  const double edge =
      std::isfinite(roof.bandwidth) ? roof.peak * kOperationsPerTera / roof.bandwidth : 1;
  double least = edge;
  double most = edge;
  for (const Point& point : roof.points) {
    if (std::isfinite(point.intensity)) {
      least = std::min(least, point.intensity);
      most = std::max(most, point.intensity);
    }
  }
  return {std::exp2(std::floor(std::log2(least)) - 1), std::exp2(std::ceil(std::log2(most)) + 1)};
}

/// The throughput at the lower edge of the chart.
double lowest_of(const Roof& roof) {
  double lowest = roof.peak;
  for (const Point& point : roof.points) {
    lowest = std::min(lowest, point.tops);
  }
  return lowest / 2;
}

DataSet roof_rows(const Roof& roof, const std::string& name) {
  const double most = range_of(roof).second;
  // The slope begins where it enters the chart.
  const double least =
      std::max(range_of(roof).first, lowest_of(roof) * kOperationsPerTera / roof.bandwidth);
  DataSet data{name, {"intensity", "tops"}, {}};
  const auto height = [&](double intensity) {
    return std::min(roof.peak, intensity * roof.bandwidth / kOperationsPerTera);
  };
  data.rows.push_back({least, height(least)});
  if (std::isfinite(roof.bandwidth)) {
    data.rows.push_back({roof.peak * kOperationsPerTera / roof.bandwidth, roof.peak});
  }
  data.rows.push_back({most, height(most)});
  return data;
}

DataSet point_rows(const Roof& roof, const RunReport& report, const std::string& name) {
  const double most = range_of(roof).second;
  const auto cycles = static_cast<double>(report.cycles.count());
  DataSet data{name, {"layer", "intensity", "tops", "bound", "share", "moves"}, {}};
  for (const Point& point : roof.points) {
    const bool moves = std::isfinite(point.intensity);
    data.rows.push_back({printable(point.node->name), moves ? point.intensity : most, point.tops,
                         bound_of(*point.node),
                         static_cast<double>(point.node->ledger.total().count()) / cycles,
                         moves ? "yes" : "no"});
  }
  return data;
}

constexpr const char* kRooflineSpec = R"({
  "width": "container",
  "height": 340,
  "encoding": {
    "x": {"field": "intensity", "type": "quantitative", "scale": {"type": "log", "nice": false},
          "axis": {"title": "operations per byte", "format": "~s", "tickCount": 8}},
    "y": {"field": "tops", "type": "quantitative", "scale": {"type": "log"},
          "axis": {"title": "TOPS", "format": "~g", "tickCount": 6}}
  },
  "layer": [
    {"mark": {"type": "line", "color": "#1b2530", "strokeWidth": 2}},
    {
      "mark": {"type": "point", "filled": true, "opacity": 0.75, "stroke": "#ffffff"},
      "encoding": {
        "color": {
          "field": "bound", "type": "nominal", "title": "bound",
          "scale": {"range": ["#0b5cad", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00",
                              "#7b61a8", "#6b7681"]}
        },
        "shape": {
          "field": "moves", "type": "nominal", "legend": null,
          "scale": {"domain": ["yes", "no"], "range": ["circle", "triangle-right"]}
        },
        "size": {"field": "share", "type": "quantitative", "legend": null,
                 "scale": {"range": [25, 500]}},
        "tooltip": [
          {"field": "layer"},
          {"field": "intensity", "title": "operations per byte", "format": ".3~g"},
          {"field": "tops", "title": "TOPS", "format": ".3~g"},
          {"field": "share", "title": "of all cycles", "format": ".1%"},
          {"field": "bound"},
          {"field": "moves", "title": "uses this memory"}
        ]
      }
    }
  ]
})";

Json roofline_spec(const Roof& roof, const std::string& lines, const std::string& points) {
  const auto [least, most] = range_of(roof);
  Json spec = Json::parse(kRooflineSpec);
  spec["usermeta"]["renderer"] = roof.points.size() > kMostShapes ? "canvas" : "svg";
  spec["encoding"]["x"]["scale"]["domain"] = Json::array({least, most});
  spec["encoding"]["y"]["scale"]["domain"] = Json::array({lowest_of(roof), 1.5 * roof.peak});
  spec["layer"][0]["data"]["name"] = lines;
  spec["layer"][1]["data"]["name"] = points;
  return spec;
}

std::string bandwidth_of(const MemoryConfig& memory) {
  const auto bandwidth = memory.peak_bandwidth();
  return bandwidth ? data_size(bandwidth->count()) + "/s" : "without a limit";
}

void add_chart(Page& page, PageSection& section, const RunReport& report, std::size_t memory) {
  const MemoryConfig& config = report.array.memories[memory];
  const auto bandwidth = config.peak_bandwidth();
  const Roof roof{config, report.peak_tops(),
                  bandwidth ? static_cast<double>(bandwidth->count()) : HUGE_VAL,
                  points_of(report, config)};
  const std::string lines = fmt::format("roof-{}", memory);
  const std::string points = fmt::format("points-{}", memory);
  page.data(roof_rows(roof, lines));
  page.data(point_rows(roof, report, points));
  const std::string caption =
      fmt::format("{}: {}, {} layers", config.name, bandwidth_of(config), roof.points.size());
  section.chart({caption,
                 "Points under a roof: each layer's throughput by its operations per byte. The "
                 "roof is the memory's bandwidth, then the array's peak.",
                 roofline_spec(roof, lines, points)});
}

}  // namespace

void add_roofline(Page& page, const RunReport& report) {
  PageSection& section = page.section("roofline", "Roofline");
  const bool any = std::ranges::any_of(report.nodes, [&](const NodeReport& node) {
    return operations(node) > 0 && node.ledger.total().count() > 0;
  });
  if (!any) {
    section.missing("No layer multiplies matrices, so none has a throughput.");
    return;
  }
  section.paragraph(
      "A layer under the slope is limited by the memory, one under the flat part by the array; how "
      "far below says what else it waits for. A larger point has more of the cycles; a triangle at "
      "the "
      "right edge moves nothing through this memory. Layers without matrix multiplication have no "
      "point.");
  for (std::size_t i = 0; i < report.array.memories.size(); ++i) {
    add_chart(page, section, report, i);
  }
}

}  // namespace systol
