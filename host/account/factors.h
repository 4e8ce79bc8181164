// Counts as factors of energies and areas.
#pragma once

#include <cstdint>

namespace systol {

inline constexpr double kBitsPerByte = 8.0;

/// Exact up to 2^53.
inline double times(std::uint64_t count) { return static_cast<double>(count); }

}  // namespace systol
