// The activation path's arithmetic for a row of accumulators.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

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

  /// `bias` is an int32, `multiplier` 0 to 2^31 - 1, `shift` 0 to 63.
  void set(std::size_t column, std::int32_t bias, std::int32_t multiplier, unsigned shift) {
    Block& block = blocks_[column / kBlock];
    const std::size_t i = column % kBlock;
    block.bias[i] = bias;
    block.multiplier[i] = multiplier;
    block.shift[i] = shift;
    block.half[i] = static_cast<std::int64_t>((std::uint64_t{1} << shift) >> 1);
  }

  const std::vector<Block>& blocks() const { return blocks_; }

 private:
  std::vector<Block> blocks_;
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
