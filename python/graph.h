// A network as Python sees it.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>

#include "host/graph/graph.h"

namespace systol::python {

/// Python never changes it, and a prepared model shares it.
struct SharedGraph {
  std::shared_ptr<const Graph> graph;
};

/// Of a file or of sizes, without shapes or states that are given.
SharedGraph load_graph(const pybind11::object& model);

}  // namespace systol::python
