// The vector unit's arithmetic, a block of values at a time: loops that compilers vectorise.
#pragma once

#include <cstddef>
#include <cstdint>

#include "hw/isa/vector_command.h"
#include "sim/fast/requantise.h"

namespace systol::lanes {

/// wide[i] = (values[i] - zero_point) * multiplier
void widen(const std::int8_t* values, std::int32_t zero_point, std::int32_t multiplier,
           std::int32_t* wide, std::size_t count);
void widen(const std::int16_t* values, std::int32_t zero_point, std::int32_t multiplier,
           std::int32_t* wide, std::size_t count);

/// a[i] becomes what `operation`, which reads both, makes of a[i] and b[i] after they were widened.
void combine(isa::LaneOperation operation, std::int32_t* a, const std::int32_t* b,
             std::size_t count);

/// sums[i] += values[i]
void add(std::int64_t* sums, const std::int32_t* values, std::size_t count);
/// most[i] = max(most[i], values[i])
void keep_larger(std::int32_t* most, const std::int32_t* values, std::size_t count);
/// values[i] = saturate32(sums[i])
void saturate(const std::int64_t* sums, std::int32_t* values, std::size_t count);

/// What a command says about the results of all values.
struct Range {
  std::int32_t zero_point = 0;
  std::int32_t minimum = 0;
  std::int32_t maximum = 0;
};
/// The same multiplier, of 31 bits, and shift, 1 to 62, for all values.
struct Scale {
  std::uint32_t multiplier = 0;
  std::uint8_t shift = 1;
};

/// results[i] = clamp(((values[i] * multiplier + 2^(shift - 1)) >> shift) + zero_point,
///              minimum, maximum)
void requantise(const Scale& scale, const Range& range, const std::int32_t* values,
                std::int16_t* results, std::size_t count);
/// The same with a channel for each value, and its bias: the values are
/// saturate32(sums[i] + bias[i]). At most ChannelParameters::kBlock of them.
void requantise(const ChannelParameters::Block& channels, const Range& range,
                const std::int64_t* sums, std::int16_t* results, std::size_t count);

/// narrow[i] = values[i], which fit.
void narrow(const std::int16_t* values, std::int8_t* narrow, std::size_t count);

}  // namespace systol::lanes
