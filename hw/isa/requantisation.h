// How sums become int8 values, as commands say it: parameters of a channel, and of a command.
#pragma once

#include <cstddef>
#include <cstdint>

namespace systol::isa {

/// A channel's part: with `x` the sum plus `bias`, saturated to int32,
/// (x * multiplier + 2^(shift - 1)) >> shift. `multiplier` has 31 bits, `shift` is 1 to 62.
struct Channel {
  std::int32_t bias = 0;
  std::uint32_t multiplier = 0;
  std::uint8_t shift = 0;
  bool operator==(const Channel&) const = default;
};

/// A command's part: the zero point is added, the result clamped to [minimum, maximum] and, with
/// `table`, looked up.
struct Requantisation {
  std::int8_t zero_point = 0;
  std::int8_t minimum = -128;
  std::int8_t maximum = 127;
  bool table = false;
  bool operator==(const Requantisation&) const = default;
};

/// Channels lie in memory as nine planes with a byte of each channel: the bias (bytes 0 to 3,
/// least significant first), the multiplier (0 to 3), the shift.
inline constexpr int kChannelPlanes = 9;

/// The byte that `plane` has of a channel.
constexpr std::uint8_t channel_byte(const Channel& channel, std::size_t plane) {
  if (plane == kChannelPlanes - 1) {
    return channel.shift;
  }
  const std::uint32_t word =
      plane < 4 ? static_cast<std::uint32_t>(channel.bias) : channel.multiplier;
  return static_cast<std::uint8_t>(word >> (8 * (plane % 4)));
}

/// Channel `i` of the `count` whose planes begin at `planes`. Bits that it does not have are left
/// out.
inline Channel read_channel(const std::uint8_t* planes, std::size_t count, std::size_t i) {
  const auto word = [&](std::size_t plane) {
    std::uint32_t value = 0;
    for (std::size_t byte = 0; byte < 4; ++byte) {
      value |= std::uint32_t{planes[(plane + byte) * count + i]} << (8 * byte);
    }
    return value;
  };
  return {static_cast<std::int32_t>(word(0)), word(4) & 0x7fffffffU,
          static_cast<std::uint8_t>(planes[(kChannelPlanes - 1) * count + i] & 63U)};
}

/// Writes channel `i` of the `count` whose planes begin at `planes`.
inline void write_channel(const Channel& channel, std::uint8_t* planes, std::size_t count,
                          std::size_t i) {
  for (std::size_t plane = 0; plane < kChannelPlanes; ++plane) {
    planes[plane * count + i] = channel_byte(channel, plane);
  }
}

}  // namespace systol::isa
