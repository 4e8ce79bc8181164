// Random whole numbers.
#pragma once

#include <cstdint>

#include "host/import/synthetic.h"

namespace systol {

/// Evenly from `low` to `high`, both included.
inline std::uint32_t draw(SplitMix64& random, std::uint32_t low, std::uint32_t high) {
  return low + static_cast<std::uint32_t>(random.next() % (std::uint64_t{high} - low + 1));
}

}  // namespace systol
