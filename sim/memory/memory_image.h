// What the memories outside the chip hold: one byte array per space.
#pragma once

#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>

#include "hw/isa/command.h"

namespace systol {

class MemoryImage {
 public:
  MemoryImage() = default;
  /// Zeros, with the program's segments copied in. Throws InputError where a segment does not fit.
  explicit MemoryImage(const isa::Program& program);

  std::span<std::uint8_t> space(isa::Space space) {
    const Bytes& bytes = spaces_[static_cast<std::size_t>(space)];
    return {bytes.values.get(), bytes.size};
  }
  std::span<const std::uint8_t> space(isa::Space space) const {
    const Bytes& bytes = spaces_[static_cast<std::size_t>(space)];
    return {bytes.values.get(), bytes.size};
  }

 private:
  struct Free {
    void operator()(std::uint8_t* bytes) const { std::free(bytes); }
  };
  /// Zeros that the system hands out as they are touched: not all runs move data.
  struct Bytes {
    std::unique_ptr<std::uint8_t[], Free> values;
    std::size_t size = 0;
  };

  std::array<Bytes, isa::kSpaces> spaces_;
};

}  // namespace systol
