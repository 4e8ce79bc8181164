// How many samples calibrate.
#pragma once

#include <cstddef>

#include "host/graph/graph.h"

namespace systol {

/// As many of `rows` samples as the float network can run in some seconds: all of them, or those
/// that keep 2^35 multiplications, but at least 4.
std::size_t calibration_rows(const Graph& graph, std::size_t rows);

}  // namespace systol
