// The activation path's arithmetic for a row of accumulators.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace systol {

/// The columns' parameters, as wide as the arithmetic: one width vectorises best.
struct ChannelParameters {
  explicit ChannelParameters(std::size_t columns)
      : bias(columns), multiplier(columns), shift(columns, 1), half(columns, 1) {}

  /// `new_shift` is 0 to 63, `new_multiplier` 0 to 2^31 - 1.
  void set(std::size_t column, std::int32_t new_bias, std::int32_t new_multiplier,
           unsigned new_shift) {
    bias[column] = new_bias;
    multiplier[column] = new_multiplier;
    shift[column] = new_shift;
    half[column] = static_cast<std::int64_t>((std::uint64_t{1} << new_shift) >> 1);
  }

  std::vector<std::int64_t> bias;
  std::vector<std::int64_t> multiplier;
  std::vector<std::int64_t> shift;
  std::vector<std::int64_t> half;  ///< 2^(shift - 1); 0 for a shift of 0
};

struct OutputRange {
  std::int8_t zero_point;
  std::int8_t minimum;
  std::int8_t maximum;
};

/// values[i] = clamp(((saturate32(sums[i] + bias[i]) * multiplier[i] + half[i]) >> shift[i])
///             + zero_point, minimum, maximum), as docs/numerics.md states.
void requantise(const ChannelParameters& channels, const OutputRange& range,
                const std::int32_t* sums, std::int8_t* values, std::size_t count);

}  // namespace systol
