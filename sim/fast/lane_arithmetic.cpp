#include "sim/fast/lane_arithmetic.h"

#include <limits>

#include "sim/base/vectorised.h"

namespace systol::lanes {
namespace {

constexpr std::int64_t kLowest = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int32_t>::max();

}  // namespace

SYSTOL_VECTORISED void widen(const std::int8_t* __restrict values, std::int32_t zero_point,
                             std::int32_t multiplier, std::int32_t* __restrict wide,
                             std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    wide[i] = (values[i] - zero_point) * multiplier;
  }
}

SYSTOL_VECTORISED void widen(const std::int16_t* __restrict values, std::int32_t zero_point,
                             std::int32_t multiplier, std::int32_t* __restrict wide,
                             std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    wide[i] = (values[i] - zero_point) * multiplier;
  }
}

SYSTOL_VECTORISED void combine(isa::LaneOperation operation, std::int32_t* __restrict a,
                               const std::int32_t* __restrict b, std::size_t count) {
  using enum isa::LaneOperation;
  if (operation == Add) {
    for (std::size_t i = 0; i < count; ++i) {
      a[i] += b[i];
    }
  } else if (operation == Multiply) {
    for (std::size_t i = 0; i < count; ++i) {
      a[i] *= b[i];
    }
  } else if (operation == Maximum) {
    for (std::size_t i = 0; i < count; ++i) {
      a[i] = a[i] > b[i] ? a[i] : b[i];
    }
  } else {
    for (std::size_t i = 0; i < count; ++i) {
      a[i] = a[i] < b[i] ? a[i] : b[i];
    }
  }
}

SYSTOL_VECTORISED void add(std::int64_t* __restrict sums, const std::int32_t* __restrict values,
                           std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    sums[i] += values[i];
  }
}

SYSTOL_VECTORISED void keep_larger(std::int32_t* __restrict most,
                                   const std::int32_t* __restrict values, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    most[i] = most[i] > values[i] ? most[i] : values[i];
  }
}

SYSTOL_VECTORISED void saturate(const std::int64_t* __restrict sums,
                                std::int32_t* __restrict values, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    std::int64_t value = sums[i] < kLowest ? kLowest : sums[i];
    value = value > kHighest ? kHighest : value;
    values[i] = static_cast<std::int32_t>(value);
  }
}

/// Not every processor shifts 64 bits arithmetically: with 2^63 on top a product is positive, and
/// what that adds to the result is taken off again.
SYSTOL_VECTORISED void requantise(const Scale& scale, const Range& range,
                                  const std::int32_t* __restrict values,
                                  std::int16_t* __restrict results, std::size_t count) {
  constexpr std::uint64_t kTop = std::uint64_t{1} << 63U;
  const auto multiplier = static_cast<std::int32_t>(scale.multiplier);
  const unsigned shift = scale.shift;
  const std::uint64_t add = kTop + ((std::uint64_t{1} << shift) >> 1U);
  const std::int64_t offset = range.zero_point - static_cast<std::int64_t>(kTop >> shift);
  const std::int64_t minimum = range.minimum;
  const std::int64_t maximum = range.maximum;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t product = std::int64_t{values[i]} * std::int64_t{multiplier};
    auto value =
        static_cast<std::int64_t>((static_cast<std::uint64_t>(product) + add) >> shift) + offset;
    value = value < minimum ? minimum : value;
    value = value > maximum ? maximum : value;
    results[i] = static_cast<std::int16_t>(value);
  }
}

SYSTOL_VECTORISED void requantise(const ChannelParameters::Block& __restrict channels,
                                  const Range& range, const std::int64_t* __restrict sums,
                                  std::int16_t* __restrict results, std::size_t count) {
  const std::int64_t zero_point = range.zero_point;
  const std::int64_t minimum = range.minimum;
  const std::int64_t maximum = range.maximum;
  for (std::size_t i = 0; i < count; ++i) {
    std::int64_t value = sums[i] + channels.bias[i];
    value = value < kLowest ? kLowest : value;
    value = value > kHighest ? kHighest : value;
    value = ((value * channels.multiplier[i] + channels.half[i]) >> channels.shift[i]) + zero_point;
    value = value < minimum ? minimum : value;
    value = value > maximum ? maximum : value;
    results[i] = static_cast<std::int16_t>(value);
  }
}

SYSTOL_VECTORISED void narrow(const std::int16_t* __restrict values, std::int8_t* __restrict narrow,
                              std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    narrow[i] = static_cast<std::int8_t>(values[i]);
  }
}

}  // namespace systol::lanes
