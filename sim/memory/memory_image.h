// What the memories outside the chip hold: one byte array per space.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "hw/isa/command.h"
#include "sim/base/zeroed_array.h"

namespace systol {

class MemoryImage {
 public:
  MemoryImage() = default;
  /// Zeros, which take no memory until they are used, with the program's segments copied in. Throws
  /// InputError where a segment does not fit.
  explicit MemoryImage(const isa::Program& program);

  std::span<std::uint8_t> space(isa::Space space) {
    return spaces_[static_cast<std::size_t>(space)].bytes();
  }
  std::span<const std::uint8_t> space(isa::Space space) const {
    return spaces_[static_cast<std::size_t>(space)].bytes();
  }

 private:
  struct Bytes {
    std::size_t size = 0;
    std::unique_ptr<ZeroedArray<std::uint8_t>> zeroed;
    std::span<std::uint8_t> bytes() const { return {zeroed ? zeroed->data() : nullptr, size}; }
  };
  std::array<Bytes, isa::kSpaces> spaces_;
};

}  // namespace systol
