// The layers of a run as data sets.
#pragma once

#include <string>
#include <vector>

#include "host/page/data_set.h"
#include "host/report/report.h"

namespace systol {

/// A table and a chart of points hold so many layers, a chart of bars so many bars.
inline constexpr std::size_t kMostLayers = 10'000;
inline constexpr std::size_t kMostBars = 160;

/// "layers": a row for each of report.nodes, or where they are more than kMostLayers for those with
/// the most cycles, in the order of the network.
DataSet layer_rows(const RunReport& report);

/// Operations (a MAC is two) of a layer.
double operations(const NodeReport& node);
double seconds(const NodeReport& node, const RunReport& report);

/// Layers that a bar stands for: report.nodes from `first` up to `last`.
struct LayerBar {
  std::string label;  ///< "12 fc1", or "12–15 fc1 …"
  std::size_t first = 0;
  std::size_t last = 0;
};

/// A bar per layer, or where there are more than kMostBars of them, one for several in a row.
std::vector<LayerBar> layer_bars(const RunReport& report);

}  // namespace systol
