#include "sim/fast/unpack_weights.h"

#include <algorithm>
#include <array>

namespace systol {
namespace {

constexpr std::size_t kBytes = 256;

/// The weights of a byte, for each byte.
template <std::size_t kBits>
struct Unpacked {
  std::array<std::array<std::int8_t, 8 / kBits>, kBytes> of_byte{};

  constexpr Unpacked() {
    constexpr int kValues = 1 << kBits;
    for (std::size_t byte = 0; byte < kBytes; ++byte) {
      for (std::size_t i = 0; i < 8 / kBits; ++i) {
        const int field = static_cast<int>(byte >> (i * kBits)) % kValues;
        const int value = kBits == 1 ? 1 - 2 * field : field - (field < kValues / 2 ? 0 : kValues);
        of_byte[byte][i] = static_cast<std::int8_t>(value);
      }
    }
  }
};

template <std::size_t kBits>
void unpack(const std::uint8_t* packed, std::int8_t* weights, std::size_t count) {
  static constexpr Unpacked<kBits> kTable;
  constexpr std::size_t kEach = 8 / kBits;
  for (std::size_t first = 0; first < count; first += kEach) {
    std::copy_n(kTable.of_byte[packed[first / kEach]].begin(), std::min(kEach, count - first),
                weights + first);
  }
}

}  // namespace

void unpack_weights(const std::uint8_t* packed, std::int8_t* weights, std::size_t count,
                    std::uint32_t bits) {
  switch (bits) {
    case 1:
      unpack<1>(packed, weights, count);
      break;
    case 2:
      unpack<2>(packed, weights, count);
      break;
    default:
      unpack<4>(packed, weights, count);
      break;
  }
}

}  // namespace systol
