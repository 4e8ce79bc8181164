// How large a machine may be, wherever its sizes come from.
#pragma once

#include <cstddef>
#include <cstdint>

namespace systol::isa {

inline constexpr std::uint32_t kLargestSide = 1024;  ///< PE rows or columns
inline constexpr std::uint32_t kMostAccumulatorRows = 65'536;
inline constexpr std::uint32_t kLargestFifo = 64;                        ///< tiles of weights
inline constexpr std::uint64_t kLargestBuffer = std::uint64_t{1} << 30;  ///< bytes
inline constexpr std::uint32_t kDeepestQueue = 1024;                     ///< commands
inline constexpr std::uint32_t kMostOutstanding = 64;  ///< requests of a DMA unit in flight
inline constexpr std::size_t kMostMemories = 8;

}  // namespace systol::isa
