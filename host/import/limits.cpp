#include "host/import/limits.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/graph/work.h"
#include "sim/base/error.h"

namespace systol {
namespace {

/// A matmul or a convolution.
bool multiplies(const Node& node) {
  return std::holds_alternative<MatMul>(node.operation) ||
         std::holds_alternative<Convolution>(node.operation);
}

void check_depths(const Graph& graph, const std::string& place) {
  for (const Node& node : graph.nodes) {
    if (multiplies(node)) {
      check_depth(depth_of(graph, node), fmt::format("{}: layer '{}'", place, node.name));
    }
  }
}

}  // namespace

void check_depth(std::uint64_t inputs, const std::string& place) {
  if (inputs > kMaxDepth) {
    throw InputError(
        fmt::format("{}: {} inputs; int32 accumulators hold at most {}", place, inputs, kMaxDepth));
  }
}

void check_limits(const Graph& graph, const std::string& place) {
  const auto layers = static_cast<std::size_t>(std::ranges::count_if(graph.nodes, multiplies));
  if (layers > kMaxLayers) {
    throw InputError(
        fmt::format("{}: {} layers; at most {} are supported", place, layers, kMaxLayers));
  }
  check_depths(graph, place);
}

void check_values(const Graph& graph, std::size_t samples) {
  check_depths(graph, graph.place());
  std::uint64_t weights = 0;
  for (const Constant& constant : graph.constants) {
    weights += elements(graph.shape(constant.tensor));
    if (weights > kMaxValues) {
      throw InputError(fmt::format(
          "{}: {} weights up to '{}'; at most {} are held: ask for time and traffic only",
          graph.place(), weights, graph.tensor(constant.tensor).name, kMaxValues));
    }
  }
  const auto check = [&](TensorId id) {
    if (elements(graph.shape(id)) > kMaxValues / samples) {
      throw InputError(fmt::format(
          "{}: {} samples of '{}' have more than {} values: give fewer samples, or ask for time "
          "and traffic only",
          graph.place(), samples, graph.tensor(id).name, kMaxValues));
    }
  };
  std::ranges::for_each(graph.inputs, check);
  for (const Node& node : graph.nodes) {
    check(node.output);
  }
}

}  // namespace systol
