// Names of tensors to come, where many are wanted that are alike.
#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>

#include "host/graph/graph.h"

namespace systol {

/// As Graph::unique_name, in a time that does not depend on the graph's size: it remembers what it
/// saw. Tensors may be added to the graph between two calls, but none renamed.
class FreeNames {
 public:
  explicit FreeNames(const Graph& graph) : graph_(graph) {}

  /// `wanted`, followed by a number where a tensor is called so already.
  std::string name(const std::string& wanted);

 private:
  const Graph& graph_;
  std::size_t seen_ = 0;  ///< so many of the graph's tensors are in `taken_`
  std::unordered_set<std::string> taken_;
  std::unordered_map<std::string, int> numbers_;  ///< the last one that a wanted name was given
};

}  // namespace systol
