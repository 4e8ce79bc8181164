// The product of one row and a matrix, as fast as the matrix comes from memory.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/fast/gemm.h"

namespace systol {

/// Whether this processor has the instructions.
bool has_row_product();

/// gemm() of one row: shape.m is 1. Only where has_row_product().
void row_product(const GemmLayout& shape, const std::int8_t* a, const std::int8_t* b,
                 std::int32_t* c);

/// Rows of tiles are too short for the processor to see far enough ahead: fetches the `n` bytes of
/// the row that comes so much later. Beyond the last it does no harm.
inline void fetch_ahead(const std::int8_t* row, std::size_t stride, std::size_t n) {
  constexpr std::size_t kRowsAhead = 32;
  constexpr std::size_t kCacheLine = 64;  // bytes
  const auto ahead = reinterpret_cast<std::uintptr_t>(row) + kRowsAhead * stride;
  for (std::size_t byte = 0; byte < n; byte += kCacheLine) {
    __builtin_prefetch(reinterpret_cast<const void*>(ahead + byte));
  }
}

}  // namespace systol
