#include "host/import/limits.h"

#include <fmt/format.h>

#include "sim/base/error.h"

namespace systol {

void check_limits(const Graph& graph, const std::string& place) {
  if (graph.layers.size() > kMaxLayers) {
    throw InputError(fmt::format("{}: {} layers; at most {} are supported", place,
                                 graph.layers.size(), kMaxLayers));
  }
  std::uint64_t weights = 0;
  for (const DenseLayer& layer : graph.layers) {
    weights += std::uint64_t{layer.inputs} * layer.outputs;
    if (weights > kMaxWeights) {
      throw InputError(fmt::format("{}: {} weights up to layer '{}'; at most {} are supported",
                                   place, weights, layer.name, kMaxWeights));
    }
  }
}

}  // namespace systol
