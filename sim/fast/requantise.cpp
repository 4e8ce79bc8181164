#include "sim/fast/requantise.h"

#include <algorithm>
#include <array>
#include <limits>

#include "sim/base/vectorised.h"

namespace systol {
namespace {

constexpr std::size_t kBlock = 128;

struct Block {
  const std::int64_t* __restrict bias;
  const std::int64_t* __restrict multiplier;
  const std::int64_t* __restrict shift;
  const std::int64_t* __restrict half;
  std::int64_t zero_point;
  std::int64_t minimum;
  std::int64_t maximum;
};

SYSTOL_VECTORISED void requantise_block(const Block& block, const std::int32_t* __restrict sums,
                                        std::int64_t* __restrict wide, std::size_t count) {
  constexpr std::int64_t kLow = std::numeric_limits<std::int32_t>::min();
  constexpr std::int64_t kHigh = std::numeric_limits<std::int32_t>::max();
  const Block b = block;
  for (std::size_t i = 0; i < count; ++i) {
    std::int64_t value = sums[i] + b.bias[i];
    value = value < kLow ? kLow : value;
    value = value > kHigh ? kHigh : value;
    value = ((value * b.multiplier[i] + b.half[i]) >> b.shift[i]) + b.zero_point;
    value = value < b.minimum ? b.minimum : value;
    wide[i] = value > b.maximum ? b.maximum : value;
  }
}

SYSTOL_VECTORISED void narrow(const std::int64_t* __restrict wide, std::int8_t* __restrict values,
                              std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    values[i] = static_cast<std::int8_t>(wide[i]);
  }
}

}  // namespace

void requantise(const ChannelParameters& channels, const OutputRange& range,
                const std::int32_t* sums, std::int8_t* values, std::size_t count) {
  std::array<std::int64_t, kBlock> wide;
  for (std::size_t first = 0; first < count; first += kBlock) {
    const Block block{&channels.bias[first],
                      &channels.multiplier[first],
                      &channels.shift[first],
                      &channels.half[first],
                      range.zero_point,
                      range.minimum,
                      std::max(range.minimum, range.maximum)};
    const std::size_t size = std::min(kBlock, count - first);
    requantise_block(block, sums + first, wide.data(), size);
    narrow(wide.data(), values + first, size);
  }
}

}  // namespace systol
