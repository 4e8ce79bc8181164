// The constants that a node computes with, while it does.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "host/graph/connections.h"
#include "host/graph/graph.h"
#include "sim/base/spare_floats.h"

namespace systol {

/// Those whose values wait for a reader (Constant::source) are made when a node reads them, and go
/// with it, so that a network's weights are not all in memory at once.
class NodeConstants {
 public:
  /// With `keep` they stay: the same nodes compute again.
  NodeConstants(const Connections& connections, bool keep)
      : connections_(connections), keep_(keep) {}

  /// The node that read them is done.
  void end() {
    if (keep_) {
      return;
    }
    for (auto& [id, values] : made_) {
      SpareFloats::shared().give(std::move(values));
    }
    made_.clear();
  }

  /// Null for what is no constant.
  const float* values(TensorId id) {
    const Constant* constant = connections_.constant(id);
    if (constant == nullptr || !constant->values.empty()) {
      return constant == nullptr ? nullptr : constant->values.data();
    }
    const auto found = made_.find(id);
    return found != made_.end() ? found->second.data()
                                : made_.emplace(id, constant->source()).first->second.data();
  }

  /// Of a constant that is made, and gone with the node: how to make it in parts; or null.
  const ValueParts* parts(TensorId id) const {
    const Constant* constant = connections_.constant(id);
    const bool made = constant != nullptr && constant->values.empty() && !keep_;
    return made && constant->parts ? &constant->parts : nullptr;
  }

 private:
  const Connections& connections_;
  bool keep_;
  std::map<TensorId, std::vector<float>> made_;
};

}  // namespace systol
