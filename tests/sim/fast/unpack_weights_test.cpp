#include "sim/fast/unpack_weights.h"

#include <gtest/gtest.h>

#include <vector>

namespace systol {
namespace {

/// Every byte, and each count of weights that ends within one.
TEST(UnpackWeights, GivesTheBitsFromTheLowestOn) {
  for (const std::uint32_t bits : {1U, 2U, 4U}) {
    for (int byte = 0; byte < 256; ++byte) {
      const std::vector<std::uint8_t> packed = {static_cast<std::uint8_t>(byte), 0x5a};
      for (std::size_t count = 1; count <= 16 / bits; ++count) {
        std::vector<std::int8_t> weights(count + 1, 99);
        unpack_weights(packed.data(), weights.data(), count, bits);
        int left = byte + 0x5a * 256;
        for (std::size_t i = 0; i < count; ++i) {
          const int field = left % (1 << bits);
          left /= 1 << bits;
          const bool high = field >= 1 << (bits - 1);
          const int expected = bits == 1 ? (high ? -1 : 1) : field - (high ? 1 << bits : 0);
          ASSERT_EQ(weights[i], expected) << bits << " bits of " << byte << ", weight " << i;
        }
        ASSERT_EQ(weights[count], 99);
      }
    }
  }
}

}  // namespace
}  // namespace systol
