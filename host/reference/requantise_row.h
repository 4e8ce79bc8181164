// The reference's requantisation of a row of sums, written from docs/numerics.md.
#pragma once

#include <cstddef>
#include <cstdint>

namespace systol {

/// One of each per channel.
struct ReferenceChannels {
  const std::int32_t* bias = nullptr;
  const std::int32_t* multiplier = nullptr;  ///< 0 to 2^31 - 1
  const std::uint8_t* shift = nullptr;       ///< 1 to 62
};

struct ReferenceRange {
  std::int8_t zero_point = 0;
  std::int8_t minimum = -128;
  std::int8_t maximum = 127;
};

/// values[n] = clamp(((saturate32(sums[n] + bias[n]) * multiplier[n] + 2^(shift[n] - 1))
///             >> shift[n]) + zero_point, minimum, maximum) for n below `count`.
void requantise_row(const ReferenceChannels& channels, const ReferenceRange& range,
                    const std::int32_t* sums, std::int8_t* values, std::size_t count);

}  // namespace systol
