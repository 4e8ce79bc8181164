// A report with values, and a network that it could be of.
#pragma once

#include "host/graph/graph.h"
#include "host/report/report.h"

namespace systol::test {

/// Three samples of four scores, in steps of 0.1.
inline RunReport report_with_scores() {
  RunReport report;
  report.model = "net";
  report.samples = 3;
  OutputValues output;
  output.name = "scores";
  output.shape = {4};
  output.columns = 4;
  output.quantised = {1, 7, -3, 2, 0, 0, 0, 0, -9, -8, -7, -1};
  for (const std::int8_t value : output.quantised) {
    output.values.push_back(0.1F * static_cast<float>(value));
  }
  report.outputs = {output};
  return report;
}

/// Its outputs have these shapes.
inline Graph graph_with_outputs(const std::vector<Shape>& shapes) {
  Graph graph;
  graph.name = "net";
  for (const Shape& shape : shapes) {
    graph.outputs.push_back(graph.add_input(graph.unique_name("scores"), shape));
  }
  return graph;
}

}  // namespace systol::test
