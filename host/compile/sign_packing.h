// How a row of signs lies in bytes on an array whose PEs multiply signs.
#pragma once

#include <cstdint>

#include "hw/isa/pe_type.h"

namespace systol {

/// As the activation path writes it: eight signs to a byte, and the signs of each tile of the
/// array's columns begin with a byte of their own. Where columns are a multiple of eight, only the
/// row's last byte may have bits left.
struct SignPacking {
  std::uint64_t columns = 0;  ///< of the array

  std::uint64_t bytes(std::uint64_t signs) const {
    return signs / columns * sign_bytes(columns) + sign_bytes(signs % columns);
  }
  std::uint64_t byte_of(std::uint64_t sign) const {
    return sign / columns * sign_bytes(columns) + sign % columns / isa::kSignsInByte;
  }
  /// The sign that the first bit of a row's byte is.
  std::uint64_t first_of(std::uint64_t byte) const {
    return byte / sign_bytes(columns) * columns + byte % sign_bytes(columns) * isa::kSignsInByte;
  }
  /// How many signs follow `sign`, itself among them, in its byte, of a row of `signs`.
  std::uint64_t left_in_byte(std::uint64_t sign, std::uint64_t signs) const {
    const std::uint64_t of_tile = columns - sign % columns;
    const std::uint64_t of_byte = isa::kSignsInByte - sign % columns % isa::kSignsInByte;
    return least(least(of_tile, of_byte), signs - sign);
  }
  /// Whether rows of so many signs, one after another, lie as one row of all of them does.
  bool whole(std::uint64_t signs) const {
    return signs % columns == 0 ||
           (columns % isa::kSignsInByte == 0 && signs % isa::kSignsInByte == 0);
  }
  /// The signs of `read` in a row that begin with a byte of their own, where rows of `written` were
  /// packed and rows of `read` are read; 0 where a byte would be cut.
  std::uint64_t run(std::uint64_t read, std::uint64_t written) const {
    if (read % written == 0) {
      return written;
    }
    return whole(read) && whole(written) ? read : 0;
  }

 private:
  static constexpr std::uint64_t sign_bytes(std::uint64_t signs) {
    return (signs + isa::kSignsInByte - 1) / isa::kSignsInByte;
  }
  static constexpr std::uint64_t least(std::uint64_t a, std::uint64_t b) { return a < b ? a : b; }
};

/// What packing makes of a tensor: signs that a row has as it was written; 0 where it is not
/// packed.
struct PackedRows {
  std::uint64_t written = 0;

  explicit operator bool() const { return written > 0; }
  /// Bytes of a row of `signs` as a reader sees it.
  std::uint64_t bytes(std::uint64_t signs, const SignPacking& packing) const {
    const std::uint64_t run = packing.run(signs, written);
    return signs / run * packing.bytes(run);
  }
};

}  // namespace systol
