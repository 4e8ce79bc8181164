#include "sim/fast/requantise.h"

#include <algorithm>
#include <array>
#include <limits>

#include "sim/base/vectorised.h"

namespace systol {
namespace {

constexpr std::size_t kBlock = ChannelParameters::kBlock;

struct WideRange {
  std::int64_t zero_point;
  std::int64_t minimum;
  std::int64_t maximum;
};

SYSTOL_VECTORISED void requantise_block(const ChannelParameters::Block& __restrict block,
                                        const WideRange& range, const std::int32_t* __restrict sums,
                                        std::int64_t* __restrict wide, std::size_t count) {
  constexpr std::int64_t kLow = std::numeric_limits<std::int32_t>::min();
  constexpr std::int64_t kHigh = std::numeric_limits<std::int32_t>::max();
  const WideRange r = range;
  for (std::size_t i = 0; i < count; ++i) {
    std::int64_t value = sums[i] + block.bias[i];
    value = value < kLow ? kLow : value;
    value = value > kHigh ? kHigh : value;
    value = ((value * block.multiplier[i] + block.half[i]) >> block.shift[i]) + r.zero_point;
    value = value < r.minimum ? r.minimum : value;
    wide[i] = value > r.maximum ? r.maximum : value;
  }
}

SYSTOL_VECTORISED void narrow(const std::int64_t* __restrict wide, std::int8_t* __restrict values,
                              std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    values[i] = static_cast<std::int8_t>(wide[i]);
  }
}

}  // namespace

void requantise(const ChannelParameters& channels, const isa::Requantisation& range,
                const std::int32_t* sums, std::int8_t* values, std::size_t count) {
  alignas(64) std::array<std::int64_t, kBlock> wide;
  const WideRange wide_range{range.zero_point, range.minimum,
                             std::max(range.minimum, range.maximum)};
  for (std::size_t first = 0; first < count; first += kBlock) {
    const std::size_t size = std::min(kBlock, count - first);
    requantise_block(channels.blocks()[first / kBlock], wide_range, sums + first, wide.data(),
                     size);
    narrow(wide.data(), values + first, size);
  }
}

}  // namespace systol
