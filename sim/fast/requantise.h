// The activation path's arithmetic for a row of accumulators.
#pragma once

#include <cstddef>
#include <cstdint>

namespace systol {

struct Requantisation {
  const std::int32_t* bias;
  const std::int32_t* multiplier;  ///< 0 to 2^31 - 1
  const std::uint8_t* shift;       ///< 0 to 63
  std::int8_t zero_point;
  std::int8_t minimum;
  std::int8_t maximum;
};

/// values[i] = clamp(((saturate32(sums[i] + bias[i]) * multiplier[i] + 2^(shift[i]-1)) >> shift[i])
///             + zero_point, minimum, maximum), as docs/numerics.md states.
void requantise(const Requantisation& parameters, const std::int32_t* sums, std::int8_t* values,
                std::size_t count);

}  // namespace systol
