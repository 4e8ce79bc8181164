// Matrix multiplication of bf16 with fp32 sums in the order of the array, to the bit.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/base/thread_pool.h"
#include "sim/fast/gemm.h"

namespace systol {

/// c (+)= a b: `a` [m][k] and `b` [k][n] are bf16 at any address, `c` is [m][n], the bits of fp32;
/// the stride of a is in bytes, those of b and c are in values. Of each `tile_depth` values of k
/// the products are summed one after another, and these sums are added to c one after another, as
/// the tiles of a weight-stationary array are. Each product and each sum is rounded to fp32, to the
/// nearest, halves to even. A large product is cut into parts for the pool's threads; without a
/// pool the caller's thread is the only one.
void bf16_gemm(const GemmLayout& shape, std::size_t tile_depth, const void* a, const void* b,
               std::int32_t* c, ThreadPool* pool = nullptr);

}  // namespace systol
