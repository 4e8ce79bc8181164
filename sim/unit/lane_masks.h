// Masks of the first lanes of a port, as a tile's depth and width need them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hw/unit/pins.h"

namespace systol {

/// All masks of a port, made once, so that pins may point at them at any time.
class LaneMasks {
 public:
  explicit LaneMasks(std::uint32_t lanes)
      : bytes_(lane_bytes(lanes, 1)), masks_((std::size_t{lanes} + 1) * bytes_) {
    for (std::size_t count = 1; count <= lanes; ++count) {
      for (std::size_t lane = 0; lane < count; ++lane) {
        masks_[count * bytes_ + lane / 8] |= static_cast<std::uint8_t>(1U << (lane % 8));
      }
    }
  }

  /// Lanes 0 to `count` - 1; null for all.
  Lanes first(std::uint32_t count) const {
    const std::size_t start = count * bytes_;
    return start + bytes_ == masks_.size() ? nullptr : &masks_[start];
  }

 private:
  std::size_t bytes_;
  std::vector<std::uint8_t> masks_;
};

}  // namespace systol
