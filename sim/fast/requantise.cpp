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

/// An addition whose numbers are known not to change while it is done.
struct Weights {
  std::int32_t zero_point;
  std::int32_t multiplier;
  std::int32_t residual_zero_point;
  std::int32_t residual_multiplier;
  std::int64_t half;
  std::int64_t shift;
};

SYSTOL_VECTORISED void add_block(const Weights& weights, const WideRange& range,
                                 const std::int8_t* __restrict residual,
                                 const std::int8_t* __restrict values,
                                 std::int64_t* __restrict wide, std::size_t count) {
  const Weights w = weights;
  const WideRange r = range;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int32_t sum = (values[i] - w.zero_point) * w.multiplier +
                             (residual[i] - w.residual_zero_point) * w.residual_multiplier;
    std::int64_t value = ((sum + w.half) >> w.shift) + r.zero_point;
    value = value < r.minimum ? r.minimum : value;
    wide[i] = value > r.maximum ? r.maximum : value;
  }
}

WideRange wide_range_of(const isa::Requantisation& range) {
  return {range.zero_point, range.minimum, std::max(range.minimum, range.maximum)};
}

}  // namespace

void requantise(const ChannelParameters& channels, const isa::Requantisation& range,
                const std::int32_t* sums, std::int8_t* values, std::size_t count) {
  alignas(64) std::array<std::int64_t, kBlock> wide;
  const WideRange wide_range = wide_range_of(range);
  for (std::size_t first = 0; first < count; first += kBlock) {
    const std::size_t size = std::min(kBlock, count - first);
    requantise_block(channels.blocks()[first / kBlock], wide_range, sums + first, wide.data(),
                     size);
    narrow(wide.data(), values + first, size);
  }
}

void add_residual(const isa::Addition& addition, const isa::Requantisation& range,
                  const std::int8_t* residual, std::int8_t* values, std::size_t count) {
  alignas(64) std::array<std::int64_t, kBlock> wide;
  const Weights weights{addition.zero_point,
                        addition.multiplier,
                        addition.residual_zero_point,
                        addition.residual_multiplier,
                        static_cast<std::int64_t>((std::uint64_t{1} << addition.shift) >> 1),
                        addition.shift};
  for (std::size_t first = 0; first < count; first += kBlock) {
    const std::size_t size = std::min(kBlock, count - first);
    add_block(weights, wide_range_of(range), residual + first, values + first, wide.data(), size);
    narrow(wide.data(), values + first, size);
  }
}

}  // namespace systol
