// Pictures as files have them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host/import/byte_reader.h"

namespace systol {

/// More pixels than a network takes, and few enough to be held: 4096 x 4096.
inline constexpr std::uint64_t kMostPixels = std::uint64_t{1} << 24;

struct Picture {
  std::size_t height = 0;
  std::size_t width = 0;
  std::size_t channels = 1;            ///< 1: grey, 3: red, green, blue
  std::uint32_t white = 255;           ///< the largest value a pixel can have
  std::vector<std::uint16_t> samples;  ///< [height][width][channels]
  bool had_alpha = false;              ///< and is shown on black now
};

/// Throws InputError for a side of 0, and for more than kMostPixels.
void check_picture_size(const ByteReader& reader, std::uint64_t height, std::uint64_t width);

}  // namespace systol
