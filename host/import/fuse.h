// Operations that exporters write as several.
#pragma once

#include "host/graph/graph.h"

namespace systol {

/// Puts one node in place of the last of those that compute
/// - silu: x * sigmoid(x), and hard_swish: x * hard_sigmoid[1/6, 1/2](x);
/// - gelu: x * (1 + erf(x / sqrt(2))) / 2;
/// - normalise: (x - mean(x)) / sqrt(mean((x - mean(x))^2) + epsilon).
/// The others stay where something else reads them, else `prune` takes them out.
void fuse(Graph& graph);

}  // namespace systol
