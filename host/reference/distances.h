// Sums of distances in the form of matrix products, for both references. Like integer_matmul they
// share nothing with what they check, and include nothing of sim/ or hw/.
#pragma once

#include <cstdint>

#include "host/reference/float_matmul.h"
#include "host/reference/integer_matmul.h"

namespace systol {

/// sums[i][j] = -the sum over l of |a[i][l] - b[l][j]|, modulo 2^32.
void integer_distances(const IntegerMatmulShape& shape, const std::int8_t* a, const std::int8_t* b,
                       std::int32_t* sums);

/// c[i][j] = bias[j] - scale[j] times the sum over l, in its order, of |a[i][l] - b[l][j]|, in
/// double; a null `bias` is zeros, a null `scale` ones.
void float_distances(const FloatMatmulShape& shape, const float* a, const float* b,
                     const float* bias, const float* scale, float* c);

}  // namespace systol
