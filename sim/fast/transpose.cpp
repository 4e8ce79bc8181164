#include "sim/fast/transpose.h"

#include <array>
#include <bit>
#include <cstring>

namespace systol {
namespace {

static_assert(std::endian::native == std::endian::little);
constexpr std::size_t kSide = 8;  ///< of a block, whose rows are words

using Block = std::array<std::uint64_t, kSide>;

/// Exchanges the two corners off the diagonal, of `Half` x `Half` bytes, of each square.
template <std::size_t Half>
void exchange(Block& block, std::uint64_t low) {
  for (std::size_t row = 0; row < kSide; ++row) {
    if ((row & Half) == 0) {
      const std::uint64_t changed = ((block[row] >> (8 * Half)) ^ block[row + Half]) & low;
      block[row + Half] ^= changed;
      block[row] ^= changed << (8 * Half);
    }
  }
}

void transpose_block(const std::int8_t* from, std::size_t stride, std::int8_t* to,
                     std::size_t to_stride) {
  Block block{};
  for (std::size_t row = 0; row < kSide; ++row) {
    std::memcpy(&block[row], from + row * stride, kSide);
  }
  exchange<4>(block, 0x00000000ffffffffU);
  exchange<2>(block, 0x0000ffff0000ffffU);
  exchange<1>(block, 0x00ff00ff00ff00ffU);
  for (std::size_t row = 0; row < kSide; ++row) {
    std::memcpy(to + row * to_stride, &block[row], kSide);
  }
}

}  // namespace

void transpose(const MatrixView& from, std::int8_t* to) {
  const std::size_t rows = from.rows / kSide * kSide;
  const std::size_t columns = from.columns / kSide * kSide;
  for (std::size_t column = 0; column < columns; column += kSide) {
    for (std::size_t row = 0; row < rows; row += kSide) {
      transpose_block(from.values + row * from.stride + column, from.stride,
                      to + column * from.rows + row, from.rows);
    }
  }
  for (std::size_t row = 0; row < from.rows; ++row) {  // the blocks' rest
    for (std::size_t column = row < rows ? columns : 0; column < from.columns; ++column) {
      to[column * from.rows + row] = from.values[row * from.stride + column];
    }
  }
}

}  // namespace systol
