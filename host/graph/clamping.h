// Functions that cost nothing after operations whose results are clamped anyway.
#pragma once

#include "host/graph/operation.h"

namespace systol {

/// Whether the operation's results are clamped on their way out.
inline bool has_clamp(const Operation& operation) {
  return std::holds_alternative<MatMul>(operation) ||
         std::holds_alternative<Convolution>(operation) ||
         std::holds_alternative<Binary>(operation);
}

/// Whether a clamp whose ends have 0 between them computes the function.
inline bool is_clamp(const Map& map) {
  return map.function == Function::Relu ||
         (map.function == Function::Clip && map.a <= 0.0F && map.b >= 0.0F);
}

}  // namespace systol
