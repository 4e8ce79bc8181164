#include "sim/fast/requantise.h"

#include <algorithm>
#include <limits>

#include "sim/base/vectorised.h"

namespace systol {

SYSTOL_VECTORISED void requantise(const Requantisation& parameters, const std::int32_t* sums,
                                  std::int8_t* values, std::size_t count) {
  constexpr std::int64_t kLow = std::numeric_limits<std::int32_t>::min();
  constexpr std::int64_t kHigh = std::numeric_limits<std::int32_t>::max();
  const std::int64_t zero_point = parameters.zero_point;
  const std::int64_t minimum = parameters.minimum;
  const std::int64_t maximum = std::max(parameters.minimum, parameters.maximum);
  const std::int32_t* __restrict bias = parameters.bias;
  const std::int32_t* __restrict multiplier = parameters.multiplier;
  const std::uint8_t* __restrict shift = parameters.shift;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t biased = std::clamp(std::int64_t{sums[i]} + bias[i], kLow, kHigh);
    // 2^(shift - 1), and 0 for a shift of 0.
    const std::int64_t half = (std::int64_t{1} << shift[i]) >> 1;
    const std::int64_t rounded = (biased * multiplier[i] + half) >> shift[i];
    values[i] = static_cast<std::int8_t>(std::clamp(rounded + zero_point, minimum, maximum));
  }
}

}  // namespace systol
