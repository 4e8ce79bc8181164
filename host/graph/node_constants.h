// The constants that a node computes with, while it does.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "host/graph/connections.h"
#include "host/graph/graph.h"
#include "sim/base/spare_floats.h"

namespace systol {

/// Those whose values wait for a reader (Constant::source) are made for each node that reads them,
/// and go with it, so that a network's weights are not all in memory at once.
class NodeConstants {
 public:
  /// With `keep` they stay: the same nodes compute again.
  NodeConstants(const Connections& connections, bool keep)
      : connections_(connections), keep_(keep) {}

  void begin(const Node& node) {
    for (const TensorId input : node.inputs) {
      const Constant* constant = connections_.constant(input);
      if (constant != nullptr && constant->values.empty() && !made_.contains(input)) {
        made_.emplace(input, constant->source());
      }
    }
  }
  void end() {
    if (keep_) {
      return;
    }
    for (auto& [id, values] : made_) {
      SpareFloats::shared().give(std::move(values));
    }
    made_.clear();
  }

  /// Null for what is no constant, or of no node that has begun.
  const float* values(TensorId id) const {
    const Constant* constant = connections_.constant(id);
    if (constant == nullptr) {
      return nullptr;
    }
    const auto found = made_.find(id);
    return found == made_.end() ? constant->values.data() : found->second.data();
  }

 private:
  const Connections& connections_;
  bool keep_;
  std::map<TensorId, std::vector<float>> made_;
};

}  // namespace systol
