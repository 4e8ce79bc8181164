// Which token follows, by what a network says of each.
#pragma once

#include <cstddef>
#include <span>

#include "host/import/synthetic.h"

namespace systol {

/// A token drawn by the softmax of scores / temperature; at 0 the first of the largest, and nothing
/// is drawn.
std::size_t choose_token(std::span<const float> scores, double temperature, SplitMix64& random);

}  // namespace systol
