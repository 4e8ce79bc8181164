// Rows of packed weights as bytes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace systol {

/// `count` weights of `bits` bits (1, 2 or 4), the first in the lowest bits of the first byte; a
/// weight of one bit is 1 where that is 0, and -1 where it is 1.
void unpack_weights(const std::uint8_t* packed, std::int8_t* weights, std::size_t count,
                    std::uint32_t bits);

}  // namespace systol
