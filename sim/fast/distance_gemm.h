// Sums of absolute differences in the form of a matrix product: what an array of adders computes.
#pragma once

#include <cstdint>

#include "sim/fast/gemm.h"

namespace systol {

/// c[i][j] (+)= -sum over k of |a[i][k] - b[k][j]| in int32, which wraps, on this thread.
void distance_gemm(const GemmLayout& shape, const std::int8_t* a, const std::int8_t* b,
                   std::int32_t* c);

}  // namespace systol
