#include "host/import/limits.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/error.h"

namespace systol {

bool is_one_line(std::string_view name) {
  return std::ranges::none_of(name, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

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
