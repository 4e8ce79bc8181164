#include "host/reference/requantise_row.h"

#include <algorithm>
#include <limits>

#include "host/reference/per_processor.h"

namespace systol {
namespace {

// As written here the loop is vectorised, and with std::clamp or 2^(shift - 1) it is not. Half of a
// unit is added where it is 1: (p + 2^(s - 1)) >> s is ((p >> (s - 1)) + 1) >> 1.
SYSTOL_PER_PROCESSOR void requantise(const std::int32_t* __restrict bias,
                                     const std::int32_t* __restrict multiplier,
                                     const std::uint8_t* __restrict shift, ReferenceRange range,
                                     const std::int32_t* __restrict sums,
                                     std::int8_t* __restrict values, std::size_t count) {
  constexpr std::int64_t kLow = std::numeric_limits<std::int32_t>::min();
  constexpr std::int64_t kHigh = std::numeric_limits<std::int32_t>::max();
  const std::int64_t zero_point = range.zero_point;
  const std::int64_t minimum = range.minimum;
  const std::int64_t maximum = range.maximum;
  for (std::size_t n = 0; n < count; ++n) {
    std::int64_t t = std::int64_t{sums[n]} + bias[n];
    t = t < kLow ? kLow : t;
    t = t > kHigh ? kHigh : t;
    const std::int64_t halves = (t * multiplier[n]) >> (shift[n] - 1);
    std::int64_t y = ((halves + 1) >> 1) + zero_point;
    y = y < minimum ? minimum : y;
    y = y > maximum ? maximum : y;
    values[n] = static_cast<std::int8_t>(y);
  }
}

}  // namespace

void requantise_row(const ReferenceChannels& channels, const ReferenceRange& range,
                    const std::int32_t* sums, std::int8_t* values, std::size_t count) {
  requantise(channels.bias, channels.multiplier, channels.shift, range, sums, values, count);
}

}  // namespace systol
