// Workloads of a few layers, as the text of their graphs.
#pragma once

#include <string>

#include "host/graph/text.h"
#include "host/import/workload.h"
#include "tests/host/graph/small_graphs.h"

namespace systol::test {

/// The file of these layers, of two blanks and a line each, which start on line 4; `top` stands on
/// line 3.
inline std::string workload_text(const std::string& shape, const std::string& layers,
                                 const std::string& top = "seed: 1") {
  return "name: w\ninput: {shape: " + shape + "}\n" + top + "\nlayers:\n" + layers;
}

inline Graph workload_of(const std::string& shape, const std::string& layers,
                         const std::string& top = "seed: 1") {
  return parse_workload(workload_text(shape, layers, top), "w.yaml");
}

/// The graph's lines that begin with "node ", without that word, and its outputs.
inline std::string nodes_of(const Graph& graph) {
  std::string nodes;
  const std::string text = to_text(graph);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    if (text.compare(at, 5, "node ") == 0) {
      nodes += text.substr(at + 5, end - at - 4);
    }
    at = end + 1;
  }
  return nodes;
}

inline std::string nodes_of(const std::string& shape, const std::string& layers) {
  return nodes_of(workload_of(shape, layers));
}

inline std::string workload_error(const std::string& shape, const std::string& layers,
                                  const std::string& top = "seed: 1") {
  return input_error_of([&] { workload_of(shape, layers, top); });
}

inline Shape output_shape(const Graph& graph) { return graph.shape(graph.outputs[0]); }

inline Shape shape_after(const std::string& shape, const std::string& layers) {
  return output_shape(workload_of(shape, layers));
}

}  // namespace systol::test
