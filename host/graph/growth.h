// Tensors whose shape differs from sample to sample, because a state grows.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "host/graph/graph.h"

namespace systol {

/// Before index `at` of its axis a tensor has `each` indices more in every sample than in the one
/// before.
struct Growth {
  std::size_t axis = 0;
  std::int64_t at = 0;
  std::int64_t each = 0;
  bool operator==(const Growth&) const = default;
};

/// By TensorId; nothing for tensors that are the same in every sample. Throws InputError, naming
/// the node, for an operation that does not take a tensor that grows.
std::vector<std::optional<Growth>> growth_of(const Graph& graph);

/// Whether some state grows.
bool grows(const Graph& graph);

/// The graph as sample `number` sees it, with shapes alone: its constants and states have no
/// values.
Graph at_sample(const Graph& graph, std::uint64_t number);

}  // namespace systol
