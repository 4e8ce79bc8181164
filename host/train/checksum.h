// CRC-32 of bytes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace systol {

/// Of bytes that follow those that `before` is of.
std::uint32_t checksum(const void* bytes, std::size_t count, std::uint32_t before = 0);

}  // namespace systol
