#include "sim/fast/normalise.h"

#include <algorithm>
#include <cmath>

#include "sim/base/vectorised.h"

namespace systol {
namespace {

struct Sums {
  std::int64_t values = 0;
  std::int64_t squares = 0;
};

SYSTOL_VECTORISED Sums sums_of(const std::int8_t* values, std::size_t count) {
  std::int32_t sum = 0;  // of at most 32,768 values: both fit
  std::int32_t squares = 0;
  for (std::size_t i = 0; i < count; ++i) {
    sum += values[i];
    squares += values[i] * values[i];
  }
  return {sum, squares};
}

/// clamp(((count * values[i] - sum) * reciprocal + 2^26) >> 27) to 16 bits
SYSTOL_VECTORISED void scale(const std::int8_t* __restrict values, std::int64_t sum,
                             std::int64_t reciprocal, std::int16_t* __restrict normalised,
                             std::size_t count) {
  constexpr unsigned kShift = 27;
  constexpr std::int64_t kHalf = std::int64_t{1} << (kShift - 1);
  const auto n = static_cast<std::int64_t>(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::int64_t value = ((n * values[i] - sum) * reciprocal + kHalf) >> kShift;
    value = value < INT16_MIN ? INT16_MIN : value;
    value = value > INT16_MAX ? INT16_MAX : value;
    normalised[i] = static_cast<std::int16_t>(value);
  }
}

}  // namespace

std::uint64_t square_root(std::uint64_t value) {
  constexpr std::uint64_t kLargest = UINT32_MAX;
  std::uint64_t root =
      std::min(static_cast<std::uint64_t>(std::sqrt(static_cast<double>(value))), kLargest);
  while (root * root > value) {
    --root;
  }
  while (root < kLargest && (root + 1) * (root + 1) <= value) {
    ++root;
  }
  return root;
}

void normalise(std::span<const std::int8_t> values, std::uint64_t epsilon,
               std::span<std::int16_t> normalised) {
  const auto n = static_cast<std::int64_t>(values.size());
  const Sums sums = sums_of(values.data(), values.size());
  const std::uint64_t variance =
      static_cast<std::uint64_t>(n * sums.squares - sums.values * sums.values) + epsilon;
  if (variance == 0) {
    std::ranges::fill(normalised, std::int16_t{0});
    return;
  }
  const std::uint64_t deviation = square_root(variance << 16U);
  const auto reciprocal = static_cast<std::int64_t>((std::uint64_t{1} << 46U) / deviation);
  scale(values.data(), sums.values, reciprocal, normalised.data(), values.size());
}

}  // namespace systol
