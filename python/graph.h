// A network as Python sees it.
#pragma once

#include <memory>

#include "host/graph/graph.h"

namespace systol::python {

/// Python never changes it, and a prepared model shares it.
struct SharedGraph {
  std::shared_ptr<const Graph> graph;
};

}  // namespace systol::python
