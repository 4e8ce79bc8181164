// The activation path's arithmetic for a row of accumulators.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "hw/isa/command.h"

namespace systol {

/// The columns' parameters, as wide as the arithmetic: one width vectorises best. They come in
/// blocks that start where vectors may start, since a vector across two cache lines takes two
/// loads.
class ChannelParameters {
 public:
  static constexpr std::size_t kBlock = 128;
  struct alignas(64) Block {
    std::array<std::int64_t, kBlock> bias;
    std::array<std::int64_t, kBlock> multiplier;
    std::array<std::int64_t, kBlock> shift;
    std::array<std::int64_t, kBlock> half;  ///< 2^(shift - 1); 0 for a shift of 0
  };

  explicit ChannelParameters(std::size_t columns) : blocks_((columns + kBlock - 1) / kBlock) {}

  /// A `shift` of up to 63 is allowed.
  void set(std::size_t column, const isa::Channel& channel) {
    Block& block = blocks_[column / kBlock];
    const std::size_t i = column % kBlock;
    block.bias[i] = channel.bias;
    block.multiplier[i] = channel.multiplier;
    block.shift[i] = channel.shift;
    block.half[i] = static_cast<std::int64_t>((std::uint64_t{1} << channel.shift) >> 1);
  }

  const std::vector<Block>& blocks() const { return blocks_; }

 private:
  std::vector<Block> blocks_;
};

/// values[i] = clamp(((saturate32(sums[i] + bias[i]) * multiplier[i] + half[i]) >> shift[i])
///             + zero_point, minimum, maximum), as docs/numerics.md states; the table is not
/// looked up.
void requantise(const ChannelParameters& channels, const isa::Requantisation& range,
                const std::int32_t* sums, std::int8_t* values, std::size_t count);

/// values[i] becomes the clamped sum of it and residual[i], as isa::Addition and docs/numerics.md
/// state; the table is not looked up.
void add_residual(const isa::Addition& addition, const isa::Requantisation& range,
                  const std::int8_t* residual, std::int8_t* values, std::size_t count);

}  // namespace systol
