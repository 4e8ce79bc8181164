// Masks: what is added to scores so that a softmax gives nothing to some of them.
#pragma once

#include <optional>
#include <span>

#include "host/graph/connections.h"
#include "host/graph/graph.h"

namespace systol {

/// The largest value that masks, where the values are a mask: up to it they are at least 32 below
/// all others, of which there is one. Infinite values mask, too.
std::optional<float> masked_up_to(std::span<const float> values);

/// Whether the node adds, and a softmax alone reads the sum: moved, or with more added to it.
bool adds_before_softmax(const Node& node, const Connections& connections);

}  // namespace systol
