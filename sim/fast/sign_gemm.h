// Products of signs, eight to a byte, in the form of a matrix product: what an array of XNOR PEs
// computes.
#pragma once

#include <cstdint>

#include "sim/fast/gemm.h"

namespace systol {

/// c[i][j] (+)= sum over k of 8 - 2 * (bits in which a[i][k] and b[k][j] differ) in int32, which
/// wraps, on this thread.
void sign_gemm(const GemmLayout& shape, const std::int8_t* a, const std::int8_t* b,
               std::int32_t* c);

}  // namespace systol
