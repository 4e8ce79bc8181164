// What the memories outside the chip hold: one byte array per space.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "hw/isa/command.h"

namespace systol {

class MemoryImage {
 public:
  MemoryImage() = default;
  /// Zeros, with the program's segments copied in. Throws InputError where a segment does not fit.
  explicit MemoryImage(const isa::Program& program);

  std::span<std::uint8_t> space(isa::Space space) {
    return spaces_[static_cast<std::size_t>(space)];
  }
  std::span<const std::uint8_t> space(isa::Space space) const {
    return spaces_[static_cast<std::size_t>(space)];
  }

 private:
  std::array<std::vector<std::uint8_t>, isa::kSpaces> spaces_;
};

}  // namespace systol
