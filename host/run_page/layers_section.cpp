#include <fmt/format.h>

#include "host/report/numbers.h"
#include "host/run_page/layer_rows.h"
#include "host/run_page/sections.h"

namespace systol {

void add_layers(Page& page, const RunReport& report) {
  PageSection& section = page.section("layers", "Layers");
  if (report.nodes.empty()) {
    section.missing("The network has no layer that the machine runs.");
    return;
  }
  section.paragraph(
      "M rows of K values, multiplied by a K × N matrix. Bound: what most of the layer's cycles go "
      "to. A layer of the vector unit that no multiplication waited for is overlapped and has no "
      "cycles of its own.");
  if (report.nodes.size() > kMostLayers) {
    section.paragraph(fmt::format("Shown are the {} layers with the most cycles, of {}.",
                                  grouped(kMostLayers), grouped(report.nodes.size())));
  }
  page.data(layer_rows(report));
  section.table({"All layers",
                 "layers",
                 {{"name", "layer"},
                  {"index", "#", CellKind::Count},
                  {"operation", "operation"},
                  {"size", "M × K × N"},
                  {"cycles", "cycles", CellKind::Count},
                  {"share", "share", CellKind::Share},
                  {"utilisation", "utilisation", CellKind::Share},
                  {"bound", "bound"},
                  {"memory", "memory", CellKind::DataSize},
                  {"buffer", "buffer", CellKind::DataSize},
                  {"energy", "energy", CellKind::Energy},
                  {"power", "power", CellKind::Power}},
                 true});
}

}  // namespace systol
