// One value of a scale as one of another, written from docs/numerics.md.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "host/graph/quant_graph.h"
#include "host/reference/requantise_row.h"

namespace systol {

/// clamp(((saturate32(t) * multiplier + 2^(shift - 1)) >> shift) + zero_point, minimum, maximum)
inline std::int8_t rescaled(std::int64_t t, const Rescale& rescale, const ReferenceRange& range) {
  const std::int64_t saturated = std::clamp<std::int64_t>(
      t, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max());
  const std::int64_t half = std::int64_t{1} << (rescale.shift - 1);
  const std::int64_t whole = (saturated * rescale.multiplier + half) >> rescale.shift;
  return static_cast<std::int8_t>(
      std::clamp<std::int64_t>(whole + range.zero_point, range.minimum, range.maximum));
}

}  // namespace systol
