#include "host/reference/requantise_row.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace systol {
namespace {

/// By the formula of docs/numerics.md in a type that holds every value of it exactly.
std::int8_t by_definition(std::int32_t sum, std::int32_t bias, std::int32_t multiplier,
                          std::uint8_t shift, const ReferenceRange& range) {
  const long double low = std::numeric_limits<std::int32_t>::min();
  const long double high = std::numeric_limits<std::int32_t>::max();
  const long double wide = static_cast<long double>(sum) + static_cast<long double>(bias);
  const long double t = std::fmin(std::fmax(wide, low), high);
  const long double scaled =
      std::floor((t * static_cast<long double>(multiplier) + std::ldexp(1.0L, shift - 1)) /
                 std::ldexp(1.0L, shift));
  const long double y = scaled + static_cast<long double>(range.zero_point);
  return static_cast<std::int8_t>(std::fmin(std::fmax(y, static_cast<long double>(range.minimum)),
                                            static_cast<long double>(range.maximum)));
}

TEST(RequantiseRow, IsTheFormulaInEveryColumnOfAnyWidth) {
  std::mt19937_64 random(7);
  for (std::size_t width = 1; width <= 200; ++width) {
    std::vector<std::int32_t> sums(width);
    std::vector<std::int32_t> bias(width);
    std::vector<std::int32_t> multiplier(width);
    std::vector<std::uint8_t> shift(width);
    for (std::size_t n = 0; n < width; ++n) {
      shift[n] = static_cast<std::uint8_t>(1 + random() % 62);
      // Shifted, so that small values are there as well as sums that saturate.
      sums[n] = static_cast<std::int32_t>(random()) >> (random() % 31);
      bias[n] = static_cast<std::int32_t>(random()) >> (random() % 31);
      multiplier[n] = static_cast<std::int32_t>(random() & 0x7fffffffU);
    }
    const ReferenceRange range{static_cast<std::int8_t>(static_cast<int>(width % 256) - 128),
                               static_cast<std::int8_t>(-static_cast<int>(width % 129)),
                               static_cast<std::int8_t>(width % 128)};
    std::vector<std::int8_t> values(width);
    requantise_row({bias.data(), multiplier.data(), shift.data()}, range, sums.data(),
                   values.data(), width);
    for (std::size_t n = 0; n < width; ++n) {
      EXPECT_EQ(values[n], by_definition(sums[n], bias[n], multiplier[n], shift[n], range))
          << "column " << n << " of " << width;
    }
  }
}

}  // namespace
}  // namespace systol
