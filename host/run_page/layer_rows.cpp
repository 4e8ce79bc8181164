#include "host/run_page/layer_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "host/report/bound.h"
#include "sim/base/text.h"

namespace systol {
namespace {

using Json = nlohmann::ordered_json;

/// Null where it is not defined.
Json json_quotient(double a, double b) { return b == 0 ? Json(nullptr) : Json(a / b); }

std::string extent_of(const NodeReport& node) {
  return node.k == 0 ? fmt::format("{} × {}", node.m, node.n)
                     : fmt::format("{} × {} × {}", node.m, node.k, node.n);
}

Json row_of(std::size_t index, const RunReport& report) {
  const NodeReport& node = report.nodes[index];
  const auto cycles = static_cast<double>(node.ledger.total().count());
  const double pes = static_cast<double>(report.array.rows) * report.array.columns;
  return {index,
          printable(node.name),
          node.operation,
          extent_of(node),
          node.ledger.total().count(),
          json_quotient(cycles, static_cast<double>(report.cycles.count())),
          json_quotient(static_cast<double>(node.activity[Action::MacsUseful]), pes * cycles),
          bound_of(node),
          memory_bytes(node.activity),
          node.activity[Action::BufferReadBytes] + node.activity[Action::BufferWriteBytes],
          node.energy.total.count(),
          json_quotient(node.energy.total.count() / kPicojoulesPerJoule, seconds(node, report))};
}

/// Indices of the layers that are shown, in order.
std::vector<std::size_t> shown_layers(const RunReport& report) {
  std::vector<std::size_t> layers(report.nodes.size());
  std::iota(layers.begin(), layers.end(), std::size_t{0});
  if (layers.size() > kMostLayers) {
    std::stable_sort(layers.begin(), layers.end(), [&](std::size_t a, std::size_t b) {
      return report.nodes[a].ledger.total() > report.nodes[b].ledger.total();
    });
    layers.resize(kMostLayers);
    std::sort(layers.begin(), layers.end());
  }
  return layers;
}

}  // namespace

DataSet layer_rows(const RunReport& report) {
  DataSet data{"layers",
               {"index", "name", "operation", "size", "cycles", "share", "utilisation", "bound",
                "memory", "buffer", "energy", "power"},
               {}};
  for (const std::size_t index : shown_layers(report)) {
    data.rows.push_back(row_of(index, report));
  }
  return data;
}

double operations(const NodeReport& node) {
  return 2 * static_cast<double>(node.activity[Action::MacsUseful]);
}

double seconds(const NodeReport& node, const RunReport& report) {
  return static_cast<double>(node.ledger.total().count()) /
         static_cast<double>(report.array.clock.count());
}

std::vector<LayerBar> layer_bars(const RunReport& report) {
  const std::size_t layers = report.nodes.size();
  const std::size_t together = std::max<std::size_t>(1, (layers + kMostBars - 1) / kMostBars);
  std::vector<LayerBar> bars;
  for (std::size_t first = 0; first < layers; first += together) {
    const std::size_t last = std::min(layers, first + together);
    const std::string name = printable(report.nodes[first].name);
    bars.push_back({last - first == 1 ? fmt::format("{} {}", first, name)
                                      : fmt::format("{}–{} {} …", first, last - 1, name),
                    first, last});
  }
  return bars;
}

}  // namespace systol
