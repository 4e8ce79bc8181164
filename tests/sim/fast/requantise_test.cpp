#include "sim/fast/requantise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

namespace systol {
namespace {

__extension__ using Wide = __int128;

/// docs/numerics.md, in 128 bits.
std::int8_t expected(std::int32_t sum, std::int32_t bias, std::int32_t multiplier, unsigned shift,
                     const isa::Requantisation& range) {
  const Wide low = std::numeric_limits<std::int32_t>::min();
  const Wide high = std::numeric_limits<std::int32_t>::max();
  const Wide biased = std::clamp(Wide{sum} + bias, low, high);
  const Wide rounded = (biased * multiplier + (Wide{1} << (shift - 1))) >> shift;
  return static_cast<std::int8_t>(
      std::clamp(rounded + range.zero_point, Wide{range.minimum}, Wide{range.maximum}));
}

TEST(Requantise, EqualsTheFormulaOnRandomAndExtremeValues) {
  constexpr std::size_t kCount = 1000;
  std::mt19937_64 random(1);
  ChannelParameters channels(kCount);
  std::vector<std::int32_t> sums(kCount);
  std::vector<std::int32_t> bias(kCount);
  std::vector<std::int32_t> multiplier(kCount);
  std::vector<unsigned> shift(kCount);
  for (std::size_t i = 0; i < kCount; ++i) {
    const bool extreme = i % 5 == 0;
    sums[i] = extreme ? std::numeric_limits<std::int32_t>::min()
                      : static_cast<std::int32_t>(random() >> (32 + random() % 20));
    bias[i] = static_cast<std::int32_t>(random());
    multiplier[i] = extreme ? std::numeric_limits<std::int32_t>::max()
                            : static_cast<std::int32_t>(random() & 0x7fffffffU);
    shift[i] = 1 + static_cast<unsigned>(random() % 62);
    channels.set(i, {bias[i], static_cast<std::uint32_t>(multiplier[i]),
                     static_cast<std::uint8_t>(shift[i])});
  }
  for (const isa::Requantisation range :
       {isa::Requantisation{0, -128, 127, false}, isa::Requantisation{-7, -7, 127, false},
        isa::Requantisation{127, -128, 100, false}}) {
    std::vector<std::int8_t> values(kCount);
    requantise(channels, range, sums.data(), values.data(), kCount);
    for (std::size_t i = 0; i < kCount; ++i) {
      ASSERT_EQ(values[i], expected(sums[i], bias[i], multiplier[i], shift[i], range)) << i;
    }
  }
}

TEST(Requantise, AShiftOfOneRoundsHalvesUpAndOfZeroNothing) {
  ChannelParameters channels(4);
  for (std::size_t i = 0; i < 4; ++i) {
    channels.set(i, {0, 1, static_cast<std::uint8_t>(i < 2 ? 1 : 0)});
  }
  const std::vector<std::int32_t> sums = {5, -5, 5, -5};
  std::vector<std::int8_t> values(4);
  requantise(channels, {}, sums.data(), values.data(), 4);
  EXPECT_EQ(values, (std::vector<std::int8_t>{3, -2, 5, -5}));
}

}  // namespace
}  // namespace systol
